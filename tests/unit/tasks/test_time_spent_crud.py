"""The generic records of time spent: task durations follow (docs/contract/tasks.md section 9)."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from chalicelib.records.fields import STUDIO
from chalicelib.records.people import PERSON
from chalicelib.records.production import API_EVENT
from chalicelib.store import reads, reference, session
from tests.unit.tasks.stage import Stage, Studio, now


def entry(stage: Stage, user: str = "user", **values: Any) -> dict[str, Any]:
    person_id = stage.people[user].id
    return {"task_id": stage.task.id, "person_id": person_id, "date": "2021-03-02", "duration": 60, **values}


def test_the_duration_of_the_task_follows(api: Studio, stage: Stage) -> None:
    made = api.post("/data/time-spents/", entry(stage))
    assert made.status == 201, made.content
    assert now(stage.task)["duration"] == 60
    api.post("/data/time-spents/", entry(stage, "vendor", duration=30))
    assert now(stage.task)["duration"] == 90
    api.put(f"/data/time-spents/{made['id']}", {"duration": 100})
    assert now(stage.task)["duration"] == 130
    assert api.delete(f"/data/time-spents/{made['id']}").status == 204
    assert now(stage.task)["duration"] == 30
    assert len(stage.events("task:update")) == 4


def test_wrong_entries(api: Studio, stage: Stage) -> None:
    api.post("/data/time-spents/", entry(stage))
    for wrong in ({}, {"duration": -1}, {"duration": 0, "date": "2021-03-03"}, {"date": "someday"}):
        assert api.post("/data/time-spents/", entry(stage, **wrong)).status == 400
    assert api.post("/data/time-spents/", entry(stage, date="2021-03-03"), user="user").status == 403
    assert now(stage.task)["duration"] == 60


def test_a_new_entry_moves_the_last_day_of_presence(api: Studio, stage: Stage) -> None:
    for day in ("2021-03-04", "2021-03-02"):
        api.post("/data/time-spents/", entry(stage, date=day))
    session.current().stamp = None
    assert reference.get(PERSON, stage.people["user"].id)["last_presence"] == "2021-03-04"
    told = [one["data"]["person_id"] for one in reads.query(API_EVENT, STUDIO) if one["name"] == "person:update"]
    assert told == [stage.people["user"].id], "the day before moves nothing, and nobody is told of it"


def test_the_list_keeps_the_days_of_a_span(api: Studio, stage: Stage) -> None:
    for day in ("2021-03-01", "2021-03-02", "2021-03-05"):
        api.post("/data/time-spents/", entry(stage, date=day))
    span = {"start_date": "2021-03-01", "end_date": "2021-03-02"}
    assert [one["date"] for one in api.get("/data/time-spents/", span).json] == ["2021-03-01", "2021-03-02"]
    assert len(api.get("/data/time-spents/").json) == 3
    for wrong in ({"start_date": "2021-03-01"}, {"end_date": "2021-03-01"}, {**span, "end_date": "x"}):
        assert api.get("/data/time-spents/", wrong).status == 400
    assert api.get("/data/time-spents/", user="manager").status == 403


def test_those_who_may_note_it_take_it_away(api: Studio, stage: Stage) -> None:
    statuses = {}
    for name in ("vendor", "supervisor", "stranger", "user", "manager"):
        made = api.post("/data/time-spents/", entry(stage)).json
        statuses[name] = api.delete(f"/data/time-spents/{made.get('id')}", user=name).status if "id" in made else None
        if statuses[name] == 403:
            api.delete(f"/data/time-spents/{made['id']}")
    assert statuses == {"vendor": 403, "supervisor": 403, "stranger": 403, "user": 204, "manager": 204}


def test_entries_of_the_same_moment_are_all_counted(api: Studio, stage: Stage) -> None:
    def note(day: int) -> int:
        return int(api.post("/data/time-spents/", entry(stage, date=f"2021-03-{day:02}")).status)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(note, range(1, 9))) == [201] * 8
    assert now(stage.task)["duration"] == 480
