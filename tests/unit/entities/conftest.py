"""A production with people of every role, and the routes of entities."""

import pytest

from tests.prepared import prepared
from tests.unit.entities.stage import Studio
from tests.unit.tasks.stage import Stage


@pytest.fixture
def stage(table: str) -> Stage:
    return prepared(Stage)


@pytest.fixture
def api(stage: Stage) -> Studio:
    return Studio(stage)
