"""How many cast assets are ready for a task (docs/contract/entities.md section 7)."""

import pytest

from chalicelib.domain.counters import readiness
from chalicelib.records.entities import ENTITY_LINK
from chalicelib.records.production import PROJECT_TASK_TYPE_LINK
from chalicelib.store import session
from tests.unit.tasks.stage import Stage, change, create, now


@pytest.fixture
def cast(stage: Stage) -> Stage:
    """The asset is cast in the shot; animation is ranked 1, lighting 2, modeling (no type for shots) 5."""
    create(ENTITY_LINK, entity_in_id=stage.shot.id, entity_out_id=stage.lama.id)
    ranks = {"Animation": 1, "Lighting": 2, "Modeling": 5}
    stage.set(task_types=[stage.types[name].id for name in ranks])
    for name, priority in ranks.items():
        values = {"task_type_id": stage.types[name].id, "priority": priority}
        create(PROJECT_TASK_TYPE_LINK, project_id=stage.project.id, **values)
    session.current().stamp = None
    return stage


@pytest.mark.parametrize(
    ("ready_for", "animation", "lighting"),
    [(None, 0, 0), ("Animation", 1, 0), ("Lighting", 1, 1), ("Modeling", 0, 0)],
)
def test_an_asset_is_ready_for_what_ranks_no_higher(
    cast: Stage, ready_for: str | None, animation: int, lighting: int
) -> None:
    tasks = [cast.task_on(cast.shot, name) for name in ("Animation", "Lighting")]
    asset = change(cast.lama, ready_for=cast.types[ready_for].id if ready_for else None)
    readiness.recount_where_cast(asset)
    assert [now(task)["nb_assets_ready"] for task in tasks] == [animation, lighting]


def test_an_asset_of_another_production_is_always_ready(cast: Stage) -> None:
    other = cast.production("Agent 327")
    shared = cast.entity("Barbershop", "Character", project_id=other.id, is_shared=True)
    create(ENTITY_LINK, entity_in_id=cast.shot.id, entity_out_id=shared.id)
    task = cast.task_on(cast.shot, "Lighting")
    readiness.recount_where_cast(shared)
    assert now(task)["nb_assets_ready"] == 1
    assert cast.live("task:update-casting-stats") == [{"task_id": task.id, "nb_assets_ready": 1}]


def test_what_does_not_change_is_not_written(cast: Stage) -> None:
    task = cast.task_on(cast.shot, "Animation")
    readiness.recount([cast.shot.id])
    assert now(task) == task
    assert cast.live("task:update-casting-stats") == []
