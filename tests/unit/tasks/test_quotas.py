"""Quotas by task type and by person, and the shots behind them (docs/contract/tasks.md section 10)."""

import datetime
from typing import Any

import pytest

from chalicelib.domain.tasks.quotas import business_days
from chalicelib.records.record import Record
from chalicelib.records.tasks import TIME_SPENT
from tests.unit.tasks.stage import Stage, Studio, change, create


@pytest.fixture
def animation(stage: Stage) -> Record:
    """An animation of 48 frames in review: six hours of the artist, two of the vendor."""
    change(stage.shot, nb_frames=48)
    task = stage.task_on(stage.shot, "Animation", "user", nb_drawings=8, duration=480, end_date="2022-05-12T09:00:00")
    for who, minutes in (("user", 360), ("vendor", 120)):
        values = {"task_id": task.id, "person_id": stage.people[who].id, "duration": minutes}
        create(TIME_SPENT, date="2022-05-03", **values)
    return task


def quotas(api: Studio, stage: Stage, user: str = "manager", **query: str) -> Any:
    reply = api.get(f"/data/projects/{stage.project.id}/quotas/{stage.types['Animation'].id}", user=user, params=query)
    assert reply.status == 200, reply.content
    return reply.json


def shots(api: Studio, stage: Stage, user: str, end: str = "month/2022/5", **more: str) -> Any:
    which = {"project_id": stage.project.id, "task_type_id": stage.types["Animation"].id, **more}
    return api.get(f"/data/persons/{stage.people['user'].id}/quota-shots/{end}", user=user, params=which)


def test_a_shot_is_shared_among_those_who_worked_on_it(api: Studio, stage: Stage, animation: Record) -> None:
    told = quotas(api, stage)
    frames = {key: one["day"]["frames"]["2022-05-03"] for key, one in told.items()}
    assert frames == {stage.people["user"].id: 36, stage.people["vendor"].id: 12, "total": 48}
    assert told["total"]["week"] == {
        "frames": {"2022-18": 48},
        "seconds": {"2022-18": 48 / 25},
        "drawings": {"2022-18": 8},
        "count": {"2022-18": 2},
        "entries": {"2022": 1},
    }


def test_raw_quotas_count_the_assigned_on_the_date(api: Studio, stage: Stage, animation: Record) -> None:
    told = quotas(api, stage, count_mode="feedback")
    assert told[stage.people["user"].id]["day"]["frames"] == {"2022-05-12": 48}
    assert stage.people["vendor"].id not in told
    assert quotas(api, stage, count_mode="done") == {}


def test_a_task_without_hours_is_spread_over_weekdays(api: Studio, stage: Stage) -> None:
    change(stage.shot, nb_frames=40)
    dates = {"real_start_date": "2022-06-01T08:00:00", "end_date": "2022-06-02T09:00:00"}
    stage.task_on(stage.shot, "Animation", "user", **dates)
    assert quotas(api, stage)["total"]["day"]["frames"] == {"2022-06-02": 20, "2022-06-03": 20}


@pytest.mark.parametrize(("end", "days"), [("2022-05-02", 1), ("2022-05-06", 5), ("2022-05-09", 6), ("2022-05-23", 16)])
def test_weekends_are_no_business_days(end: str, days: int) -> None:
    assert business_days(datetime.datetime(2022, 5, 2), datetime.datetime.fromisoformat(end)) == days


def test_people_know_their_own_quotas_alone(api: Studio, stage: Stage, animation: Record) -> None:
    path = f"/data/projects/{stage.project.id}/quotas/persons/{stage.people['user'].id}"
    assert api.get(path, user="user").json[stage.types["Animation"].id]["day"]["frames"] == {"2022-05-03": 36}
    statuses = {who: api.get(path, user=who).status for who in ("supervisor", "client", "vendor", "stranger")}
    assert statuses == {"supervisor": 200, "client": 403, "vendor": 403, "stranger": 403}


def test_the_shots_of_a_period_carry_their_share(api: Studio, stage: Stage, animation: Record) -> None:
    (shot,) = shots(api, stage, "user").json
    assert (shot["full_name"], shot["weight"]) == ("SQ01 / SH010", 0.75)
    (raw,) = shots(api, stage, "manager", count_mode="feedback").json
    assert raw["weight"] == 1
    assert shots(api, stage, "user", "week/2022/20").json == []
    assert shots(api, stage, "user", "month/2022/13").status == 404
    assert [shots(api, stage, who).status for who in ("vendor", "supervisor", "stranger")] == [403, 403, 403]


@pytest.mark.parametrize("name", ["count_mode", "task_type_id", "project_id"])
def test_a_filter_that_is_none_is_named(api: Studio, stage: Stage, name: str) -> None:
    reply = shots(api, stage, "manager", **{name: "nothing"})
    assert reply.status == 400
    assert name in reply.content.decode()


def test_quotas_cost_three_queries(api: Studio, stage: Stage, animation: Record) -> None:
    quotas(api, stage)  # The container learns the reference data that the test has just written.
    quotas(api, stage)
    assert api.calls.get("Query") == 3
    assert "Scan" not in api.calls
