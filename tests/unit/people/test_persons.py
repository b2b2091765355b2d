"""Persons: who sees what, who may set what (docs/contract/people.md section 5)."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.domain.people import presentation
from tests.client import ADMIN, Api
from tests.unit.people.conftest import Configure, stored

ADA = {"first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.com"}
NOBODY = "00000000-0000-4000-8000-000000000000"
BELOW_MANAGER = ("supervisor", "user", "client", "vendor")


@pytest.fixture
def cast(api: Api) -> Api:
    """One person of every role, signed in under its name."""
    for role in ("manager", *BELOW_MANAGER):
        api.person(role, phone="+33 1", daily_salary=250)
    return api


def make(api: Api, **fields: Any) -> dict[str, Any]:
    reply = api.post("/data/persons", {**ADA, **fields})
    assert reply.status == 201, reply.content
    person: dict[str, Any] = reply.json
    return person


def department(api: Api, name: str) -> str:
    return str(api.post("/data/departments", {"name": name, "color": "#112233"})["id"])


def last_event(api: Api) -> Any:
    return api.get("/data/events/last?limit=1").json[0]


def test_a_new_person_has_the_defaults_and_no_secret(api: Api) -> None:
    made = make(api, email=" Ada@Example.com ")
    assert made["email"] == "ada@example.com"
    assert made["full_name"] == "Ada Lovelace"
    assert (made["role"], made["position"], made["seniority"]) == ("user", "artist", "mid")
    assert (made["timezone"], made["locale"], made["contract_type"]) == ("Europe/Paris", "en_US", "open-ended")
    assert (made["departments"], made["active"], made["is_bot"]) == ([], True, False)
    assert "access_token" not in made
    assert not {"password", "jti", "totp_secret", "otp_recovery_codes", "fido_credentials"} & set(made)


def test_creating_is_told(api: Api) -> None:
    made = make(api)
    event = last_event(api)
    assert (event["name"], event["data"]) == ("person:new", {"person_id": made["id"]})
    assert event["user_id"] == api.people["admin"]["id"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"role": "king"},
        {"contract_type": "eternal"},
        {"position": "throne"},
        {"seniority": "ancient"},
        {"two_factor_authentication": "pigeon"},
        {"expiration_date": "2001-01-01"},
        {"expiration_date": "someday"},
        {"timezone": "Middle/Earth"},
        {"locale": "klingon"},
        {"first_name": None},
        {"email": ADMIN.upper()},
        {"email": "not-an-address"},
        {"password": 12345678},
        {"no_such_field": 1},
        {"departments": ["nope"]},
        {"studio_id": NOBODY},
    ],
)
def test_a_wrong_person_is_refused_and_not_stored(api: Api, wrong: dict[str, Any]) -> None:
    assert api.post("/data/persons", {**ADA, **wrong}).status == 400
    assert len(api.get("/data/persons").json) == 1


def test_creating_is_for_administrators(cast: Api) -> None:
    for who in ("manager", *BELOW_MANAGER):
        assert cast.post("/data/persons", ADA, user=who).status == 403
    assert cast.post("/data/persons", ADA, user=None).status == 401


def test_what_a_form_leaves_empty_is_null(api: Api) -> None:
    made = make(api, email="", studio_id="", password="")
    assert (made["email"], made["studio_id"]) == (None, None)
    assert api.put(f"/data/persons/{made['id']}", {"email": ""})["email"] is None


def test_unknown_departments_are_dropped(api: Api) -> None:
    puppets = department(api, "Puppets")
    assert make(api, departments=[puppets, NOBODY])["departments"] == [puppets]


def test_what_belongs_to_the_second_factor_is_not_set_here(api: Api) -> None:
    made = make(api, totp_enabled=True, totp_secret="ABC", jti="x")
    assert made["totp_enabled"] is False
    secrets = {"totp_enabled": True, "totp_secret": "ABC", "otp_recovery_codes": ["x"], "fido_credentials": [{}]}
    changed = api.put(f"/data/persons/{made['id']}", {**secrets, "jti": "x", "password": "x"})
    assert changed["totp_enabled"] is False
    kept = stored("ada@example.com")
    assert [kept[name] for name in ("totp_secret", "otp_recovery_codes", "fido_credentials", "jti", "password")] == [
        None
    ] * 5


def test_the_list_shows_others_than_administrators_cards(cast: Api) -> None:
    puppets = department(cast, "Puppets")
    make(cast, departments=[puppets], daily_salary=300)
    for who in ("manager", *BELOW_MANAGER):
        row = cast.get("/data/persons?email=ada@example.com", user=who).json[0]
        assert set(row) == set(presentation.CARD)
        assert row["departments"] == []
        row = cast.get("/data/persons?email=ada@example.com&relations=true", user=who).json[0]
        assert row["departments"] == [puppets]
    row = cast.get("/data/persons?email=ada@example.com").json[0]
    assert row["daily_salary"] == 300
    assert "departments" not in row


def test_one_person_is_shown_in_full_to_managers(cast: Api) -> None:
    path = f"/data/persons/{make(cast, phone='+33 2')['id']}"
    assert cast.get(path, user="manager")["phone"] == "+33 2"
    for who in BELOW_MANAGER:
        assert set(cast.get(path, user=who).json) == set(presentation.CARD)
    assert cast.get(path)["departments"] == []
    assert "departments" not in cast.get(f"{path}?relations=false").json
    assert cast.get(path, user=None).status == 401
    assert cast.get(f"/data/persons/{NOBODY}").status == 404
    assert cast.get("/data/persons/nobody").status == 400


def test_a_filter_tells_no_more_than_a_card(cast: Api) -> None:
    make(cast, daily_salary=300, phone="+33 2")
    everybody = len(cast.get("/data/persons").json)
    for guess in ("daily_salary=300", "phone=%2B33+2", "login_failed_attemps=0"):
        assert len(cast.get(f"/data/persons?{guess}", user="user").json) == everybody
    assert len(cast.get("/data/persons?daily_salary=300").json) == 1
    assert len(cast.get("/data/persons?role=vendor", user="user").json) == 1


def test_lists_are_filtered_and_paged(cast: Api) -> None:
    puppets = department(cast, "Puppets")
    make(cast, departments=[puppets])
    assert [one["first_name"] for one in cast.get(f"/data/persons?departments={puppets}").json] == ["Ada"]
    assert [one["first_name"] for one in cast.get("/data/persons?full_name=Ada+Lovelace").json] == ["Ada"]
    assert cast.get("/data/persons?role=king").json == []
    assert cast.get("/data/persons?active=maybe").status == 400
    page = cast.get("/data/persons?page=2&limit=3").json
    assert (page["total"], page["nb_pages"], page["offset"], len(page["data"])) == (7, 3, 3, 3)


def test_an_administrator_changes_almost_anything(api: Api) -> None:
    made = make(api)
    puppets = department(api, "Puppets")
    changed = api.put(
        f"/data/persons/{made['id']}",
        {
            "role": "manager",
            "archived": True,
            "departments": [puppets],
            "daily_salary": 300,
            "email": " Countess@example.com ",
            "id": NOBODY,
            "created_at": "2001-01-01T00:00:00",
            "no_such_field": 3,
        },
    )
    assert changed.status == 200
    assert (changed["role"], changed["archived"], changed["departments"]) == ("manager", True, [puppets])
    assert changed["email"] == "countess@example.com"
    assert (changed["id"], changed["created_at"]) == (made["id"], made["created_at"])
    event = last_event(api)
    assert (event["name"], event["data"]) == ("person:update", {"person_id": made["id"]})


@pytest.mark.parametrize(
    "wrong",
    [
        {"role": "king"},
        {"position": "throne"},
        {"expiration_date": "2001-01-01"},
        {"expiration_date": "31/12/2199"},
        {"two_factor_authentication": "pigeon"},
        {"email": ADMIN},
        {"first_name": None},
    ],
)
def test_a_wrong_change_is_refused(api: Api, wrong: dict[str, Any]) -> None:
    made = make(api)
    assert api.put(f"/data/persons/{made['id']}", wrong).status == 400
    assert stored("ada@example.com")["updated_at"][:19] == made["updated_at"]


def test_others_change_a_part_of_themselves(cast: Api) -> None:
    own = cast.people["user"]["id"]
    ignored = {
        "role": "king",
        "active": False,
        "archived": True,
        "is_bot": True,
        "departments": [department(cast, "Puppets")],
        "studio_id": NOBODY,
        "last_presence": "someday",
        "login_failed_attemps": 4,
    }
    changed = cast.put(f"/data/persons/{own}", {**ignored, "first_name": "Usher", "locale": "de_DE"}, user="user")
    assert changed.status == 200
    assert (changed["first_name"], changed["locale"]) == ("Usher", "de_DE")
    assert (changed["role"], changed["active"], changed["departments"], changed["is_bot"]) == ("user", True, [], False)
    assert changed["daily_salary"] == 250


def test_nobody_raises_their_own_salary(cast: Api) -> None:
    path = f"/data/persons/{cast.people['user']['id']}"
    assert cast.put(path, {"daily_salary": 1000}, user="user").status == 403
    assert cast.put(path, {"position": "lead"}, user="user").status == 403
    whole = {"daily_salary": 250, "position": "artist", "phone": "+33 3"}
    assert cast.put(path, whole, user="user")["phone"] == "+33 3"


def test_nobody_changes_others(cast: Api) -> None:
    path = f"/data/persons/{make(cast)['id']}"
    for who in ("manager", *BELOW_MANAGER):
        assert cast.put(path, {"phone": "+33 3"}, user=who).status == 403
    assert cast.put(path, {"phone": "+33 3"}, user=None).status == 401


def test_a_studio_has_a_limit_of_active_people(api: Api, configure: Configure) -> None:
    make(api)
    configure(PERSON_LIMIT=2)
    reply = api.post("/data/persons", {**ADA, "email": "bob@example.com"})
    assert (reply.status, reply["data"]) == (400, {"limit": 2})
    bob = make(api, email="bob@example.com", active=False)
    assert api.put(f"/data/persons/{bob['id']}", {"active": True}).status == 400
    assert api.put(f"/data/persons/{bob['id']}", {"phone": "+33 3"}).status == 200
    bot = make(api, email=None, is_bot=True)
    assert api.put(f"/data/persons/{bot['id']}", {"is_bot": False}).status == 400
    configure(PERSON_LIMIT=3)
    assert api.put(f"/data/persons/{bob['id']}", {"active": True}).status == 200


@pytest.mark.parametrize(
    ("locale", "status"),
    [
        *((known, 200) for known in ("fr_FR", "en", "zh_Hans_CN", "es_419", None)),
        *((unknown, 400) for unknown in ("xx_YY", "zz", "french", "en-US", "fr_france", "", 5)),
    ],
)
def test_a_locale_is_of_a_language_that_there_is(api: Api, locale: Any, status: int) -> None:
    assert api.put(f"/data/persons/{make(api)['id']}", {"locale": locale}).status == status


def test_of_many_who_come_in_at_once_none_is_too_many(api: Api, configure: Configure) -> None:
    waiting = [make(api, email=f"ada{number}@example.com", active=False) for number in range(8)]
    # The administrator, and five more.
    configure(PERSON_LIMIT=6)

    def enter(number: int) -> int:
        if number < len(waiting):
            return api.put(f"/data/persons/{waiting[number]['id']}", {"active": True}).status
        return api.post("/data/persons", {**ADA, "email": f"bob{number}@example.com"}).status

    with ThreadPoolExecutor(16) as pool:
        statuses = list(pool.map(enter, range(16)))
    assert sum(status in (200, 201) for status in statuses) == 5
    assert statuses.count(400) == 11
    assert sum(one["active"] for one in api.get("/data/persons").json) == 6


def test_who_leaves_makes_room(api: Api, configure: Configure) -> None:
    ada = make(api)
    configure(PERSON_LIMIT=2)
    for _ in range(2):
        assert api.post("/data/persons", {**ADA, "email": "bob@example.com"}).status == 400
        assert api.put(f"/data/persons/{ada['id']}", {"active": False}).status == 200
        assert api.put(f"/data/persons/{ada['id']}", {"active": True}).status == 200


def test_people_join_and_leave_departments(cast: Api) -> None:
    ada, puppets = make(cast), department(cast, "Puppets")
    add, out = f"/actions/persons/{ada['id']}/departments/add", f"/actions/persons/{ada['id']}/departments/{puppets}"
    for _ in range(2):
        joined = cast.post(add, {"department_id": puppets})
        assert (joined.status, joined["departments"]) == (201, [puppets])
    for wrong in ({}, {"department_id": NOBODY}, {"department_id": "nope"}, {"department_id": None}):
        assert cast.post(add, wrong).status == 400
    assert cast.post(add.replace(ada["id"], NOBODY), {"department_id": puppets}).status == 404
    assert cast.post(add, {"department_id": puppets}, user="manager").status == 403
    assert cast.delete(out, user="manager").status == 403
    assert cast.delete(out, user=None).status == 401
    assert cast.delete(out.replace(puppets, NOBODY)).status == 400
    assert cast.delete(out.replace(ada["id"], NOBODY)).status == 404
    for _ in range(2):
        assert cast.delete(out).status == 204
    assert cast.get(f"/data/persons/{ada['id']}")["departments"] == []


@pytest.fixture
def protected(api: Api, configure: Configure) -> Api:
    """A studio whose chief is an administrator that the installation protects."""
    configure(PROTECTED_ACCOUNTS="Chief@example.com")
    api.person("admin", name="chief")
    return api


@pytest.mark.parametrize(
    "wanted", [{"role": "user"}, {"active": False}, {"email": "other@example.com"}, {"is_bot": True}]
)
def test_a_protected_account_is_changed_by_nobody_else(protected: Api, wanted: dict[str, Any]) -> None:
    path = f"/data/persons/{protected.people['chief']['id']}"
    assert protected.put(path, wanted).status == 403
    assert protected.put(path, {"role": "admin", "active": True, "phone": "+33 3"}).status == 200
    assert protected.put(path, wanted, user="chief").status == 200


def test_a_protected_account_keeps_its_password_and_stays(protected: Api) -> None:
    chief = protected.people["chief"]["id"]
    body = {"password": "anothersecret", "password_2": "anothersecret"}
    path = f"/actions/persons/{chief}/change-password"
    assert protected.post(path, body).status == 403
    assert protected.post(path, body, user="chief").status == 200
    assert protected.delete(f"/data/persons/{chief}?force=true").status == 403
