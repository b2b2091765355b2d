"""What the tests of tasks and comments stand on: a production with people of every role, and a client of the routes.

Records are made directly, without events; only the routes of the area are there.
"""

import contextlib
import json
from collections.abc import Iterator, Sequence
from typing import Any

from chalicelib.access import tokens
from chalicelib.access.caller import Caller
from chalicelib.http.application import VulpesApp
from chalicelib.http.routing import Area, every
from chalicelib.records.entities import ENTITY, ENTITY_TYPE
from chalicelib.records.fields import Kind
from chalicelib.records.people import DEPARTMENT, NOTIFICATION, ORGANISATION, PERSON
from chalicelib.records.production import API_EVENT, PROJECT, PROJECT_STATUS, TASK_STATUS, TASK_TYPE
from chalicelib.records.record import Record
from chalicelib.records.tasks import COMMENT, NEWS, TASK
from chalicelib.routes import assignments, comments, quotas, tasks, time_sheets, time_spents, todos, working_files
from chalicelib.store import keys, reads, session
from chalicelib.store.changes import write
from tests.client import Api
from tests.unit.record_areas import RECORDS

ROLES = ("admin", "manager", "supervisor", "user", "client", "vendor")
UNKNOWN = "00000000-0000-4000-8000-000000000000"
# Short names of the statuses, and what is true of each.
STATUSES: dict[str, dict[str, Any]] = {
    "todo": {"is_default": True},
    "wip": {},
    "wfa": {"is_feedback_request": True},
    "retake": {"is_retake": True},
    "done": {"is_done": True},
    "inside": {"is_client_allowed": False},
    "neutral": {"is_default": True, "for_concept": True},
}
# Task types, and the kind of entity each is for.
TYPES = {"Modeling": "Asset", "Shading": "Asset", "Animation": "Shot", "Lighting": "Shot", "Concept": "Concept"}


def create(kind: Kind, **values: Any) -> Record:
    return write(lambda changes: changes.create(kind, values))


def change(record: Record, **values: Any) -> Record:
    return write(lambda changes: changes.update(changes.read(record.kind, record.id), **values))


def now(record: Record) -> Record:
    """The record as it is stored now."""
    return reads.get(record.kind, record.id)


class Stage:
    """A production with a team; the artist (`user`) and the vendor are assigned to the task `task`."""

    def __init__(self) -> None:
        self.departments = {name: create(DEPARTMENT, name=name, color="#000000") for name in ("Modeling", "Animation")}
        self.people = {role: self.person(role) for role in ROLES}
        self.people["stranger"] = self.person("stranger", role="manager")
        self.open = create(PROJECT_STATUS, name="Open", color="#000000")
        self.team = [self.people[role].id for role in ROLES if role != "admin"]
        self.project = create(PROJECT, name="Caminandes", team=self.team, project_status_id=self.open.id)
        create(ORGANISATION, name="Kitsu")
        names = ("Character", "Sequence", "Shot", "Episode", "Scene", "Edit", "Concept")
        self.kinds = {name: create(ENTITY_TYPE, name=name) for name in names}
        self.statuses = {
            name: create(TASK_STATUS, name=name.capitalize(), short_name=name, color="#000000", **values)
            for name, values in STATUSES.items()
        }
        self.types = {name: self._type(name, kind) for name, kind in TYPES.items()}
        self.lama = self.entity("Lama", "Character")
        self.sequence = self.entity("SQ01", "Sequence")
        self.shot = self.entity("SH010", "Shot", parent_id=self.sequence.id)
        self.task = self.task_on(self.lama, "Modeling", "user", "vendor")

    def _type(self, name: str, kind: str) -> Record:
        department = self.departments.get(name)
        return create(TASK_TYPE, name=name, for_entity=kind, department_id=department.id if department else None)

    def person(self, name: str, role: str | None = None, **values: Any) -> Record:
        values = {"first_name": name.capitalize(), "last_name": "Doe", "email": f"{name}@example.com", **values}
        return create(PERSON, role=role or name, **values)

    def join(self, name: str, role: str = "user", **values: Any) -> Record:
        """One more person of the team."""
        self.people[name] = self.person(name, role, **values)
        self.set(team=[*now(self.project)["team"], self.people[name].id])
        return self.people[name]

    def set(self, **values: Any) -> None:
        """Changes the production."""
        self.project = change(self.project, **values)
        session.current().stamp = None

    def caller(self, name: str) -> Caller:
        return Caller(self.people[name])

    def production(self, name: str, team: tuple[str, ...] = ()) -> Record:
        ids = [self.people[one].id for one in team]
        return create(PROJECT, name=name, team=ids, project_status_id=self.open.id)

    def entity(self, name: str, kind: str, **values: Any) -> Record:
        values = {"project_id": self.project.id, **values}
        return create(ENTITY, name=name, entity_type_id=self.kinds[kind].id, **values)

    def task_on(self, entity: Record, task_type: str, *assigned: str, **values: Any) -> Record:
        known = {
            "name": "main",
            "project_id": entity["project_id"],
            "entity_id": entity.id,
            "task_type_id": self.types[task_type].id,
            "task_status_id": self.statuses["todo"].id,
            "assignees": [self.people[name].id for name in assigned],
        }
        return create(TASK, **{**known, **values})

    def events(self, name: str, project: Record | None = None) -> list[dict[str, Any]]:
        """What the events of that name say, in the order of their writing; without the production."""
        found = reads.query(API_EVENT, keys.home_of_owner((project or self.project).id))
        found.sort(key=lambda one: str(one["created_at"]))
        return [{k: v for k, v in one["data"].items() if k != "project_id"} for one in found if one["name"] == name]

    def live(self, *names: str) -> list[dict[str, Any]]:
        """What live events of these names say, in no order; without the production."""
        found = [json.loads(row.doc.S) for row in reads.rows(keys.partition("live", API_EVENT)) if row.doc]
        return [{k: v for k, v in one["data"].items() if k != "project_id"} for one in found if one["name"] in names]

    def thread(self, task: Record | None = None) -> list[Record]:
        """The comments of a task, oldest first."""
        task = task or self.task
        return reads.query(COMMENT, keys.home_of_owner(task["project_id"]), "object_id", ("^", f"{task.id}#"))

    def news(self) -> list[Record]:
        found = reads.query(NEWS, keys.home_of_owner(self.project.id))
        return sorted(found, key=lambda one: str(one["created_at"]))

    def told(self, name: str) -> list[tuple[str, str]]:
        """What somebody was notified of, oldest first: the sort, and by whom."""
        names = {person.id: known for known, person in self.people.items()}
        found = reads.query(NOTIFICATION, keys.home_of_owner(self.people[name].id), "created_at")
        return [(one["notification_type"], names[one["author_id"]]) for one in found]


class People(Api):
    """The routes of some areas, asked by any of the people of a stage."""

    def __init__(self, stage: Stage, name: str, areas: Sequence[Area]) -> None:
        super().__init__(VulpesApp(name, routes=every(areas), around=self._opened))
        self.stage = stage
        # What the last request asked of the database: the number of calls of each operation.
        self.calls: dict[str, int] = {}
        self.tokens = {name: tokens.issue(person) for name, person in stage.people.items()}

    @contextlib.contextmanager
    def _opened(self) -> Iterator[None]:
        with session.opened() as made:
            yield
            self.calls = dict(made.calls)


class Studio(People):
    """The routes of the area, and of `others`, asked by any of the people."""

    def __init__(self, stage: Stage, *others: Area) -> None:
        modules = (assignments, comments, quotas, tasks, time_sheets, time_spents, todos, working_files)
        super().__init__(stage, "tasks", [*RECORDS, *(module.area for module in modules), *others])

    @property
    def cost(self) -> int:
        """How many calls to the database the last request took."""
        return sum(self.calls.values())

    def sign_in_as(self, name: str) -> None:
        """Gives somebody who joined later a token."""
        self.tokens[name] = tokens.issue(self.stage.people[name])

    def comment(
        self, status: str = "wip", text: str = "", user: str = "user", task: Record | None = None, **body: Any
    ) -> Any:
        task = task or self.stage.task
        values = {"task_status_id": self.stage.statuses[status].id, "comment": text, **body}
        reply = self.post(f"/actions/tasks/{task.id}/comment", values, user=user)
        assert reply.status == 201, reply.content
        return reply.json

    def form(self, path: str, fields: dict[str, str], files: dict[str, tuple[str, bytes, str]], user: str) -> Any:
        """A multipart form with several files: `{field: (name, bytes, mimetype)}`."""
        edge, parts = "----vulpes", []
        for name, value in fields.items():
            parts.append(f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode())
        for name, (filename, data, mime) in files.items():
            head = f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
            parts.append(f"{head}Content-Type: {mime}\r\n\r\n".encode() + data + b"\r\n")
        raw = b"".join(parts) + f"--{edge}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={edge}"}
        return self.call("POST", path, raw=raw, headers=headers, user=user)
