"""A production that ShotGrid knows."""

import pytest

from chalicelib.routes import shotgun
from tests.prepared import prepared
from tests.unit.tasks.stage import Stage, Studio


@pytest.fixture
def stage(table: str) -> Stage:
    stage = prepared(Stage)
    stage.set(shotgun_id=101)
    return stage


@pytest.fixture
def api(stage: Stage) -> Studio:
    return Studio(stage, shotgun.area)
