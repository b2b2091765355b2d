"""gazu sends files that no request on AWS holds: one line in a script, nothing else changed."""

import hashlib
import io
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gazu
import pytest
import requests

import vulpes_client
from tests.stack.test_quickstart import Server, quickstart, running
from vulpes_client import parts
from vulpes_client.progress import Bar

# gazu leaves the files it uploads open.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")]
CONTENT = random.Random(3).randbytes(20_000_000)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running("--memory", "--empty", "--as-on-aws") as started:
        gazu.set_host(f"{started.url}/api")
        gazu.log_in(quickstart.EMAIL, quickstart.PASSWORD)
        yield started


@pytest.fixture
def task(server: Server) -> dict[str, Any]:
    project = gazu.project.get_project_by_name("Rope") or gazu.project.new_project("Rope")
    modeling = gazu.task.get_task_type_by_name("Modeling")
    gazu.project.add_task_type(project, modeling, 1)
    kind = gazu.asset.get_asset_type_by_name("Prop")
    asset = gazu.asset.new_asset(project, kind, f"Knot {random.random()}")
    made: dict[str, Any] = gazu.task.new_task(asset, modeling)
    return made


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "knot.zip"
    path.write_bytes(CONTENT)
    return path


@pytest.fixture(autouse=True)
def given_back() -> Iterator[None]:
    yield
    vulpes_client.uninstall()


def slot(task: dict[str, Any]) -> dict[str, Any]:
    comment = gazu.task.add_comment(task, gazu.task.get_task_status_by_short_name("wip"), "Turn")
    made: dict[str, Any] = gazu.task.create_preview(task, comment)
    return made


def original(preview: dict[str, Any]) -> bytes:
    address = f"{gazu.client.get_host()}/pictures/originals/preview-files/{preview['id']}.zip"
    return requests.get(address, headers=gazu.client.make_auth_header(), timeout=60).content


def when_ready(preview: dict[str, Any]) -> dict[str, Any]:
    for _ in range(2000):
        found: dict[str, Any] = gazu.files.get_preview_file(preview["id"])
        if found["status"] != "processing":
            return found
    raise AssertionError("it stays in processing")


def test_without_it_a_large_file_is_refused(task: dict[str, Any], archive: Path) -> None:
    with pytest.raises((gazu.exception.TooBigFileException, requests.ConnectionError)):
        gazu.task.upload_preview_file(slot(task), str(archive))


def test_a_large_preview_arrives_as_it_is(task: dict[str, Any], archive: Path) -> None:
    seen: list[int] = []
    vulpes_client.install(progress=lambda there, size: seen.append(there))
    preview = slot(task)
    row = gazu.task.upload_preview_file(preview, str(archive))
    assert row["id"] == preview["id"]
    assert when_ready(preview)["status"] == "ready"
    assert hashlib.sha256(original(preview)).digest() == hashlib.sha256(CONTENT).digest()
    assert (seen[0], seen[-1]) == (0, len(CONTENT))


def test_an_upload_goes_on_where_it_was_cut_off(task: dict[str, Any], archive: Path) -> None:
    preview, seen = slot(task), []

    def cut_off(there: int, size: int) -> None:
        if there:
            raise KeyboardInterrupt

    vulpes_client.install(progress=cut_off)
    with pytest.raises(KeyboardInterrupt):
        gazu.task.upload_preview_file(preview, str(archive))
    vulpes_client.install(progress=lambda there, size: seen.append(there))
    gazu.task.upload_preview_file(preview, str(archive))
    assert seen[0] >= 8 * 1024**2, "what arrived is not sent again"
    when_ready(preview)
    assert original(preview) == CONTENT


def test_a_part_is_sent_again_when_the_line_breaks(
    task: dict[str, Any], archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, broken = requests.put, []

    def breaking(url: str, **more: Any) -> requests.Response:
        if not broken:
            broken.append(url)
            raise requests.ConnectionError("The line broke.")
        return put(url, **more)

    monkeypatch.setattr(parts.requests, "put", breaking)
    vulpes_client.install(progress=False)
    preview = slot(task)
    gazu.task.upload_preview_file(preview, str(archive))
    when_ready(preview)
    assert (len(broken), original(preview)) == (1, CONTENT)


def test_a_working_file_goes_the_same_way(task: dict[str, Any], archive: Path) -> None:
    vulpes_client.install(progress=False)
    gazu.files.set_project_file_tree(task["project_id"], "default")
    working = gazu.files.new_working_file(task, name="main")
    gazu.files.upload_working_file(working, str(archive))
    assert (
        requests.get(
            f"{gazu.client.get_host()}/data/working-files/{working['id']}/file",
            headers=gazu.client.make_auth_header(),
            timeout=60,
        ).content
        == CONTENT
    )


def test_what_the_api_refuses_is_raised_as_gazu_does(task: dict[str, Any], tmp_path: Path) -> None:
    vulpes_client.install(progress=False)
    path = tmp_path / "knot.exe"
    path.write_bytes(CONTENT[:5_000_000])
    with pytest.raises(gazu.exception.ParameterException):
        gazu.task.upload_preview_file(slot(task), str(path))


def test_small_files_go_the_way_they_always_went(task: dict[str, Any], tmp_path: Path) -> None:
    vulpes_client.install()
    path = tmp_path / "small.png"
    path.write_bytes(quickstart.picture())
    assert gazu.task.upload_preview_file(slot(task), str(path))["extension"] == "png"


def test_the_bar_is_drawn_where_somebody_looks() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal, file = Terminal(), io.StringIO()
    for stream in (terminal, file):
        bar = Bar("/films/knot.mov", stream)
        bar(0, 60_000_000)
        bar(60_000_000, 60_000_000)
    assert file.getvalue() == ""
    assert terminal.getvalue().endswith(f"\rknot.mov [{'#' * 30}] 60 of 60 MB\n")
