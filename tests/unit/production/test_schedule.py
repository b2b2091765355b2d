"""The plan: milestones, and schedule items that are made when they are read.

Source: docs/contract/production.md sections 7 and 8.
"""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from chalicelib.domain import schedule
from chalicelib.domain.workflow import entity_types
from chalicelib.records import clock
from chalicelib.records.entities import ENTITY, ENTITY_TYPE
from chalicelib.records.production import MILESTONE, SCHEDULE_ITEM, TASK_TYPE
from chalicelib.records.record import Record
from chalicelib.store import session
from chalicelib.store.changes import Changes, write
from tests.client import Api
from tests.unit.production.conftest import ROLES, UNKNOWN, Sessions, Studio, create, statuses, told_of

CROWD = 8


@pytest.fixture
def modeling(studio: Studio) -> Record:
    return create(TASK_TYPE, name="Modeling", for_entity="Asset")


def path_of(project: Record, tail: str = "") -> str:
    return f"/data/projects/{project.id}/schedule-items{tail}"


def days() -> set[tuple[str, str]]:
    """Today and tomorrow; also those of a moment ago, should midnight have passed."""
    today = clock.today()
    return {(clock.shift(today, days=n)[:10], clock.shift(today, days=n + 1)[:10]) for n in (-1, 0)}


def sequences(project: Record, count: int) -> None:
    sequence = entity_types.temporal("Sequence")

    def fill(changes: Changes, start: int) -> None:
        for number in range(start, min(start + 40, count)):
            values = {"name": f"SQ{number:03d}", "project_id": project.id, "entity_type_id": sequence.id}
            changes.create(ENTITY, values)

    for start in range(0, count, 40):
        write(partial(fill, start=start))


# -- milestones ------------------------------------------------------------------------------------------------------
def test_milestones_come_by_date(api: Api, studio: Studio, project: Record) -> None:
    for name, date in (("Open", None), ("Beta", "2031-03-04"), ("Alpha", "2031-02-03")):
        create(MILESTONE, name=name, date=date, project_id=project.id)
    create(MILESTONE, name="Elsewhere", project_id=studio.project("Other").id)
    path = f"/data/projects/{project.id}/milestones"
    listed = api.get(path, user="vendor").json
    assert [one["name"] for one in listed] == ["Alpha", "Beta", "Open"]
    assert set(listed[0]) == {"id", "date", "name", "project_id", "task_type_id"}
    assert statuses(api, "GET", path) == {"admin": 200, **dict.fromkeys(ROLES, 200), "stranger": 403, "None": 401}
    assert api.get(f"/data/projects/{UNKNOWN}/milestones").status == 404


# -- task types ------------------------------------------------------------------------------------------------------
def test_the_items_of_task_types_in_use_are_made_once(
    api: Api, studio: Studio, project: Record, modeling: Record
) -> None:
    assert api.get(path_of(project, "/task-types")).json == []
    animation = create(TASK_TYPE, name="Animation", for_entity="Shot")
    editing = create(TASK_TYPE, name="Editing", for_entity="Edit")
    create(TASK_TYPE, name="Rigging", for_entity="Asset")
    lama = studio.asset(project)
    for task_type in (modeling, animation, editing):
        studio.task(lama, task_type_id=task_type.id)
    studio.task(lama, name="second", task_type_id=modeling.id)
    made = api.get(path_of(project, "/task-types"), user="client").json
    assert {one["task_type_id"] for one in made} == {modeling.id, animation.id}
    for one in made:
        assert (one["start_date"], one["end_date"]) in days()
        assert (one["man_days"], one["object_id"], one["project_id"]) == (None, None, project.id)
    assert set(made[0]) == {
        "id", "start_date", "end_date", "man_days", "project_id", "task_type_id", "object_id"
    }  # fmt: skip
    assert api.get(path_of(project, "/task-types")).json == made
    told = told_of(project, "schedule-item")
    assert sorted(told, key=str) == sorted(
        [("schedule-item:new", {"schedule_item_id": one["id"]}) for one in made], key=str
    )


def test_task_types_come_by_their_start(studio: Studio, project: Record, modeling: Record) -> None:
    lama = studio.asset(project)
    rigging, shading = (create(TASK_TYPE, name=name, for_entity="Asset") for name in ("Rigging", "Shading"))
    for task_type, start in ((modeling, "2031-02-01"), (rigging, None), (shading, "2030-01-01")):
        studio.task(lama, task_type_id=task_type.id)
        create(SCHEDULE_ITEM, project_id=project.id, task_type_id=task_type.id, start_date=start)
    found = [one["task_type_id"] for one in schedule.of_task_types(project)]
    assert found == [shading.id, modeling.id, rigging.id]


def test_items_of_types_without_a_task_are_left_out(api: Api, project: Record, modeling: Record) -> None:
    kept = create(SCHEDULE_ITEM, project_id=project.id, task_type_id=modeling.id)
    assert api.get(path_of(project, "/task-types")).json == []
    (listed,) = api.get(path_of(project)).json
    assert (listed["id"], listed["type"]) == (kept.id, "ScheduleItem")


# -- objects ---------------------------------------------------------------------------------------------------------
def test_asset_types_with_an_asset_have_items(api: Api, studio: Studio, project: Record, modeling: Record) -> None:
    character = create(ENTITY_TYPE, name="Character")
    create(ENTITY_TYPE, name="Vehicle")
    studio.asset(project)
    studio.asset(project, "Hero", entity_type_id=character.id)
    studio.asset(project, "SH01", entity_type_id=studio.shot.id)
    listed = api.get(path_of(project, f"/{modeling.id}/asset-types")).json
    assert [(one["name"], one["object_id"]) for one in listed] == [
        ("Character", character.id),
        ("Prop", studio.prop.id),
    ]
    assert {one["task_type_id"] for one in listed} == {modeling.id}


def test_sequences_and_episodes_have_items_by_name(api: Api, studio: Studio, project: Record, modeling: Record) -> None:
    for kind in ("Sequence", "Episode"):
        for name in ("B", "A"):
            studio.asset(project, f"{kind} {name}", entity_type_id=entity_types.temporal(kind).id)
    assert api.get(path_of(project, f"/{modeling.id}/episodes"))[1]["name"] == "Episode B"
    listed = api.get(path_of(project, f"/{modeling.id}/sequences")).json
    assert [one["name"] for one in listed] == ["Sequence A", "Sequence B"]
    assert len(schedule.items(project)) == 4
    other = create(TASK_TYPE, name="Animation", for_entity="Shot")
    assert {one["id"] for one in api.get(path_of(project, f"/{other.id}/sequences")).json}.isdisjoint(
        one["id"] for one in listed
    )


def test_more_than_a_transaction_holds(studio: Studio, project: Record, modeling: Record) -> None:
    sequences(project, 130)
    made = schedule.of_sequences(project, modeling)
    assert [one["name"] for one in made] == [f"SQ{number:03d}" for number in range(130)]
    assert schedule.of_sequences(project, modeling) == made
    assert len(schedule.items(project)) == len(told_of(project, "schedule-item")) == 130


def test_readers_at_once_make_nothing_twice(studio: Studio, project: Record, modeling: Record) -> None:
    sequences(project, 70)

    def read(_: int) -> list[Any]:
        with session.opened():
            return schedule.of_sequences(project, modeling)

    with ThreadPoolExecutor(CROWD) as pool:
        answers = list(pool.map(read, range(CROWD)))
    assert all(answer == answers[0] for answer in answers)
    assert len(answers[0]) == len(schedule.items(project)) == len(told_of(project, "schedule-item")) == 70


def test_a_new_sequence_joins_the_others(studio: Studio, project: Record, modeling: Record) -> None:
    sequences(project, 2)
    before = schedule.of_sequences(project, modeling)
    studio.asset(project, "SQ005", entity_type_id=entity_types.temporal("Sequence").id)
    after = schedule.of_sequences(project, modeling)
    assert (after[:2], len(after)) == (before, 3)


# -- who, and at what cost -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("tail", ["", "/task-types", "/{}/asset-types", "/{}/sequences", "/{}/episodes"])
def test_vendors_and_strangers_see_no_plan(api: Api, project: Record, modeling: Record, tail: str) -> None:
    allowed = dict.fromkeys(("admin", "manager", "supervisor", "user", "client"), 200)
    path = path_of(project, tail.format(modeling.id))
    assert statuses(api, "GET", path) == {**allowed, "vendor": 403, "stranger": 403, "None": 401}
    elsewhere = path.replace(project.id, UNKNOWN)
    assert [api.get(elsewhere, user=name).status for name in ("admin", "manager")] == [404, 404]


@pytest.mark.parametrize("tail", ["asset-types", "sequences", "episodes"])
@pytest.mark.parametrize("task_type_id", [UNKNOWN, "nope"])
def test_an_unknown_task_type_is_not_found(api: Api, project: Record, tail: str, task_type_id: str) -> None:
    assert api.get(path_of(project, f"/{task_type_id}/{tail}")).status == 404


def test_reading_what_is_there_writes_nothing(
    api: Api, studio: Studio, project: Record, modeling: Record, sessions: Sessions
) -> None:
    sequences(project, 3)
    studio.task(studio.asset(project), task_type_id=modeling.id)
    for tail in ("", "/task-types", *(f"/{modeling.id}/{one}" for one in ("asset-types", "sequences", "episodes"))):
        # The first makes what is missing, kinds of the studio too; the second learns of these.
        for _ in range(3):
            api.get(path_of(project, tail))
        calls = {name: count for name, count in sessions[-1].calls.items() if name != "BatchGetItem"}
        # What changed of the tasks or entities, and the items.
        assert calls == {"Query": 2 if tail else 1}, tail


def test_what_is_missing_costs_a_transaction_for_every_twenty_four(
    studio: Studio, project: Record, modeling: Record
) -> None:
    sequences(project, 49)
    schedule.of_episodes(project, modeling)
    with session.opened() as here:
        schedule.of_sequences(project, modeling)
    assert here.calls["TransactWriteItems"] == 3
