"""A production with people of every role, tasks and comments; records made directly, the routes of files alone."""

import contextlib
import io
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PIL import Image

from chalicelib.access import tokens
from chalicelib.http.application import VulpesApp
from chalicelib.http.routing import every
from chalicelib.records.entities import ENTITY, ENTITY_TYPE
from chalicelib.records.fields import Kind
from chalicelib.records.files import PREVIEW_FILE
from chalicelib.records.people import ORGANISATION, PERSON
from chalicelib.records.production import API_EVENT, PROJECT, PROJECT_STATUS, TASK_TYPE
from chalicelib.records.record import Record
from chalicelib.records.tasks import COMMENT, NEWS, TASK
from chalicelib.routes import movies, pictures, playlists, previews, uploads
from chalicelib.store import keys, objects, reads, session
from chalicelib.store.changes import write
from tests.client import Api
from tests.prepared import prepared
from tests.unit.record_areas import RECORDS

ROLES = ("admin", "manager", "supervisor", "user", "client", "vendor")
UNKNOWN = "00000000-0000-4000-8000-000000000000"


def create(kind: Kind, **values: Any) -> Record:
    return write(lambda changes: changes.create(kind, values))


def change(record: Record, **values: Any) -> Record:
    return write(lambda changes: changes.update(changes.read(record.kind, record.id), **values))


def picture(width: int = 64, height: int = 36, sort: str = "PNG", mode: str = "RGB") -> bytes:
    target = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert(mode).save(target, sort)
    return target.getvalue()


def size_of(data: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(data)) as image:
        return image.size


class Stage:
    """What the tests stand on. The artist (`user`) and the vendor are assigned to the task `modeling`."""

    def __init__(self) -> None:
        self.people = {role: self.person(role) for role in (*ROLES, "stranger")}
        status = create(PROJECT_STATUS, name="Open", color="#000000")
        team = [self.people[role].id for role in ROLES if role != "admin"]
        self.project = create(PROJECT, name="Caminandes", team=team, project_status_id=status.id)
        create(ORGANISATION, name="Kitsu")
        self.types = {name: create(ENTITY_TYPE, name=name) for name in ("Character", "Sequence", "Shot")}
        self.modeling_type = create(TASK_TYPE, name="Modeling", color="#000000")
        self.animation_type = create(TASK_TYPE, name="Animation", color="#000000")
        self.lama = self.entity("Lama", "Character")
        self.sequence = self.entity("SQ01", "Sequence")
        self.shot = self.entity("SH010", "Shot", parent_id=self.sequence.id)
        self.modeling = self.task(self.lama, self.modeling_type, "user", "vendor")
        self.animation = self.task(self.shot, self.animation_type, "user")
        self.comment = self.comment_on(self.modeling)

    def person(self, role: str) -> Record:
        known = role if role in ROLES else "user"
        return create(PERSON, first_name=role, last_name="Doe", email=f"{role}@example.com", role=known)

    def entity(self, name: str, kind: str, **values: Any) -> Record:
        entity_type_id = self.types[kind].id
        return create(ENTITY, name=name, project_id=self.project.id, entity_type_id=entity_type_id, **values)

    def task(self, entity: Record, task_type: Record, *assigned: str) -> Record:
        assignees = [self.people[name].id for name in assigned]
        values = {"entity_id": entity.id, "task_type_id": task_type.id, "assignees": assignees}
        return create(TASK, name="main", project_id=self.project.id, **values)

    def comment_on(self, task: Record, text: str = "Here it is") -> Record:
        author = self.people["admin"].id
        comment = create(COMMENT, object_id=task.id, object_type="Task", text=text, person_id=author)
        create(NEWS, author_id=author, comment_id=comment.id, task_id=task.id)
        return comment

    def now(self, record: Record) -> Record:
        return reads.get(record.kind, record.id)

    def preview(self, preview_id: str) -> Record:
        return reads.get(PREVIEW_FILE, preview_id)

    def events(self, name: str | None = None) -> list[Record]:
        """The events of that name, or all about previews, in the order of their writing."""
        homes = (keys.home_of_owner(self.project.id), "studio")
        found = [one for home in homes for one in reads.query(API_EVENT, home)]
        found.sort(key=lambda one: one["created_at"])
        return [one for one in found if one["name"] == name or name is None]


class Studio(Api):
    """The routes of files, asked by any of the people."""

    areas = (*RECORDS, movies.area, pictures.area, playlists.area, previews.area, uploads.area)

    def __init__(self, stage: Stage) -> None:
        areas = list(self.areas)
        super().__init__(VulpesApp("files", routes=every(areas), around=self._opened))
        self.stage = stage
        # How many requests to the database the last request took.
        self.cost = 0
        self.tokens = {role: tokens.issue(person) for role, person in stage.people.items()}

    @contextlib.contextmanager
    def _opened(self) -> Iterator[None]:
        with session.opened() as made:
            yield
            self.cost = made.call_count

    def slot(self, comment: Record | None = None, user: str = "user", **body: Any) -> dict[str, Any]:
        """A preview file on a comment, without a file yet."""
        comment = comment or self.stage.comment
        path = f"/actions/tasks/{comment['object_id']}/comments/{comment.id}/add-preview"
        made = self.post(path, body, user=user)
        assert made.status == 201, made.content
        row: dict[str, Any] = made.json
        return row

    def send(self, preview: dict[str, Any], name: str, data: bytes, user: str = "user", query: str = "") -> Any:
        return self.upload(f"/pictures/preview-files/{preview['id']}{query}", name, data, user=user)

    def fetched(self, path: str, **more: Any) -> bytes:
        """The bytes of a stored file, whether they come with the answer or from the bucket."""
        got = self.get(path, **more)
        if got.status != 302:
            assert got.status == 200, got.content
            return bytes(got.content)
        with urllib.request.urlopen(got.headers["location"]) as answer:
            return bytes(answer.read())

    def published(self, name: str = "turn.png", data: bytes | None = None, comment: Record | None = None) -> Any:
        """A preview file with a file in it; its row."""
        row = self.slot(comment)
        sent = self.send(row, name, data or picture())
        assert sent.status == 201, sent.content
        return sent.json


@pytest.fixture
def stage(table: str) -> Stage:
    return prepared(Stage)


@pytest.fixture
def api(stage: Stage, bucket: str) -> Studio:
    return Studio(stage)


@pytest.fixture
def stored() -> Callable[[str], list[str]]:
    """The names of the objects below a prefix."""
    return lambda prefix: [found.key for found in objects.listed(prefix)]
