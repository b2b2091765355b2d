"""A small studio for the rules of productions: records made directly, callers of every role, no sign-in."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.access.caller import Caller
from chalicelib.domain.production import entity_types
from chalicelib.domain.production.projects import Projects
from chalicelib.events import journal
from chalicelib.records.entities import ENTITY, ENTITY_TYPE
from chalicelib.records.fields import Kind
from chalicelib.records.people import PERSON
from chalicelib.records.production import PROJECT_STATUS
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.store import session
from chalicelib.store.changes import write

Make = Callable[..., Record]


def create(kind: Kind, **values: Any) -> Record:
    return write(lambda changes: changes.create(kind, values))


def event(name: str, project_id: str | None = None, **data: Any) -> Record:
    return write(lambda changes: journal.emit(changes, name, project_id, **data))


class Studio:
    """Makes what a test needs, by name."""

    def __init__(self) -> None:
        self.open = create(PROJECT_STATUS, name="Open", color="#000000")
        self.closed = create(PROJECT_STATUS, name="Closed", color="#000000")
        self.prop = create(ENTITY_TYPE, name="Prop")
        self.shot = entity_types.temporal("Shot")
        self.admin = self.caller("admin")

    def person(self, role: str = "user", **values: Any) -> Record:
        return create(PERSON, first_name=role.capitalize(), last_name="Doe", role=role, **values)

    def caller(self, role: str = "user", **values: Any) -> Caller:
        return Caller(self.person(role, **values))

    def project(self, name: str = "Caminandes", team: tuple[Caller, ...] = (), **values: Any) -> Record:
        body = {"name": name, "team": [one.id for one in team], **values}
        return Projects().create(self.admin, body)

    def asset(self, project: Record, name: str = "Lama", **values: Any) -> Record:
        return create(ENTITY, name=name, project_id=project.id, **{"entity_type_id": self.prop.id, **values})

    def task(self, entity: Record, name: str = "main", **values: Any) -> Record:
        return create(TASK, name=name, project_id=entity["project_id"], entity_id=entity.id, **values)


@pytest.fixture
def studio(table: str) -> Studio:
    """A studio with the two project statuses, a type of assets, shots, and an administrator."""
    return Studio()


@pytest.fixture
def calls() -> Callable[[], int]:
    """How many requests went to the database since it was last asked."""
    seen = 0

    def since() -> int:
        nonlocal seen
        now = session.current().call_count
        past, seen = seen, now
        return now - past

    return since
