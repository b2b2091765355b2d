"""What a comment sets off on other tasks of its entity (docs/contract/tasks.md 6.4)."""

from itertools import pairwise
from typing import Any

import pytest

from chalicelib.records.entities import ENTITY_LINK
from chalicelib.records.files import PREVIEW_FILE
from chalicelib.records.production import PROJECT_TASK_TYPE_LINK, STATUS_AUTOMATION, TASK_STATUS
from chalicelib.records.record import Record
from chalicelib.store import reads, session
from tests.unit.tasks.stage import Stage, Studio, create, now


@pytest.fixture
def ranked(stage: Stage) -> Stage:
    """Modeling comes before shading; both are ranked, lighting comes after animation."""
    ranks = {"Modeling": 1, "Shading": 2, "Animation": 1, "Lighting": 3}
    stage.set(task_types=[stage.types[name].id for name in ranks])
    for name, priority in ranks.items():
        create(
            PROJECT_TASK_TYPE_LINK, project_id=stage.project.id, task_type_id=stage.types[name].id, priority=priority
        )
    return stage


def automate(stage: Stage, on: str, status: str, to: str, then: str | None = None, **values: Any) -> Record:
    """When a task of type `on` gets `status`, that of type `to` gets `then`; or the asset is ready for `to`."""
    target = stage.statuses[then].id if then else None
    automation = create(
        STATUS_AUTOMATION,
        in_task_type_id=stage.types[on].id,
        in_task_status_id=stage.statuses[status].id,
        out_field_type="status" if then else "ready_for",
        out_task_type_id=stage.types[to].id,
        out_task_status_id=target,
        **values,
    )
    stage.set(status_automations=[*stage.project["status_automations"], automation.id])
    return automation


def status_of(stage: Stage, task: Record) -> str:
    current = now(task)["task_status_id"]
    return next(name for name, status in stage.statuses.items() if status.id == current)


def test_one_status_brings_another_in_the_same_transaction(api: Studio, ranked: Stage) -> None:
    shading = ranked.task_on(ranked.lama, "Shading", "vendor")
    automate(ranked, "Modeling", "done", "Shading", "wip")
    api.comment("done", user="user")
    assert status_of(ranked, shading) == "wip"
    comment = ranked.thread(shading)[0]
    assert comment["text"] == "Change triggered by Modeling set to Done"
    assert comment["person_id"] == ranked.people["user"].id
    assert api.calls["TransactWriteItems"] == 1
    assert ranked.told("vendor") == [("comment", "user")] * 2
    assert len(ranked.news()) == 2


def test_nothing_follows_where_it_leads_back_is_archived_or_another_status(api: Studio, ranked: Stage) -> None:
    shading = ranked.task_on(ranked.lama, "Shading")
    automate(ranked, "Shading", "done", "Modeling", "retake")
    automate(ranked, "Modeling", "done", "Shading", "retake", archived=True)
    automate(ranked, "Modeling", "wfa", "Shading", "wip")
    api.comment("done", user="manager", task=shading)
    api.comment("done", user="manager")
    assert (status_of(ranked, ranked.task), status_of(ranked, shading)) == ("done", "done")
    assert len(ranked.thread()) == len(ranked.thread(shading)) == 1


def test_automations_form_chains_and_each_fires_once(api: Studio, ranked: Stage) -> None:
    shading = ranked.task_on(ranked.lama, "Shading")
    second = ranked.task_on(ranked.lama, "Shading", name="second")
    automate(ranked, "Modeling", "done", "Shading", "wip")
    automate(ranked, "Shading", "wip", "Shading", "wfa")
    automate(ranked, "Shading", "wfa", "Shading", "wip")
    api.comment("done", user="manager")
    assert [comment["text"] for comment in ranked.thread(shading)] == [
        "Change triggered by Modeling set to Done",
        "Change triggered by Shading set to Wip",
        "Change triggered by Shading set to Wfa",
    ]
    assert status_of(ranked, shading) == "wip"
    assert ranked.thread(second) == []


def test_a_retake_too_many_is_left_out_of_the_chain(api: Studio, ranked: Stage) -> None:
    shading = ranked.task_on(ranked.lama, "Shading", retake_count=1)
    ranked.set(max_retakes=1)
    automate(ranked, "Modeling", "done", "Shading", "retake")
    api.comment("done", user="manager")
    assert status_of(ranked, ranked.task) == "done"
    assert ranked.thread(shading) == []


def test_a_long_chain_goes_on_in_further_transactions(api: Studio, ranked: Stage) -> None:
    statuses = [f"step{number}" for number in range(15)]
    for name in statuses:
        ranked.statuses[name] = create(TASK_STATUS, name=name, short_name=name, color="#000000")
    for before, after in pairwise(statuses):
        automate(ranked, "Modeling", before, "Modeling", after)
    session.current().stamp = None
    api.comment("step0", user="manager")
    assert status_of(ranked, ranked.task) == "step14"
    assert len(ranked.thread()) == 15
    assert api.calls["TransactWriteItems"] > 1


def test_an_asset_becomes_ready_and_its_shots_count_it(api: Studio, ranked: Stage) -> None:
    animation, lighting = (ranked.task_on(ranked.shot, name) for name in ("Animation", "Lighting"))
    create(ENTITY_LINK, entity_in_id=ranked.shot.id, entity_out_id=ranked.lama.id)
    automate(ranked, "Modeling", "done", "Animation")
    api.comment("done", user="manager")
    ready = ranked.types["Animation"].id
    assert now(ranked.lama)["ready_for"] == ready
    assert ranked.events("asset:update") == [{"asset_id": ranked.lama.id, "data": {"ready_for": ready}}]
    assert now(animation)["nb_assets_ready"] == 1
    assert now(lighting)["nb_assets_ready"] == 0
    assert ranked.live("task:update-casting-stats") == [{"task_id": animation.id, "nb_assets_ready": 1}]


def test_shots_do_not_become_ready(api: Studio, ranked: Stage) -> None:
    task = ranked.task_on(ranked.shot, "Animation")
    automate(ranked, "Animation", "done", "Lighting", entity_type="shot")
    api.comment("done", user="manager", task=task)
    assert now(ranked.shot)["ready_for"] is None


def test_the_last_previews_come_along_where_that_is_wanted(api: Studio, ranked: Stage, bucket: str) -> None:
    shading = ranked.task_on(ranked.lama, "Shading")
    automate(ranked, "Modeling", "wfa", "Shading", "wip", import_last_revision=True)
    for revision in (1, 2):
        values = {"name": f"v{revision}", "revision": revision, "status": "ready", "extension": "pdf"}
        create(PREVIEW_FILE, task_id=ranked.task.id, **values)
    api.comment("wfa", user="manager")
    brought = reads.get_many(PREVIEW_FILE, ranked.thread(shading)[0]["previews"])
    assert [(one["task_id"], one["revision"]) for one in brought] == [(shading.id, 1)]
