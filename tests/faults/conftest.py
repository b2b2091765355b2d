"""The stage of the fault tests: a proxy before the database, containers of their own, one clock for all of them."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from infra.local.engine import Engine
from tests.conftest import empty_table
from tests.faults.container import Container
from tests.faults.proxy import Proxy
from tests.unit.files.conftest import api, stage, stored

__all__ = ["api", "stage", "stored"]


@pytest.fixture(scope="session")
def containers() -> Iterator[list[Container]]:
    """Two containers; a test takes them as they are, and makes them settle on its table."""
    started = [Container(), Container()]
    yield started
    for one in started:
        one.end()


@pytest.fixture
def database(engine: Engine) -> Iterator[Proxy]:
    """A proxy before the engine."""
    made = Proxy(engine.url)
    yield made
    made.stop()


@pytest.fixture
def table(database: Proxy) -> Iterator[str]:
    """An empty table behind the proxy."""
    with empty_table(database) as name:
        yield name


@dataclass
class World:
    """Two containers on one table, behind one proxy; `advance` lets time pass for all of them."""

    here: Container
    there: Container
    database: Proxy
    project: str = ""
    off: dict[int, float] = field(default_factory=dict)
    passed: float = 0.0

    def advance(self, seconds: float) -> None:
        """Time passes, for the database as well."""
        self.passed += seconds
        self.database.ahead = self.passed
        self._set()

    def set_wrong(self, container: Container, seconds: float) -> None:
        """The clock of one container is off by so much."""
        self.off[id(container)] = seconds
        self._set()

    def _set(self) -> None:
        for one in (self.here, self.there):
            one.do("set_clock", seconds=self.passed + self.off.get(id(one), 0.0))


@pytest.fixture
def world(table: str, database: Proxy, containers: list[Container]) -> World:
    """A world of its own, with a production that both containers know."""
    for one in containers:
        one.do("settle", name=table, database=database.url)
        one.do("hurry")
    made = World(*containers, database)
    made.project = made.here.do("make_project", name="Caminandes")
    for one in containers:
        assert one.do("held_tasks", project_id=made.project) == []
    return made
