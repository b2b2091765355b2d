"""The data folder of the local server is its owner's alone."""

import stat
from pathlib import Path

from infra.local.folder import DataFolder, Progress
from infra.local.mail import MailFolder
from infra.local.objects import ObjectStore


def modes(folder: Path) -> dict[str, int]:
    return {str(one.relative_to(folder)): stat.S_IMODE(one.stat().st_mode) for one in (folder, *folder.rglob("*"))}


def test_nobody_else_reads_what_is_in_it(tmp_path: Path) -> None:
    path = tmp_path / "data"
    (path / "files").mkdir(parents=True, mode=0o755)
    (path / "files" / "old").write_bytes(b"from before")
    with DataFolder(path) as folder:
        folder.acquire()
        folder.secret()
        Progress(path / "progress.json").note("stream", 1)
        ObjectStore(path / "files").close()
        MailFolder(path / "mail")
        (path / "requests.log").open("a").close()
        found = modes(path)
    assert {"secret", "progress.json", "files/old", "files/index.db", "requests.log", "lock"} <= found.keys()
    for name, mode in found.items():
        assert mode == (0o700 if (path / name).is_dir() else 0o600), name


def test_the_process_writes_as_before_once_it_is_released(tmp_path: Path) -> None:
    def mode_of(name: str) -> int:
        (tmp_path / name).touch()
        return stat.S_IMODE((tmp_path / name).stat().st_mode)

    before = mode_of("before")
    with DataFolder(tmp_path / "data") as folder:
        folder.acquire()
        assert mode_of("meanwhile") == 0o600
    assert mode_of("after") == before
