"""Days off: whose they are, that they never overlap, what they do to noted hours.

Source: docs/contract/people.md section 8.
"""

from concurrent.futures import ThreadPoolExecutor
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
    assert cast.put(one, {"person_id": ada.upper()}, user="ada").status == 200
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


def test_of_a_crowd_that_takes_overlapping_days_one_is_first(cast: Api) -> None:
    def take(number: int) -> int:
        # Each of these periods touches the 16th of June and no two begin on the same day.
        status: int = day_off(cast, f"2021-06-{number + 1:02}", "2021-06-20").status
        return status

    with ThreadPoolExecutor(16) as pool:
        statuses = sorted(pool.map(take, range(16)))
    assert statuses == [201] + [400] * 15
    assert len(cast.get(PATH).json) == 1


def test_of_a_move_and_a_new_one_for_the_same_days_one_is_refused(cast: Api) -> None:
    for day in range(1, 9):
        one = day_off(cast, f"2021-05-{day:02}", f"2021-05-{day:02}")
        june = {"date": f"2021-06-{day:02}", "end_date": f"2021-06-{day:02}"}

        def move(path: str = f"{PATH}{one['id']}", body: dict[str, str] = june) -> int:
            status: int = cast.put(path, body).status
            return status

        def take(body: dict[str, str] = june) -> int:
            status: int = day_off(cast, **body).status
            return status

        with ThreadPoolExecutor(2) as pool:
            moved, taken = pool.submit(move), pool.submit(take)
            assert sorted([moved.result() // 100, taken.result() // 100]) == [2, 4]


def dates(reply: Any) -> list[str]:
    assert reply.status == 200, reply.content
    return [row["date"] for row in reply.json]


def test_a_period_lists_what_touches_it(cast: Api) -> None:
    for first, last in (("2021-02-26", "2021-03-01"), ("2021-03-31", "2021-04-02"), ("2021-04-05", "2021-04-05")):
        day_off(cast, first, last)
    day_off(cast, "2021-03-10", "2021-03-10", whose="bob")
    of_ada = f"/data/persons/{cast.people['ada']['id']}/day-offs"
    assert dates(cast.get(of_ada, user="ada")) == ["2021-02-26", "2021-03-31", "2021-04-05"]
    assert dates(cast.get(f"{of_ada}/year/2021")) == ["2021-02-26", "2021-03-31", "2021-04-05"]
    assert dates(cast.get(f"{of_ada}/month/2021/3")) == dates(cast.get(f"{of_ada}/month/2021/03"))
    assert dates(cast.get(f"{of_ada}/month/2021/3")) == ["2021-02-26", "2021-03-31"]
    # The week of 29 March ends on Sunday, the 4th of April: the next Monday is not in it.
    assert dates(cast.get(f"{of_ada}/week/2021/13")) == ["2021-03-31"]
    assert dates(cast.get(f"{of_ada}/month/2020/12")) == []
    assert dates(cast.get("/data/persons/day-offs/2021/3")) == ["2021-02-26", "2021-03-31", "2021-03-10"]
    assert dates(cast.get("/data/persons/day-offs/2021")) == [*dates(cast.get(of_ada)), "2021-03-10"]
    assert dates(cast.get("/data/persons/day-offs/2021/3", user="bob")) == ["2021-03-10"]


def test_the_lists_of_a_person_are_the_persons_and_the_administrators(cast: Api) -> None:
    cast.person("manager")
    bot = cast.post("/data/persons", {"first_name": "Farm", "last_name": "", "is_bot": True, "email": "f@example.com"})
    of_ada = f"/data/persons/{cast.people['ada']['id']}/day-offs"
    for end in ("", "/year/2021", "/month/2021/3", "/week/2021/3"):
        for who, status in (("admin", 200), ("ada", 200), ("bob", 403), ("manager", 403), (None, 401)):
            assert cast.get(of_ada + end, user=who).status == status
        assert cast.get(f"/data/persons/{bot['id']}/day-offs{end}").status == 403


def test_a_day_tells_whether_somebody_is_away(cast: Api) -> None:
    cast.person("supervisor")
    made = day_off(cast, "2021-06-14", "2021-06-18")
    away, there = (f"/data/persons/{cast.people['ada']['id']}/day-offs/2021-06-{day}" for day in (18, 19))
    for who in ("admin", "supervisor", "ada"):
        assert cast.get(away, user=who)["id"] == made["id"]
        assert cast.get(there, user=who).json == {}
    assert cast.get(away, user="bob").json == []
    assert cast.get("/data/user/day-offs/2021-06-14", user="ada")["id"] == made["id"]
    assert cast.get("/data/user/day-offs/2021-06-14", user="bob").json == {}
    for path in (
        "/data/user/day-offs/someday",
        "/data/user/day-offs/20210614",
        f"{away[:-10]}2021-02-30",
        "/data/persons/nobody/day-offs/2021-06-14",
    ):
        assert cast.get(path).status == 404


@pytest.mark.parametrize("end", ["year/2009", "year/3000", "year/x", "month/2021/13", "month/2021/0", "week/2021/53"])
def test_what_is_no_period_is_not_found(cast: Api, end: str) -> None:
    assert cast.get(f"/data/persons/{cast.people['ada']['id']}/day-offs/{end}").status == 404
    assert cast.get("/data/persons/day-offs/2021/13").status == 404
