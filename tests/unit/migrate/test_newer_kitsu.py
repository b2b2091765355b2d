"""A Kitsu of another generation as the source: more keys, fewer routes, pages where lists were."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from chalicelib.domain.publishing import working_file_content
from chalicelib.records.files import WORKING_FILE
from chalicelib.records.tasks import COMMENT, TASK
from chalicelib.store import objects, reads
from infra.local.server import HttpServer, bind
from infra.local.wire import Reply, Request
from infra.migrate import source as reading
from infra.migrate.kitsu import Migration, Tallies
from infra.migrate.progress import Progress
from infra.migrate.report import differ, report
from infra.migrate.source import Source, SourceProblem
from infra.migrate.state import State
from tests.client import ADMIN
from tests.unit.migrate.test_kitsu import OtherStudio, differences, new

pytestmark = pytest.mark.slow

_PAGE = 2


class Newer:
    """The other studio behind a server that pages all lists, tells more, and has not all routes."""

    def __init__(self) -> None:
        self.studio = OtherStudio()
        self.lists = self.studio.lists
        self.files = dict(self.studio.files)
        self.lacks: dict[str, int] = {}
        self.asked: list[str] = []
        software = new(name="Blender", short_name="bl", file_extension="blend")
        task = {"task_id": self.studio.task["id"], "entity_id": self.studio.asset["id"]}
        self.empty, self.scene = (
            new(name=name, software_id=software["id"], revision=1, **task) for name in ("empty", "scene")
        )
        self.lists["/data/softwares"] = [software]
        self.lists["/data/working-files"] = [self.empty, self.scene]
        self.files[f"/data/working-files/{self.scene['id']}/file"] = b"BLENDER"

    def __call__(self, request: Request) -> Reply:
        path = request.path.removeprefix("/api")
        self.asked.append(path)
        told: dict[str, object] = {
            "/": {"api": "Zou", "version": "1.0.14", "flags": []},
            "/auth/login": {"access_token": "token", "user": {}, "ldap": False},
            "/auth/authenticated": {"authenticated": True, "user": {**self.studio.admin, "projects": []}},
        }
        if path in told:
            return _json(told[path])
        if path in self.files:
            return Reply(200, [], self.files[path])
        if path in self.lacks or path.startswith(("/pictures/", "/movies/", "/data/working-files/")):
            # The content of a working file that has none breaks it.
            return _json({"message": "no such thing"}, self.lacks.get(path, 500 if "working" in path else 404))
        return self._page(path, dict(parse_qsl(request.query)))

    def _page(self, path: str, query: dict[str, str]) -> Reply:
        wanted = query.get("project_id")
        rows = [row for row in self.lists.get(path, []) if wanted is None or row["project_id"] == wanted]
        number = int(query["page"])
        shown = [{**row, "reviewers": [{"id": "x"}], "new_in_1": {"deep": 1}} for row in rows]
        page = shown[(number - 1) * _PAGE : number * _PAGE]
        return _json({"data": page, "total": len(rows), "limit": _PAGE, "page": number, "is_last": True})


def _json(body: object, status: int = 200) -> Reply:
    return Reply(status, [("Content-Type", "application/json")], json.dumps(body).encode())


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch) -> Newer:
    monkeypatch.setattr(reading.time, "sleep", lambda _: None)
    return Newer()


class Move:
    """Moves the other studio here, over HTTP."""

    def __init__(self, url: str, state: Path) -> None:
        self.url = url
        self.state = state

    def __call__(self, files: bool = True) -> Tallies:
        source = Source(self.url, ADMIN, "secret")
        try:
            source.open()
            return Migration(source, State(self.state, source.url), Progress(io.StringIO()), (), files).run()
        finally:
            source.close()


@pytest.fixture
def move(newer: Newer, table: str, bucket: str, tmp_path: Path) -> Iterator[Move]:
    server = HttpServer(bind(0), newer)
    server.start()
    yield Move(f"http://127.0.0.1:{server.port}", tmp_path / "state.json")
    server.stop()


def test_pages_and_keys_that_nobody_knows_are_no_obstacle(newer: Newer, move: Move) -> None:
    for number in range(5):
        newer.lists["/data/tasks"].append({**newer.studio.task, **new(name=f"task {number}")})
    found = move()
    assert (differences(found), differ(found)) == ([], False)
    assert found["task"].here == found["task"].written == 6
    task = reads.get(TASK, newer.studio.task["id"])
    assert (task["name"], "new_in_1" in task, "reviewers" in task) == ("main", False, False)
    assert move()["task"].written == 0


@pytest.mark.parametrize("status", [404, 405, 410, 501])
def test_routes_that_are_not_there_are_told_in_the_table(newer: Newer, move: Move, status: int) -> None:
    below = f"/data/projects/{newer.studio.project['id']}"
    gone = ["/data/file-status", "/data/salary-scales", "/data/projects/open", f"{below}/news", f"{below}/budgets"]
    newer.lacks = dict.fromkeys(gone, status)
    found = move()
    assert differences(found) == []
    assert differ(found)
    lines = list(report(found))
    for table, path in (("file_status", gone[0]), ("salary_scale", gone[1]), ("news", gone[3]), ("budget", gone[4])):
        assert f"{table}: the other server has no {path}" in lines
        assert any(line.startswith(table) and line.split()[1] == "-" for line in lines)
    assert found["comment"].here == 1


@pytest.mark.parametrize("path", ["/data/persons", "/data/entities"])
def test_without_what_all_hangs_on_nothing_is_moved(newer: Newer, move: Move, path: str) -> None:
    newer.lacks = {path: 404}
    with pytest.raises(SourceProblem, match=path):
        move()


def test_a_field_of_another_sort_is_left_out_and_told(newer: Newer, move: Move) -> None:
    newer.studio.task["priority"] = {"level": "high"}
    newer.studio.comment["text"] = ["a", "list"]
    newer.studio.task["assignees"] = [{"person": 1}]
    found = move()
    assert sorted(differences(found)) == [
        f"Comment {newer.studio.comment['id']}: text is of another sort there, and left out",
        f"Task {newer.studio.task['id']}: assignees is of another sort there, and left out",
        f"Task {newer.studio.task['id']}: priority is of another sort there, and left out",
    ]
    assert reads.get(TASK, newer.studio.task["id"])["priority"] == TASK.by_name["priority"].default
    assert reads.get(COMMENT, newer.studio.comment["id"])["person_id"] == newer.studio.artist["id"]


def test_fields_that_are_gone_there_are_as_of_a_new_record(newer: Newer, move: Move) -> None:
    for name in ("task_status_id", "previews"):
        del newer.studio.comment[name]
    del newer.studio.attachment["size"]
    found = move()
    assert differences(found) == []
    assert reads.get(COMMENT, newer.studio.comment["id"])["previews"] == []


def test_the_content_of_working_files_comes_along(newer: Newer, move: Move) -> None:
    found = move(files=False)
    assert reads.get(WORKING_FILE, newer.scene["id"])["stored"] is None
    found = move()
    assert differences(found) == []
    scene: Any = reads.get(WORKING_FILE, newer.scene["id"])
    stored = working_file_content.stored_file(scene)
    assert objects.get(stored.key) == b"BLENDER"
    assert reads.get(WORKING_FILE, newer.empty["id"])["stored"] is None
    address = f"/data/working-files/{newer.scene['id']}/file"
    asked = newer.asked.count(address)
    assert move()["working_file"].written == 0
    assert newer.asked.count(address) == asked
    newer.scene |= {"updated_at": "2099-01-01T00:00:00"}
    newer.files[address] = b"BLENDER 2"
    move()
    scene = reads.get(WORKING_FILE, newer.scene["id"])
    assert objects.get(working_file_content.stored_file(scene).key) == b"BLENDER 2"
