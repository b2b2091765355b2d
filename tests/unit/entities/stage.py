"""What the tests of entities stand on: the stage of the tests of tasks, and a client of the routes of entities."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, TypeVar

from chalicelib.access import tokens
from chalicelib.http.application import VulpesApp
from chalicelib.http.routing import every
from chalicelib.records.entities import ENTITY, ENTITY_LINK
from chalicelib.records.people import SUBSCRIPTION
from chalicelib.records.record import Record
from chalicelib.routes import (
    asset_instances,
    assets,
    castings,
    concepts,
    entities,
    episodes,
    scenes,
    sequences,
    shared_assets,
    shots,
)
from chalicelib.routes.records import entities as entity_records
from chalicelib.store import keys, reads, session
from tests.client import Api
from tests.unit.tasks import stage as tasks_stage
from tests.unit.tasks.stage import Stage, create

T = TypeVar("T")
AREAS = [
    module.area
    for module in (
        asset_instances,
        assets,
        castings,
        concepts,
        entities,
        entity_records,
        episodes,
        scenes,
        sequences,
        shared_assets,
        shots,
    )
]


class Studio(tasks_stage.Studio):
    """The routes of the area, asked by any of the people."""

    def __init__(self, stage: Stage) -> None:
        Api.__init__(self, VulpesApp("entities", routes=every(AREAS), around=self._opened))
        self.stage = stage
        self.calls: dict[str, int] = {}
        self.tokens = {name: tokens.issue(person) for name, person in stage.people.items()}

    def create(self, plural: str, user: str = "manager", project: Record | None = None, **body: Any) -> Any:
        """The answer to the creation of a shot, a sequence, an episode."""
        return self.post(f"/data/projects/{(project or self.stage.project).id}/{plural}", body, user=user)

    def create_asset(self, user: str = "manager", kind: str = "Character", **body: Any) -> Any:
        stage = self.stage
        path = f"/data/projects/{stage.project.id}/asset-types/{stage.kinds[kind].id}/assets/new"
        return self.post(path, body, user=user)

    def board(self, plural: str, user: str = "manager", **query: str) -> Any:
        """The rows of a board of the production."""
        reply = self.get(f"/data/{plural}/with-tasks", {"project_id": self.stage.project.id, **query}, user=user)
        assert reply.status == 200, reply.content
        return reply.json

    def names(self, path: str, user: str = "manager", **query: str) -> list[str]:
        """The names in a list."""
        reply = self.get(path, query, user=user)
        assert reply.status == 200, reply.content
        return [entity["name"] for entity in reply.json]


def cast(entity: Record, *assets: Record) -> list[Record]:
    """Links an entity to assets it casts, the way a casting does."""
    return [create(ENTITY_LINK, entity_in_id=entity.id, entity_out_id=asset.id) for asset in assets]


def follow(stage: Stage, task: Record, name: str) -> Record:
    """Somebody asks for the notifications of a task."""
    return create(SUBSCRIPTION, person_id=stage.people[name].id, task_id=task.id)


def stored(stage: Stage, project: Record | None = None) -> list[Record]:
    """The entities of the production, as they are stored."""
    return reads.query(ENTITY, keys.home_of_owner((project or stage.project).id))


def named(stage: Stage, name: str) -> list[Record]:
    return [entity for entity in stored(stage) if entity["name"] == name]


def together(count: int, work: Callable[[int], T]) -> list[T]:
    """Does the work in so many threads at once, each in a session of its own."""
    gate = Barrier(count)

    def run(number: int) -> T:
        gate.wait()
        with session.opened():
            return work(number)

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(run, range(count)))
