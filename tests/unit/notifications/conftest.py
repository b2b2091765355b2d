"""A production with people of every role, and the routes of notifications."""

import pytest

from chalicelib.routes import notifications, subscriptions
from tests.prepared import prepared
from tests.unit.tasks.stage import Stage, Studio


@pytest.fixture
def stage(table: str) -> Stage:
    return prepared(Stage)


@pytest.fixture
def api(stage: Stage) -> Studio:
    return Studio(stage, notifications.area, subscriptions.area)
