"""What a migration does with what is here already, and with what the other studio cannot give."""

import contextlib
import io
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chalicelib.records.people import PERSON
from chalicelib.records.tasks import TASK
from chalicelib.store import reads
from infra.migrate.kitsu import Migration, Tallies
from infra.migrate.progress import Progress
from infra.migrate.report import report
from infra.migrate.source import BrokenOff, Missing, Source, SourceProblem
from infra.migrate.state import State
from infra.migrate.target import Conflict
from tests.client import ADMIN, PASSWORD, Api

pytestmark = pytest.mark.slow

Row = dict[str, Any]
MOMENT = "2024-03-08T10:00:00"


def new(**fields: Any) -> Row:
    return {"id": str(uuid.uuid4()), "created_at": MOMENT, "updated_at": MOMENT, **fields}


class OtherStudio(Source):
    """A studio as its API shows it, rows by route, files by address; ids are those that PostgreSQL gives."""

    def __init__(self) -> None:
        super().__init__("http://other.example", ADMIN, "secret")
        status, todo = new(name="Open", color="#000000"), new(name="Todo", short_name="todo", color="#f5f5f5")
        modeling = new(name="Modeling", for_entity="Asset", color="#78909C", priority=1)
        prop = new(name="Prop", task_types=[])
        self.admin = new(first_name="Super", last_name="Admin", email=ADMIN.upper(), role="admin", has_avatar=True)
        self.artist = new(first_name="Ada", last_name="Doe", email="ada@example.com", role="user", totp_enabled=True)
        lists = {"team": [self.artist["id"]], "task_types": [modeling["id"]], "task_statuses": [todo["id"]]}
        self.project = new(name="Sintel", project_status_id=status["id"], **lists)
        below = f"/data/projects/{self.project['id']}"
        project = {"project_id": self.project["id"]}
        self.asset = new(name="Chair", entity_type_id=prop["id"], type="Asset", **project)
        named = {"task_type_id": modeling["id"], "task_status_id": todo["id"], "entity_id": self.asset["id"]}
        self.task = new(name="main", priority=0, assignees=[self.artist["id"]], **named, **project)
        self.preview = new(name="p", task_id=self.task["id"], extension="png", status="ready", revision=1)
        said = {"object_id": self.task["id"], "object_type": "Task", "task_status_id": todo["id"], "text": "Rounder"}
        self.comment = new(person_id=self.artist["id"], previews=[self.preview["id"]], **said)
        self.attachment = new(name="note.txt", extension="txt", size=4, comment_id=self.comment["id"])
        self.lists: dict[str, list[Row]] = {
            "/data/organisations": [new(name="Blender", hours_by_day=8)],
            "/data/project-status": [status],
            "/data/task-status": [todo],
            "/data/task-types": [modeling],
            "/data/entity-types": [prop],
            "/data/persons": [self.admin, self.artist],
            "/data/projects": [self.project],
            "/data/projects/open": [{**self.project, "task_types_priority": {modeling["id"]: 4}}],
            "/data/entities": [self.asset],
            "/data/tasks": [self.task],
            f"{below}/comments": [self.comment],
            f"{below}/preview-files": [self.preview],
            f"{below}/attachment-files": [self.attachment],
        }
        self.files = {
            f"/pictures/originals/preview-files/{self.preview['id']}.png": b"original",
            f"/pictures/thumbnails/preview-files/{self.preview['id']}.png": b"thumbnail",
            f"/data/attachment-files/{self.attachment['id']}/file/{self.attachment['id']}": b"word",
            f"/pictures/thumbnails/persons/{self.admin['id']}.png": b"face",
        }
        self.person_id = self.admin["id"]
        self.breaks = 0

    def get(self, path: str, **query: Any) -> Any:
        wanted = query.get("project_id")
        return [row for row in self.lists.get(path, []) if wanted is None or row["project_id"] == wanted]

    def rows(self, path: str, **query: Any) -> Iterator[list[Row]]:
        yield self.get(path, **query)

    @contextlib.contextmanager
    def file(self, path: str, may_break: bool = False) -> Iterator[Iterator[bytes]]:
        del may_break
        if path not in self.files:
            raise Missing(path)
        yield self._chunks(self.files[path])

    def _chunks(self, data: bytes) -> Iterator[bytes]:
        yield data[:3]
        if self.breaks:
            self.breaks -= 1
            raise BrokenOff("the line is bad")
        yield data[3:]


@pytest.fixture
def other() -> OtherStudio:
    return OtherStudio()


class Here:
    """Moves the other studio into that of the test."""

    def __init__(self, other: OtherStudio, folder: Path) -> None:
        self.other = other
        self.folder = folder

    def migration(self, *names: str, files: bool = True) -> Migration:
        state = State(self.folder / "state.json", self.other.url)
        return Migration(self.other, state, Progress(io.StringIO()), names, files)

    def move(self, *names: str, files: bool = True) -> Tallies:
        return self.migration(*names, files=files).run()


@pytest.fixture
def here(other: OtherStudio, bucket: str, tmp_path: Path) -> Here:
    return Here(other, tmp_path)


def differences(found: Tallies) -> list[str]:
    return [line for tally in found.values() for line in tally.differs]


def test_an_empty_studio_becomes_the_other_one(here: Here, table: str) -> None:
    found = here.move()
    assert differences(found) == []
    assert "Nothing differs." in list(report(found))
    assert found["task"].there == found["task"].here == found["task"].written == 1
    task = reads.get(TASK, here.other.task["id"])
    assert task["created_at"][:19] == MOMENT
    assert task["assignees"] == [here.other.artist["id"]]


def test_nobody_is_asked_for_a_second_factor_that_is_not_here(here: Here, table: str) -> None:
    here.move()
    person = reads.get(PERSON, here.other.artist["id"])
    assert not person["totp_enabled"]
    assert person["password"] is None


def test_default_data_makes_room_and_the_administrator_signs_in_as_before(here: Here, api: Api) -> None:
    found = here.move()
    assert differences(found) == []
    assert api.sign_in()["id"] == here.other.admin["id"]
    assert [one["name"] for one in api.get("/data/task-types").json] == ["Modeling"]
    assert [one["name"] for one in api.get("/data/projects/open").json] == ["Sintel"]
    task = here.other.task["id"]
    assert [one["text"] for one in api.get(f"/data/tasks/{task}/comments").json] == ["Rounder"]
    assert api.get("/data/projects/open").json[0]["task_types_priority"] == {
        here.other.lists["/data/task-types"][0]["id"]: 4
    }


def test_files_are_served_as_they_were(here: Here, api: Api) -> None:
    here.move()
    api.sign_in()
    preview = here.other.preview["id"]
    assert api.get(f"/pictures/originals/preview-files/{preview}.png").content == b"original"
    assert api.get(f"/pictures/thumbnails/preview-files/{preview}.png").content == b"thumbnail"
    assert api.get(f"/movies/originals/preview-files/{preview}.mp4").status == 404
    assert api.get(f"/data/attachment-files/{here.other.attachment['id']}/file/note.txt").content == b"word"
    assert api.get(f"/pictures/thumbnails/persons/{here.other.admin['id']}.png").content == b"face"


def test_files_may_come_later(here: Here, table: str) -> None:
    assert differences(here.move(files=False)) == []
    found = here.move()
    assert found["preview_file"].written == found["attachment_file"].written == 1
    assert here.move()["preview_file"].written == 0


def test_a_file_that_is_not_there_is_told_and_asked_for_again(here: Here, table: str) -> None:
    address = f"/pictures/originals/preview-files/{here.other.preview['id']}.png"
    data = here.other.files.pop(address)
    assert differences(here.move()) == [f"PreviewFile {here.other.preview['id']}: its file is not there"]
    here.other.files[address] = data
    assert differences(here.move()) == []


def test_files_that_break_off_are_fetched_again(here: Here, api: Api) -> None:
    here.other.breaks = 3
    assert differences(here.move()) == []
    api.sign_in()
    preview = here.other.preview["id"]
    assert api.get(f"/pictures/originals/preview-files/{preview}.png").content == b"original"


def test_what_was_changed_here_since_stays_and_is_told(here: Here, api: Api) -> None:
    here.move()
    api.sign_in()
    api.put(f"/data/tasks/{here.other.task['id']}", {"priority": 3})
    assert differences(here.move()) == [f"Task {here.other.task['id']}: changed here since, and left as it is"]
    here.other.task |= {"estimation": 60.0, "updated_at": "2099-01-01T00:00:00"}
    assert differences(here.move()) == []
    assert reads.get(TASK, here.other.task["id"])["estimation"] == 60.0


def test_what_is_here_alone_is_told_and_stays(here: Here, api: Api) -> None:
    here.move()
    api.sign_in()
    path = f"/data/projects/{here.other.project['id']}/asset-types/{here.other.asset['entity_type_id']}/assets/new"
    made = api.post(path, {"name": "Table"})
    assert f"Entity {made['id']}: here alone" in differences(here.move())
    assert api.get(f"/data/assets/{made['id']}").status == 200


def test_a_studio_with_productions_of_its_own_keeps_its_names(here: Here, api: Api) -> None:
    api.post("/data/projects", {"name": "Caminandes"})
    with pytest.raises(Conflict, match="empty studio"):
        here.move()


def test_one_production_comes_alone_and_another_later(here: Here, table: str) -> None:
    second = new(name="Elephants", project_status_id=here.other.project["project_status_id"], team=[])
    here.other.lists["/data/projects"].append(second)
    assert here.move("Sintel")["project"].here == 1
    assert differences(here.move("Elephants")) == []
    assert here.move()["project"].here == 2


def test_an_unknown_production_is_refused(here: Here, table: str) -> None:
    with pytest.raises(SourceProblem, match="Nope"):
        here.move("Nope")


def test_a_run_that_was_cut_off_does_not_look_at_done_productions_again(here: Here, table: str) -> None:
    second = new(name="Elephants", project_status_id=here.other.project["project_status_id"], team=[])
    here.other.lists["/data/projects"].append(second)
    path = f"/data/projects/{second['id']}/comments"
    here.other.lists[path] = [{"text": "what has no id breaks the run"}]
    with pytest.raises(KeyError):
        here.move()
    here.other.lists[path] = []
    here.other.lists["/data/tasks"].clear()
    found = here.move()
    assert found["task"].there == 1, "told from what the first run noted"
    assert here.move()["task"].there == 0


def test_letters_go_to_those_without_a_password_once(here: Here, table: str) -> None:
    migration = here.migration()
    migration.run()
    migration.keep_password(PASSWORD)
    assert migration.send_letters() == 1
    assert here.migration().send_letters() == 0


def test_the_administrator_who_moves_the_studio_signs_in_with_the_same_password(here: Here, table: str) -> None:
    from app import app

    migration = here.migration()
    migration.run()
    migration.keep_password(PASSWORD)
    assert Api(app).sign_in()["id"] == here.other.admin["id"]
    assert differences(here.move()) == []
