"""Days off: whose they are, that they never overlap, what they do to noted hours (spec/people.md section 8)."""

from typing import Any

import pytest

from chalicelib.records.people import PERSON
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK, TIME_SPENT
from chalicelib.store import keys, reads
from tests.client import Api
from tests.unit.people.conftest import create

PATH = "/data/day-offs/"


@pytest.fixture
def cast(api: Api) -> Api:
    for name in ("ada", "bob"):
        api.person(name=name)
    return api


def day_off(api: Api, date: str, end_date: str, whose: str = "ada", **more: Any) -> Any:
    body = {"person_id": api.people[whose]["id"], "date": date, "end_date": end_date}
    return api.post(PATH, {**body, **more}, user=more.pop("user", "admin"))


def test_one_takes_ones_own_days_off(cast: Api) -> None:
    body = {"person_id": cast.people["ada"]["id"], "date": "2021-06-14", "end_date": "2021-06-18"}
    made = cast.post(PATH, body, user="ada")
    assert (made.status, made["description"]) == (201, None)
    one = f"{PATH}{made['id']}"
    assert cast.get(one, user="ada").status == 200
    assert cast.put(one, {"description": "Holidays"}, user="ada")["description"] == "Holidays"
    for who, status in (("bob", 403), (None, 401)):
        assert cast.post(PATH, {**body, "date": "2022-06-14", "end_date": "2022-06-14"}, user=who).status == status
        assert cast.get(one, user=who).status == status
        assert cast.put(one, {"description": "Mine"}, user=who).status == status
        assert cast.delete(one, user=who).status == status
    assert cast.get(PATH, user="ada").status == 403
    assert [row["id"] for row in cast.get(PATH).json] == [made["id"]]
    assert cast.delete(one, user="ada").status == 204


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2021-06-18", "2021-06-20"),
        ("2021-06-10", "2021-06-14"),
        ("2021-06-15", "2021-06-16"),
        ("2021-06-01", "2021-06-30"),
    ],
)
def test_periods_of_one_person_never_overlap(cast: Api, first: str, last: str) -> None:
    assert day_off(cast, "2021-06-14", "2021-06-18").status == 201
    other = day_off(cast, "2021-07-01", "2021-07-01")
    assert day_off(cast, first, last).status == 400
    assert cast.put(f"{PATH}{other['id']}", {"date": first, "end_date": last}).status == 400
    assert day_off(cast, first, last, "bob").status == 201
    assert day_off(cast, "2021-06-19", "2021-06-19").status == 201
    assert cast.put(f"{PATH}{other['id']}", {"end_date": "2021-07-02"}).status == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"end_date": "2021-06-13"},
        {"date": None},
        {"end_date": None},
        {"person_id": None},
        {"person_id": "00000000-0000-4000-8000-000000000000"},
        {"date": "someday"},
        {"no_such_field": 1},
    ],
)
def test_a_wrong_day_off_is_refused(cast: Api, wrong: dict[str, Any]) -> None:
    body = {"person_id": cast.people["ada"]["id"], "date": "2021-06-14", "end_date": "2021-06-18"}
    assert cast.post(PATH, {**body, **wrong}).status == 400
    assert cast.get(PATH).json == []


def test_only_an_administrator_gives_a_day_off_to_somebody_else(cast: Api) -> None:
    ada, bob = (cast.people[name]["id"] for name in ("ada", "bob"))
    made = day_off(cast, "2021-06-14", "2021-06-18").json
    one = f"{PATH}{made['id']}"
    assert cast.put(one, {"person_id": ada, "description": "Same"}, user="ada").status == 200
    assert cast.put(one, {"person_id": bob}, user="ada").status == 403
    moved = cast.put(one, {"person_id": bob})
    assert (moved.status, moved["person_id"], moved["created_at"]) == (200, bob, made["created_at"])
    assert cast.get(one, user="bob").status == 200
    assert cast.get(f"{PATH}?person_id={ada}").json == []
    assert [row["id"] for row in cast.get(f"{PATH}?person_id={bob}").json] == [made["id"]]
    assert day_off(cast, "2021-06-14", "2021-06-18").status == 201, "the days of the first are free again"
    assert cast.delete(one, user="bob").status == 204


@pytest.fixture
def task(cast: Api) -> Record:
    """A task with hours of two people: Ada's on five days, Bob's on one."""
    project = create(PROJECT, name="Caminandes")
    made = create(TASK, name="main", project_id=project.id, duration=360)
    for day in ("2021-06-13", "2021-06-14", "2021-06-16", "2021-06-18", "2021-06-19"):
        create(TIME_SPENT, task_id=made.id, person_id=cast.people["ada"]["id"], date=day, duration=60)
    create(TIME_SPENT, task_id=made.id, person_id=cast.people["bob"]["id"], date="2021-06-16", duration=60)
    return made


def days_noted(task: Record) -> list[str]:
    return sorted(one["date"] for one in reads.query(TIME_SPENT, keys.home_of_owner(task["project_id"])))


def test_hours_noted_in_the_period_go(cast: Api, task: Record) -> None:
    made = day_off(cast, "2021-06-14", "2021-06-18")
    assert days_noted(task) == ["2021-06-13", "2021-06-16", "2021-06-19"]
    assert reads.get(TASK, task.id)["duration"] == 180
    cast.put(f"{PATH}{made['id']}", {"end_date": "2021-06-19"})
    assert days_noted(task) == ["2021-06-13", "2021-06-16"]
    names = [event["name"] for event in cast.get("/data/events/last").json]
    assert names.count("time-spent:delete") == 4
    assert names.count("day-off:new") == names.count("day-off:update") == 1


def test_a_refused_day_off_takes_no_hours(cast: Api, task: Record) -> None:
    day_off(cast, "2021-06-19", "2021-06-19")
    assert day_off(cast, "2021-06-14", "2021-06-19").status == 400
    assert len(days_noted(task)) == 5


def test_days_off_live_with_their_person(cast: Api) -> None:
    made = day_off(cast, "2021-06-14", "2021-06-18")
    person = reads.get(PERSON, cast.people["ada"]["id"])
    assert keys.home_told_by(made["id"]) == keys.home_of_owner(person.id)
