"""Bots, and tokens of people for their scripts (docs/contract/people.md section 6)."""

from typing import Any

import jwt
import pytest

from chalicelib.records import clock
from tests.client import Api


def claims(token: str) -> dict[str, Any]:
    found: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return found


@pytest.fixture
def bot(api: Api) -> dict[str, Any]:
    """A bot, known to the client by its token."""
    made = api.post("/data/persons", {"first_name": "Render", "last_name": "Farm", "is_bot": True, "email": ""})
    assert made.status == 201
    api.tokens["bot"] = made["access_token"]
    person: dict[str, Any] = made.json
    return person


def test_a_bot_gets_its_token_once(api: Api, bot: dict[str, Any]) -> None:
    told = claims(bot["access_token"])
    assert (told["identity_type"], told["sub"], told["type"]) == ("bot", bot["id"], "access")
    assert "exp" not in told
    assert api.get("/auth/authenticated", user="bot")["user"]["id"] == bot["id"]
    assert "access_token" not in api.get(f"/data/persons/{bot['id']}").json
    assert "access_token" not in api.put(f"/data/persons/{bot['id']}", {"first_name": "Farm"}).json
    assert api.get("/auth/authenticated", user="bot").status == 200


def test_a_change_tells_whether_the_token_is_still_the_same(api: Api, bot: dict[str, Any]) -> None:
    path = f"/data/persons/{bot['id']}"
    first = api.put(path, {"first_name": "Farm"})["token_fingerprint"]
    assert api.put(path, {"last_name": "Two"})["token_fingerprint"] == first
    renewed = api.put(path, {"expiration_date": None})
    assert renewed["token_fingerprint"] not in (None, first)
    for token in (bot["access_token"], renewed["access_token"]):
        assert claims(token)["jti"].encode() not in api.put(path, {"first_name": "Farm"}).content
    own = f"/data/persons/{api.people['admin']['id']}"
    assert api.put(own, {"last_name": "Admin"})["token_fingerprint"] is None


def test_a_token_ends_with_its_day(api: Api) -> None:
    body = {"first_name": "B", "last_name": "B", "is_bot": True, "expiration_date": "2199-12-31"}
    token = api.post("/data/persons", body)["access_token"]
    assert claims(token)["exp"] == clock.epoch("2200-01-01T00:00:00")
    assert api.post("/data/persons", {**body, "expiration_date": clock.today()}).status == 201
    assert api.post("/data/persons", {**body, "expiration_date": "2001-01-01"}).status == 400
    assert api.post("/data/persons", {**body, "expiration_date": "9999-12-31"}).status == 201


@pytest.mark.parametrize("date", ["2199-12-31", None])
def test_a_new_date_is_a_new_token_and_the_old_one_is_dead(api: Api, bot: dict[str, Any], date: str | None) -> None:
    changed = api.put(f"/data/persons/{bot['id']}", {"expiration_date": date})
    assert api.get("/auth/authenticated", user="bot").status == 401
    api.tokens["bot"] = changed["access_token"]
    assert api.get("/auth/authenticated", user="bot").status == 200
    assert ("exp" in claims(changed["access_token"])) == (date is not None)


def test_an_inactive_bot_comes_back_to_life(api: Api, bot: dict[str, Any]) -> None:
    api.put(f"/data/persons/{bot['id']}", {"active": False})
    assert api.get("/data/departments", user="bot").status == 401
    api.put(f"/data/persons/{bot['id']}", {"active": True})
    assert api.get("/data/departments", user="bot").status == 200
    api.delete(f"/data/persons/{bot['id']}")
    assert api.get("/data/departments", user="bot").status == 401


def test_bots_may_share_an_address_and_never_sign_in(api: Api) -> None:
    api.person(name="ada")
    for name in ("One", "Two"):
        body = {"first_name": name, "last_name": "Bot", "is_bot": True, "email": "ada@example.com"}
        assert api.post("/data/persons", {**body, "password": "anothersecret"}).status == 201
    assert api.sign_in("ada@example.com", name="ada")["first_name"] == "Ada"
    body = {"email": "ada@example.com", "password": "anothersecret"}
    assert api.post("/auth/login", body, user=None).status == 400


def test_a_bot_sets_no_date_of_its_own(api: Api, bot: dict[str, Any]) -> None:
    changed = api.put(f"/data/persons/{bot['id']}", {"expiration_date": "2199-12-31", "phone": "1"}, user="bot")
    assert (changed["expiration_date"], changed["phone"]) == (None, "1")
    assert "access_token" not in changed.json
    assert api.get("/auth/authenticated", user="bot").status == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/actions/user/tasks/{}/subscribe"),
        ("POST", "/actions/user/chats/{}/join"),
        ("GET", "/data/user/tasks/{}/time-spents/2024-01-05"),
        ("GET", "/data/user/shots/{}/tasks"),
        ("GET", "/data/user/notifications/{}"),
        ("DELETE", "/data/user/filters/{}"),
    ],
)
def test_a_bot_is_refused_whatever_the_path_names(api: Api, bot: dict[str, Any], method: str, path: str) -> None:
    assert [api.call(method, path.format(named), user="bot").status for named in ("nope", bot["id"])] == [403, 403]


def test_people_hold_a_token_for_scripts_beside_their_logins(api: Api) -> None:
    api.person(name="ada")
    path = f"/data/persons/{api.people['ada']['id']}"
    made = api.put(path, {"expiration_date": "2199-12-31"}, user="ada")
    api.tokens["script"] = made["access_token"]
    assert claims(made["access_token"])["identity_type"] == "person_api"
    assert api.get("/auth/authenticated", user="script").status == 200
    assert api.get("/auth/authenticated", user="ada").status == 200
    assert api.get("/auth/logout", user="script").json == {"logout": True}
    assert api.get("/auth/authenticated", user="script").status == 200, "not ended by logout"
    newer = api.put(path, {"expiration_date": None}, user="script")["access_token"]
    assert api.get("/auth/authenticated", user="script").status == 401, "one at a time"
    api.tokens["script"] = newer
    assert api.get("/auth/authenticated", user="script").status == 200


def test_an_administrator_gets_no_token_of_somebody_else(api: Api) -> None:
    ada = api.person(name="ada")
    path = f"/data/persons/{ada['id']}"
    api.tokens["script"] = api.put(path, {"expiration_date": "2199-12-31"}, user="ada")["access_token"]
    whole = api.get(path).json
    assert "access_token" not in api.put(path, whole).json
    assert api.get("/auth/authenticated", user="script").status == 200, "the same date changes nothing"
    assert "access_token" not in api.put(path, {"expiration_date": "2198-12-31"}).json
    assert api.get("/auth/authenticated", user="script").status == 401, "another one ends the token"


def test_turning_a_bot_into_a_person_ends_its_token(api: Api, bot: dict[str, Any]) -> None:
    api.put(f"/data/persons/{bot['id']}", {"is_bot": False})
    assert api.get("/auth/authenticated", user="bot").status == 401


def test_turning_a_person_into_a_bot_ends_their_logins(api: Api) -> None:
    ada = api.person(name="ada")
    changed = api.put(f"/data/persons/{ada['id']}", {"is_bot": True, "expiration_date": None})
    assert api.get("/auth/authenticated", user="ada").status == 401
    api.tokens["ada"] = changed["access_token"]
    assert api.get("/auth/authenticated", user="ada")["user"]["is_bot"] is True
