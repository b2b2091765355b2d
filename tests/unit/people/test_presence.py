"""Who was at the desk: logs, the last day of a person, the table of a month (docs/contract/people.md section 9)."""

from typing import Any

import pytest

from chalicelib.domain.people import presence
from chalicelib.records.people import PERSON
from chalicelib.store import reads, session
from tests.client import Api

OWN = "/data/user/desktop-login-logs"
SHEET = "/data/persons/presence-logs"


@pytest.fixture
def cast(api: Api) -> Api:
    for name in ("ada", "bob"):
        api.person(name=name)
    return api


def of(api: Api, name: str) -> str:
    return f"/data/persons/{api.people[name]['id']}/desktop-login-logs"


def last_presence(api: Api, name: str) -> Any:
    return reads.get(PERSON, api.people[name]["id"])["last_presence"]


def test_logs_are_listed_newest_first(cast: Api) -> None:
    for date in ("2021-05-03T09:00:00", "2021-05-05T09:30:00.123456", "2021-05-04 08:00:00"):
        assert cast.post(OWN, {"date": date}, user="ada").status == 201
    days = [log["date"] for log in cast.get(OWN, user="ada").json]
    assert days == ["2021-05-05T09:30:00", "2021-05-04T08:00:00", "2021-05-03T09:00:00"]
    assert cast.get(of(cast, "ada")).json == cast.get(OWN, user="ada").json
    assert cast.get(OWN, user="bob").json == []


def test_a_log_without_a_date_is_of_now(cast: Api) -> None:
    for body in ({}, {"date": None}):
        made = cast.post(of(cast, "ada"), body, user="ada")
        assert (made.status, made["date"][:10]) == (201, last_presence(cast, "ada"))
    assert cast.post(OWN, user="ada").status == 201, "without any body"


def test_managers_read_the_logs_of_others_and_administrators_note_them(cast: Api) -> None:
    for role in ("manager", "supervisor"):
        cast.person(role)
    for who, read, noted in (
        ("admin", 200, 201),
        ("ada", 200, 201),
        ("manager", 200, 403),
        ("supervisor", 403, 403),
        ("bob", 403, 403),
        (None, 401, 401),
    ):
        assert cast.get(of(cast, "ada"), user=who).status == read
        assert cast.post(of(cast, "ada"), {}, user=who).status == noted


@pytest.mark.parametrize("date", ["someday", "2021-02-30", "0001-01-01T00:00:00+23:00", 5, ["2021-05-03"], ""])
def test_what_is_no_moment_is_refused(cast: Api, date: Any) -> None:
    assert cast.post(OWN, {"date": date}, user="ada").status == 400
    assert cast.get(OWN, user="ada").json == []
    assert last_presence(cast, "ada") is None


def test_the_last_day_of_a_person_is_the_persons_own(cast: Api) -> None:
    cast.post(OWN, {"date": "2021-05-05T09:30:00"}, user="bob")
    cast.post(OWN, {"date": "2021-05-03T09:00:00"}, user="ada")
    assert last_presence(cast, "ada") == "2021-05-03"
    cast.post(OWN, {"date": "2021-05-01T09:00:00"}, user="ada")
    assert last_presence(cast, "ada") == "2021-05-03", "an older log changes nothing"


def test_the_table_of_a_month_has_a_row_for_everybody_active(cast: Api) -> None:
    cast.person(name="zoe", active=True)
    cast.put(f"/data/persons/{cast.people['zoe']['id']}", {"active": False})
    for date in ("2021-11-30T23:59:59", "2021-12-01T00:00:00", "2021-12-31T23:59:59", "2022-01-01T00:00:00"):
        cast.post(of(cast, "ada"), {"date": date})
    reply = cast.get(f"{SHEET}/2021-12")
    assert reply.headers["content-type"] == "text/csv"
    head, *rows = [line.split(";") for line in reply.content.decode().splitlines()]
    assert head == ["2021", *(str(day) for day in range(1, 32))]
    assert [row[0] for row in rows] == ["Ada Doe", "Bob Doe", "Super Admin"]
    assert [day for day, mark in zip(head, rows[0], strict=True) if mark == "X"] == ["1", "31"]
    assert len(cast.get(f"{SHEET}/2020-02").content.decode().splitlines()[0].split(";")) == 30


@pytest.mark.parametrize("month", ["december", "2021-13", "2021-00", "2021", "202-12", "2021-1", "2021-12-01"])
def test_what_is_no_month_is_not_found(cast: Api, month: str) -> None:
    assert cast.get(f"{SHEET}/{month}").status == 404


def test_the_table_is_for_administrators(cast: Api) -> None:
    cast.person("manager")
    for who, status in (("manager", 403), ("ada", 403), (None, 401)):
        assert cast.get(f"{SHEET}/2021-12", user=who).status == status


def test_logs_are_one_query(cast: Api) -> None:
    person = reads.get(PERSON, cast.people["ada"]["id"])
    with session.opened() as here:
        presence.logs(person)
    assert here.calls == {"Query": 1}
