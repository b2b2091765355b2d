"""A production with people of every role, and the routes of exports."""

import pytest

from chalicelib.records.record import Record
from chalicelib.routes import exports
from tests.prepared import prepared
from tests.unit.tasks import stage as tasks_stage
from tests.unit.tasks.stage import Stage


class Studio(tasks_stage.Studio):
    """The routes of exports, asked by any of the people."""

    def lines(self, path: str, user: str = "manager", **query: str) -> list[str]:
        """The lines of a table of the studio."""
        reply = self.get(f"/export/csv/{path}.csv", query, user=user)
        assert reply.status == 200, reply.content
        return str(reply.content.decode()).splitlines()

    def table(self, name: str, user: str = "manager", project: Record | None = None, **query: str) -> list[str]:
        """The lines of a table of the production, without its name in front of each."""
        project = project or self.stage.project
        found = self.lines(f"projects/{project.id}/{name}", user, **query)
        return [line.removeprefix(f"{project['name']};").removeprefix("Project;") for line in found]


@pytest.fixture
def stage(table: str) -> Stage:
    return prepared(Stage)


@pytest.fixture
def api(stage: Stage) -> Studio:
    return Studio(stage, exports.area)
