"""A production with people of every role, and the search."""

import pytest

from chalicelib.routes import search
from tests.prepared import prepared
from tests.unit.tasks import stage as tasks_stage
from tests.unit.tasks.stage import Stage


class Studio(tasks_stage.Studio):
    """The search, asked by any of the people."""

    def search(self, query: object, user: str = "manager", **more: object) -> dict[str, list[dict[str, object]]]:
        reply = self.post("/data/search", {"query": query, **more}, user=user)
        assert reply.status == 200, reply.content
        return reply.json  # type: ignore[no-any-return]

    def names(self, query: str, user: str = "manager", **more: object) -> dict[str, list[object]]:
        """The names of what is found, by index; without those that found nothing."""
        found = self.search(query, user, **more)
        return {name: [one.get("full_name") or one["name"] for one in rows] for name, rows in found.items() if rows}


@pytest.fixture
def stage(table: str) -> Stage:
    return prepared(Stage)


@pytest.fixture
def api(stage: Stage) -> Studio:
    return Studio(stage, search.area)
