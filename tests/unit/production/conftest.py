"""A small studio for the rules of productions: records made directly, callers of every role, no sign-in."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chalicelib.access import tokens
from chalicelib.access.caller import Caller
from chalicelib.domain.production.crud.projects import Projects
from chalicelib.domain.workflow import entity_types
from chalicelib.events import journal
from chalicelib.http.application import VulpesApp
from chalicelib.http.routing import every
from chalicelib.records.entities import ENTITY, ENTITY_TYPE
from chalicelib.records.fields import Kind
from chalicelib.records.people import PERSON
from chalicelib.records.production import API_EVENT, PROJECT_STATUS
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.routes import (
    asset_types,
    budgets,
    events,
    notifications,
    project_settings,
    projects,
    schedule,
    statistics,
    user,
)
from chalicelib.store import keys, reads, session
from chalicelib.store.changes import write
from tests.client import Api
from tests.prepared import prepared

AREAS = (asset_types, budgets, events, statistics, notifications, project_settings, projects, schedule, user)
ROLES = ("manager", "supervisor", "user", "client", "vendor")
UNKNOWN = "00000000-0000-4000-8000-000000000000"
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
    return prepared(Studio)


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


class Sessions(list[session.Session]):
    """The sessions of the requests, so that a test can count what they cost."""

    @contextlib.contextmanager
    def opened(self) -> Iterator[session.Session]:
        with session.opened() as here:
            self.append(here)
            yield here


@pytest.fixture
def sessions() -> Sessions:
    return Sessions()


@pytest.fixture
def app(sessions: Sessions) -> VulpesApp:
    return VulpesApp("production", routes=every(module.area for module in AREAS), around=sessions.opened)


@pytest.fixture
def api(app: VulpesApp, studio: Studio) -> Api:
    """One caller of each role, in the team of a production but for the stranger."""
    api = Api(app)
    for role in ("admin", *ROLES):
        api.people[role] = studio.admin if role == "admin" else studio.caller(role)
    api.people["stranger"] = studio.caller("manager")
    api.tokens = {name: tokens.issue(caller.person) for name, caller in api.people.items()}
    return api


@pytest.fixture
def project(api: Api, studio: Studio) -> Record:
    team: tuple[Caller, ...] = tuple(api.people[role] for role in ROLES)
    return studio.project(team=team)


def statuses(api: Api, method: str, path: str, body: Any = None) -> dict[str, int]:
    """What each of the people is answered, and nobody."""
    people = (*api.tokens, None)
    return {str(name): api.call(method, path, body, user=name).status for name in people}


def told_of(project: Record, word: str) -> list[tuple[str, dict[str, Any]]]:
    """The events of a production whose names begin so, in the order of their writing; without the production."""
    found = [
        one
        for one in reads.query(API_EVENT, keys.home_of_owner(project.id), "created_at")
        if one["name"].startswith(word)
    ]
    assert {one["data"]["project_id"] for one in found} <= {project.id}
    return [(one["name"], {k: v for k, v in one["data"].items() if k != "project_id"}) for one in found]
