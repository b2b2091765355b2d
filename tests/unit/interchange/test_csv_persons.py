"""People out of a CSV file (docs/contract/interchange.md 2.1)."""

import unicodedata
from typing import Any

import pytest

from chalicelib.records.people import PERSON
from chalicelib.store import reads
from tests.client import ADMIN, Api
from tests.unit.interchange.csv_files import actions, send

PATH = "/import/csv/persons"
HEAD = ["First Name", "Last Name", "Email", "Phone", "Role", "Contract Type", "Active"]


def people(api: Api) -> dict[str, Any]:
    return {one["email"]: one for one in api.get("/data/persons").json}


def test_people_are_made_with_what_their_rows_say(api: Api) -> None:
    rows = [
        HEAD,
        ["Ann", "Lee", "Ann.Lee@example.com", "+33 1", "user", "open-ended", "yes"],
        ["Bob", "Ray", "bob.ray@example.com", "", "Studio Manager", "Freelance", "no"],
        ["Cléa", "Roy", "clea.roy@example.com", "", "", "", ""],
    ]
    reply = send(api, PATH, rows)
    assert reply.status == 201
    assert [one["first_name"] for one in reply.json] == ["Ann", "Bob", "Cléa"]
    ann, bob, clea = (people(api)[f"{name}@example.com"] for name in ("ann.lee", "bob.ray", "clea.roy"))
    assert (ann["phone"], bob["phone"]) == ("+33 1", None)
    assert (ann["role"], bob["role"], clea["role"]) == ("user", "admin", "user")
    assert (bob["contract_type"], bob["active"], clea["active"]) == ("freelance", False, True)
    assert not any(key in one for one in reply.json for key in ("password", "jti", "totp_secret"))


def test_each_new_person_is_told_of(api: Api) -> None:
    made = send(api, PATH, [HEAD[:3], ["Ann", "Lee", "ann@example.com"]]).json[0]
    told = api.get("/data/events/last", params={"name": "person:new", "limit": 1}).json[0]
    assert told["data"]["person_id"] == made["id"]


def test_who_is_there_changes_only_with_update(api: Api) -> None:
    send(api, PATH, [HEAD[:4], ["Ann", "Lee", "ann@example.com", "+33 1"]])
    rows = [HEAD, ["Anna", "Lee", "ANN@example.com", "", "supervisor", "", "off"]]
    for update in ("1", "yes", "false"):
        assert send(api, PATH, rows, update=update).json[0]["first_name"] == "Ann"
    assert send(api, PATH, rows, update="True").json[0]["first_name"] == "Anna"
    ann = people(api)["ann@example.com"]
    assert (ann["role"], ann["active"], ann["phone"], ann["contract_type"]) == (
        "supervisor",
        False,
        "+33 1",
        "open-ended",
    )


def test_an_address_is_one_person_however_it_is_typed(api: Api) -> None:
    made = send(api, PATH, [HEAD[:3], ["Zoë", "Weiß", "zoë.weiß@example.com"]]).json
    typed = unicodedata.normalize("NFD", "ZOË.WEISS@EXAMPLE.COM")
    assert [one["id"] for one in send(api, PATH, [HEAD[:3], ["Zoe", "Weiss", typed]]).json] == [made[0]["id"]]


def test_an_empty_role_takes_nobody_theirs(api: Api) -> None:
    rows = [["First Name", "Last Name", "Email", "Role"], ["Super", "Admin", ADMIN, ""]]
    assert send(api, PATH, rows, update="true").json[0]["role"] == "admin"


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("Email", ""),
        ("Email", "nobody"),
        ("First Name", "x" * 200),
        ("Phone", "1" * 40),
        ("Role", "king"),
        ("Contract Type", "forever"),
        ("Active", "maybe"),
    ],
)
def test_a_wrong_cell_tells_row_and_column_and_what_came_before_stays(api: Api, column: str, text: str) -> None:
    good = dict(zip(HEAD, ["Ann", "Lee", "ann@example.com", "", "user", "", ""], strict=True))
    bad = {**good, "Email": "bob@example.com", column: text}
    reply = send(api, PATH, [HEAD, list(good.values()), list(bad.values()), list(good.values())])
    assert reply.status == 400
    assert (reply["line_number"], reply["column"], reply["data"]["field"]) == (2, column, column)
    assert reply["data"]["expected"]
    assert "ann@example.com" in people(api)
    assert "bob@example.com" not in people(api)


def test_a_missing_column_is_named(api: Api) -> None:
    reply = send(api, PATH, [HEAD[:2], ["No", "Mail"]])
    assert (reply.status, reply["line_number"], reply["column"]) == (400, 1, "Email")
    assert api.post(PATH).status == 400


def test_a_dry_run_says_what_would_be_and_writes_nothing(api: Api) -> None:
    send(api, PATH, [HEAD[:3], ["Ann", "Lee", "ann@example.com"]])
    before = reads.query(PERSON, "studio")
    rows = [
        HEAD[:3],
        ["Ann", "Lee", "ann@example.com"],
        ["Anna", "Lee", "ann@example.com"],
        ["Bob", "Ray", "bob@example.com"],
        ["Bob", "Ray", "bob@example.com"],
        ["Bob", "Ray", "bob"],
    ]
    reply = send(api, PATH, rows, update="true", dry_run="true")
    assert actions(reply) == ["unchanged", "update", "create", "unchanged", "refuse"]
    assert reply.json[4] == {
        "line_number": 5,
        "action": "refuse",
        "type": "Person",
        "name": "bob",
        "message": "Email: 'bob' is not right.",
        "column": "Email",
    }
    assert actions(send(api, PATH, rows[:2], dry_run="1")) == ["skip"]
    assert send(api, PATH, rows[:2], dry_run="perhaps").status == 400
    assert reads.query(PERSON, "studio") == before


def test_what_is_exported_is_taken_back_unchanged(api: Api) -> None:
    api.person("manager", name="mia", phone="+33 1", last_name="=SUM(A1)")
    api.person(name="bob", active=False)
    exported = api.get("/export/csv/persons.csv").content
    assert set(actions(send(api, PATH, exported, update="true", dry_run="true"))) == {"unchanged"}
    assert send(api, PATH, exported, update="true").status == 201
    assert api.get("/export/csv/persons.csv").content == exported


def test_the_studio_takes_no_more_people_than_it_may_have(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    from chalicelib.settings import current

    monkeypatch.setenv("VULPES_PERSON_LIMIT", "2")
    current.cache_clear()
    rows = [HEAD[:3], *([f"P{number}", "Fox", f"p{number}@example.com"] for number in range(3))]
    reply = send(api, PATH, rows)
    assert (reply.status, reply["line_number"]) == (400, 2)
    assert [email for email in people(api) if email.startswith("p")] == ["p0@example.com"]
