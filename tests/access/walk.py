"""The studio in which every route that writes is called, and how a call of it is told."""

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.records.entities import ENTITY
from chalicelib.records.record import Record
from infra.local.inside import Answered
from tests.access.studio import AccessStudio, Production, create, unique
from tests.client import Api
from tests.unit.tasks.stage import change

Listen = Callable[[], contextlib.AbstractContextManager[Any]]


class Walk:
    """The studio in which every route is called once or more."""

    def __init__(self, api: Api, world: AccessStudio, listening: Listen = contextlib.nullcontext) -> None:
        """listening: goes around each call of a route, and not around what is made for it beforehand."""
        self.api, self.world, self._listening = api, world, listening
        self.mine: Production = world.mine
        self.admin = world.people["admin"]

    def asked(self, method: str, path: str, body: Any = None, **more: Any) -> Answered:
        """The answer of the route that is looked at."""
        with self._listening():
            return self.api.call(method, path, body, **more)

    def id(self, table: str) -> str:
        """The id of the record of a table."""
        return (self.mine.records.get(table) or self.world.records[table]).id

    def entity(self, word: str) -> str:
        """The id of the entity of that kind."""
        return self.mine.entities[word].id

    def fresh(self, word: str, worked_on: bool = False) -> str:
        """Another entity like that one, which nobody names; or one with a task."""
        like = self.mine.entities[word]
        names = ("project_id", "entity_type_id", "parent_id", "created_by")
        made = create(ENTITY, name=unique(word), **{name: like[name] for name in names})
        if worked_on:
            self.mine.task_on(made)
        return made.id

    def task(self, **values: Any) -> Record:
        """Another task of the asset."""
        made = self.mine.task_on(self.mine.entities["asset"], name=unique("task"))
        return change(made, **values) if values else made


What = Callable[[Walk], Any]


@dataclass(frozen=True)
class Case:
    """One call of a route: ids of its path besides those of the production, the body, a file, the query."""

    body: Any = None
    ids: Callable[[Walk], Mapping[str, str]] = lambda _: {}
    file: tuple[str, bytes, str] | None = None
    user: str = "admin"
    query: Mapping[str, Any] | None = None
    form: Mapping[str, str] | None = None
    before: Callable[[Walk], Any] = lambda _: None
