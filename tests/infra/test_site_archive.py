"""The web interface that an operator brings: a small one made here, as release archives are."""

import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from infra.site import archive as archives
from infra.site.archive import Site, SiteProblem

FILES = {
    "index.html": b"<!doctype html><script src=/assets/app-1a2b3c4d.js></script>",
    "assets/app-1a2b3c4d.js": b"document.title = 'studio'",
    "favicon.ico": b"\0",
    "img/kitsu.png": b"\x89PNG",
}


def archive(path: Path, files: dict[str, bytes], folder: str = "kitsu-0.20.57/") -> Path:
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as zipped:
            for name, content in files.items():
                zipped.writestr(folder + name, content)
        return path
    with tarfile.open(path, "w:gz") as tarred:
        for name, content in files.items():
            entry = tarfile.TarInfo(folder + name)
            entry.size = len(content)
            tarred.addfile(entry, io.BytesIO(content))
    return path


@pytest.mark.parametrize("name", ["kitsu.tgz", "kitsu.zip"])
@pytest.mark.parametrize("folder", ["", "./", "kitsu-0.20.57/", "package/dist/"])
def test_an_archive_is_read_whatever_folder_is_in_it(tmp_path: Path, name: str, folder: str) -> None:
    read = Site.read(archive(tmp_path / name, FILES, folder))
    assert {path: file.content for path, file in read.files.items()} == FILES


def test_a_folder_is_read_as_it_is(tmp_path: Path) -> None:
    for name, content in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    assert Site.read(tmp_path).files.keys() == FILES.keys()


def test_addresses_of_the_application_get_its_page(tmp_path: Path) -> None:
    read = Site.read(archive(tmp_path / "kitsu.tgz", FILES))
    page = read.find("/")
    assert page is not None
    assert page.content_type == "text/html; charset=utf-8"
    assert read.find("/productions/3fa85f64-5717-4562-b3fc-2c963f66afa6/shots") is page
    assert read.find("/index.html") is page


def test_a_file_that_is_not_there_is_not_the_page(tmp_path: Path) -> None:
    read = Site.read(archive(tmp_path / "kitsu.tgz", FILES))
    assert read.find("/assets/app-00000000.js") is None
    assert read.find("/../secret.txt") is None


def test_what_never_changes_is_kept_for_ever_and_the_page_is_not(tmp_path: Path) -> None:
    read = Site.read(archive(tmp_path / "kitsu.tgz", FILES))
    kept = {name: file.cache_control for name, file in read.files.items()}
    assert "immutable" in kept["assets/app-1a2b3c4d.js"]
    assert kept["index.html"] == kept["img/kitsu.png"] == "no-cache"


@pytest.mark.parametrize("name", ["../index.html", "a/../../b", "/etc/passwd", "..\\x"])
def test_a_path_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(SiteProblem, match="leads out"):
        Site.read(archive(tmp_path / "kitsu.tgz", {"index.html": b"", name: b""}, folder=""))


def test_what_is_no_web_interface_is_refused_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SiteProblem, match="There is no"):
        Site.read(tmp_path / "missing.tgz")
    (tmp_path / "text.tgz").write_text("no archive")
    with pytest.raises(SiteProblem, match="cannot be read"):
        Site.read(tmp_path / "text.tgz")
    with pytest.raises(SiteProblem, match=r"no index\.html"):
        Site.read(archive(tmp_path / "empty.tgz", {"readme.txt": b""}))
    monkeypatch.setattr(archives, "MOST_BYTES", 20)
    with pytest.raises(SiteProblem, match="more than"):
        Site.read(archive(tmp_path / "large.tgz", FILES))


def test_links_in_an_archive_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "kitsu.tgz"
    with tarfile.open(path, "w:gz") as tarred:
        page = tarfile.TarInfo("index.html")
        tarred.addfile(page)
        link = tarfile.TarInfo("passwd")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tarred.addfile(link)
    assert set(Site.read(path).files) == {"index.html"}
