"""Signing in, in the order in which it decides (docs/contract/people.md section 2)."""

import json
from typing import Any

import bcrypt
import pytest

from chalicelib.records import clock
from tests.client import ADMIN, PASSWORD, Api
from tests.unit.people.conftest import change, stored

BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/120.0.0.0 Safari/537.36"}


def log_in(api: Api, email: Any = ADMIN, password: Any = PASSWORD, **more: Any) -> Any:
    return api.post("/auth/login", {"email": email, "password": password, **more}, user=None)


def cookies(reply: Any) -> dict[str, str]:
    lines = reply.several.get("Set-Cookie", [])
    return {line.partition("=")[0]: line for line in lines}


def test_a_login_answers_tokens_person_and_organisation(api: Api) -> None:
    answer = log_in(api).json
    assert answer["login"] is True
    assert answer["user"]["email"] == ADMIN
    assert "departments" not in answer["user"]
    assert answer["organisation"]["name"] == "Kitsu"
    api.tokens["admin"] = answer["access_token"]
    seen = api.get("/auth/authenticated").json
    assert seen["authenticated"] is True
    assert seen["user"]["departments"] == []


def test_no_answer_holds_a_secret(api: Api) -> None:
    for reply in (log_in(api), api.get("/auth/authenticated"), api.get("/data/persons")):
        for secret in (b'"password"', b"$2b$", b"totp_secret", b"otp_recovery", b"fido_credentials", b'"jti":"'):
            assert secret not in reply.content


def test_the_answer_to_a_sign_in_names_the_script_token_and_never_shows_it(api: Api) -> None:
    # Recorded: the key is there, null for who has no such token; here it is null for who has one, too.
    reply = api.put(f"/data/persons/{api.people['admin']['id']}", {"expiration_date": "2099-01-01"})
    assert reply.status == 200
    assert log_in(api)["user"]["jti"] is None


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (f"email={ADMIN}&password={PASSWORD}".encode(), "application/x-www-form-urlencoded"),
        (f'{{"email": " {ADMIN.upper()} ", "password": "{PASSWORD}", "page": 3}}'.encode(), "application/json"),
        (
            f'{{"email": "{ADMIN}", "password": "{PASSWORD}", "totp": null, "email_otp": null, '
            '"fido_authentication_response": null, "recovery_code": null}'.encode(),
            "application/json",
        ),
    ],
    ids=["form", "JSON in capitals with unknown keys", "as gazu sends it"],
)
def test_credentials_come_in_many_forms(api: Api, content: bytes, kind: str) -> None:
    reply = api.call("POST", "/auth/login", raw=content, headers={"Content-Type": kind}, user=None)
    assert reply.status == 200


def test_credentials_come_in_the_query(api: Api) -> None:
    assert api.post(f"/auth/login?email={ADMIN}&password={PASSWORD}", user=None).status == 200


@pytest.mark.parametrize("email", [None, "", " ", "nobody@example.com", "5"])
def test_an_unknown_name_is_refused(api: Api, email: str | None) -> None:
    reply = log_in(api, email)
    assert (reply.status, reply["login"]) == (400, False)


def test_every_refusal_costs_one_hash(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted, not timed: who has an account, or a password, does not show in how long an answer takes."""
    hashes: list[bytes] = []
    check = bcrypt.checkpw

    def count(password: bytes, kept: bytes) -> bool:
        hashes.append(kept)
        return check(password, kept)

    api.post("/data/persons", {"first_name": "Ada", "last_name": "L", "email": "ada@example.com"})
    monkeypatch.setattr(bcrypt, "checkpw", count)
    for name in ("nobody@example.com", "nobody", "", ADMIN, "ada@example.com"):
        assert log_in(api, name, "wrong").status == 400
    assert len(hashes) == 5
    # All of the same cost.
    assert {kept[:7] for kept in hashes} == {b"$2b$04$"}


def test_a_desktop_login_does_as_well(api: Api) -> None:
    api.person(name="ada", desktop_login="ada.desk")
    assert log_in(api, "ada.desk").status == 200
    assert log_in(api, "").status == 400


def test_somebody_inactive_is_told_so_whatever_the_password(api: Api) -> None:
    ada = api.person(name="ada")
    api.put(f"/data/persons/{ada['id']}", {"active": False})
    for password in (PASSWORD, "wrong"):
        reply = log_in(api, "ada@example.com", password)
        assert (reply.status, reply["login"]) == (401, False)


def test_five_wrong_passwords_close_the_door_for_a_minute(api: Api) -> None:
    api.person(name="ada")
    for _ in range(5):
        reply = log_in(api, "ada@example.com", "wrong")
        assert "too_many_failed_login_attemps" not in reply.json
    closed = log_in(api, "ada@example.com")
    assert (closed.status, closed["too_many_failed_login_attemps"], closed["login"]) == (400, True, False)
    assert stored("ada@example.com")["login_failed_attemps"] == 5
    assert api.get("/auth/authenticated", user="ada").status == 200

    change("ada@example.com", last_login_failed=clock.shift(clock.now(), seconds=-61))
    assert log_in(api, "ada@example.com").status == 200
    person = stored("ada@example.com")
    assert person["login_failed_attemps"] == 0
    assert person["last_login_failed"] is not None


def test_an_administrator_opens_the_door(api: Api) -> None:
    ada = api.person(name="ada")
    for _ in range(5):
        log_in(api, "ada@example.com", "wrong")
    api.put(f"/data/persons/{ada['id']}", {"login_failed_attemps": 0})
    assert log_in(api, "ada@example.com").status == 200


def test_a_second_factor_lets_nobody_in_without_a_code(api: Api) -> None:
    api.person(name="ada")
    change("ada@example.com", totp_enabled=True, fido_enabled=True, preferred_two_factor_authentication="totp")
    reply = log_in(api, "ada@example.com")
    assert reply.status == 400
    assert reply["missing_OTP"] is True
    assert reply["preferred_two_factor_authentication"] == "totp"
    assert reply["two_factor_authentication_enabled"] == ["recovery_code", "totp", "fido"]
    assert log_in(api, "ada@example.com", email_otp="123456")["missing_OTP"] is True
    assert stored("ada@example.com")["login_failed_attemps"] == 0


@pytest.mark.parametrize("proof", [{"totp": "123456"}, {"totp": 123456}, {"recovery_code": "ABCDEFGHIJ"}])
def test_a_code_of_nothing_that_was_given_out_is_a_wrong_one(api: Api, proof: dict[str, Any]) -> None:
    api.person(name="ada")
    change("ada@example.com", totp_enabled=True)
    reply = log_in(api, "ada@example.com", **proof)
    assert (reply.status, reply["wrong_OTP"]) == (400, True)
    assert stored("ada@example.com")["login_failed_attemps"] == 1


def test_the_second_factor_is_asked_for_after_the_password(api: Api) -> None:
    api.person(name="ada")
    change("ada@example.com", totp_enabled=True)
    assert "missing_OTP" not in log_in(api, "ada@example.com", "wrong").json


def test_the_default_password_opens_nothing_but_a_reset(api: Api) -> None:
    api.post("/data/persons", {"first_name": "D", "last_name": "F", "email": "d@example.com", "password": "default"})
    reply = log_in(api, "d@example.com", None)
    assert (reply.status, reply["login"], reply["default_password"]) == (400, False, True)
    assert len(reply["token"]) == 64
    body = {"email": "d@example.com", "token": reply["token"], "password": PASSWORD, "password2": PASSWORD}
    assert api.put("/auth/reset-password", body, user=None).json == {"success": True}
    assert log_in(api, "d@example.com").status == 200


def test_a_person_without_a_password_cannot_sign_in(api: Api) -> None:
    api.post("/data/persons", {"first_name": "D", "last_name": "F", "email": "d@example.com"})
    assert log_in(api, "d@example.com", "default").status == 400
    assert stored("d@example.com")["login_failed_attemps"] == 1


def test_each_login_is_logged(api: Api) -> None:
    api.person(name="ada")
    log_in(api, "ada@example.com")
    log_in(api, "ada@example.com", "wrong")
    api.call(
        "POST",
        "/auth/login",
        {"email": "ada@example.com", "password": PASSWORD},
        user=None,
        headers={"X-Real-IP": "203.0.113.7", **BROWSER},
    )
    newest, before, first = api.get("/data/events/login-logs/last").json
    assert (newest["person_id"], newest["ip_address"]) == (api.people["ada"]["id"], "203.0.113.7")
    assert set(newest) == {"created_at", "ip_address", "person_id"}
    assert before["ip_address"] == "127.0.0.1"
    assert first["person_id"] == api.people["admin"]["id"]
    assert len(api.get("/data/events/login-logs/last?limit=1").json) == 1
    assert api.get("/data/events/login-logs/last?limit=0").json == []
    assert api.get("/data/events/login-logs/last?before=2001-01-01T00:00:00").json == []


@pytest.mark.parametrize("query", ["limit=many", "limit=-1", "before=someday"])
def test_a_malformed_question_for_logins_is_refused(api: Api, query: str) -> None:
    assert api.get(f"/data/events/login-logs/last?{query}").status == 400


def test_login_logs_are_for_managers(api: Api) -> None:
    api.person("manager")
    api.person("supervisor")
    assert api.get("/data/events/login-logs/last", user="manager").status == 200
    assert api.get("/data/events/login-logs/last", user="supervisor").status == 403
    assert api.get("/data/events/login-logs/last", user=None).status == 401


def test_a_header_that_is_no_address_is_not_logged(api: Api) -> None:
    api.call("POST", "/auth/login", {"email": ADMIN, "password": PASSWORD}, user=None, headers={"X-Real-IP": "<b>"})
    assert api.get("/data/events/login-logs/last").json[0]["ip_address"] is None


def test_a_browser_gets_its_tokens_as_cookies(api: Api) -> None:
    body = {"email": ADMIN, "password": PASSWORD}
    secure = {**BROWSER, "X-Forwarded-Proto": "https"}
    reply = api.call("POST", "/auth/login", body, user=None, headers=secure)
    found = cookies(reply)
    access, refresh = found["access_token_cookie"], found["refresh_token_cookie"]
    assert f"access_token_cookie={reply['access_token']}; Path=/;" in access
    assert f"refresh_token_cookie={reply['refresh_token']}; Path=/auth/refresh-token;" in refresh
    for line in (access, refresh):
        assert {"HttpOnly", "SameSite=Lax", "Secure"} <= set(line.split("; "))
    plain = api.call("POST", "/auth/login", body, user=None, headers=BROWSER)
    assert "Secure" not in cookies(plain)["access_token_cookie"]
    assert cookies(log_in(api)) == {}


def test_below_a_prefix_a_browser_finds_its_refresh_token_again(api: Api) -> None:
    """A browser sends a cookie to paths below the cookie's, as it sees them: behind `/api` here."""

    def ask(method: str, path: str, body: Any = None, cookie: str = "") -> Any:
        event = {
            "httpMethod": method,
            "path": path,
            "headers": {**BROWSER, "Content-Type": "application/json", "Cookie": cookie},
            "requestContext": {"httpMethod": method, "path": f"/api{path}", "identity": {"sourceIp": "127.0.0.1"}},
            "body": json.dumps(body).encode() if body else None,
            "vulpes.raw": True,
        }
        return api.app(event, None)

    told = ask("POST", "/auth/login", {"email": ADMIN, "password": PASSWORD})["multiValueHeaders"]["Set-Cookie"]
    paths = [part for line in told for part in line.split("; ") if part.startswith("Path=")]
    assert paths == ["Path=/", "Path=/api/auth/refresh-token", "Path=/auth/refresh-token"]
    kept = told[1].partition(";")[0]
    assert ask("GET", "/auth/refresh-token", cookie=kept)["statusCode"] == 200
    gone = ask("GET", "/auth/logout", cookie=told[0].partition(";")[0])["multiValueHeaders"]["Set-Cookie"]
    assert [part for line in gone for part in line.split("; ") if part.startswith("Path=")] == paths


def test_a_browser_refreshes_its_cookie(api: Api) -> None:
    jar = {"Cookie": f"refresh_token_cookie={log_in(api)['refresh_token']}"}
    reply = api.get("/auth/refresh-token", user=None, headers={**jar, **BROWSER})
    assert reply.json == {"refresh": True}
    token = cookies(reply)["access_token_cookie"].partition(";")[0]
    assert api.get("/auth/authenticated", user=None, headers={"Cookie": token}).status == 200


def test_a_script_refreshes_its_token(api: Api) -> None:
    api.tokens["refresh"] = log_in(api)["refresh_token"]
    api.tokens["again"] = api.get("/auth/refresh-token", user="refresh")["access_token"]
    assert api.get("/auth/authenticated", user="again").status == 200
    assert api.get("/auth/refresh-token", user="again").status == 422
    assert api.get("/auth/authenticated", user="refresh").status == 422


def test_logging_out_ends_one_login_alone(api: Api) -> None:
    answer = log_in(api).json
    api.tokens |= {"other": answer["access_token"], "refresh": answer["refresh_token"]}
    reply = api.get("/auth/logout", user="other", headers=BROWSER)
    assert reply.json == {"logout": True}
    assert all("Max-Age=0" in line for line in cookies(reply).values())
    assert len(cookies(reply)) == 2
    assert api.get("/auth/authenticated", user="other").status == 401
    assert api.get("/auth/refresh-token", user="refresh").status == 401
    assert api.get("/auth/authenticated").status == 200


def test_logging_out_of_a_refreshed_browser_ends_the_refresh_token(api: Api) -> None:
    api.tokens["refresh"] = log_in(api)["refresh_token"]
    jar = {"Cookie": f"refresh_token_cookie={api.tokens['refresh']}", **BROWSER}
    token = cookies(api.get("/auth/refresh-token", user=None, headers=jar))["access_token_cookie"].partition(";")[0]
    assert api.get("/auth/logout", user=None, headers={"Cookie": token}).status == 200
    assert api.get("/auth/refresh-token", user="refresh").status == 401


def test_what_a_script_refreshed_ends_alone(api: Api) -> None:
    """Recorded: what it signed in with stays good."""
    answer = log_in(api).json
    api.tokens |= {"first": answer["access_token"], "refresh": answer["refresh_token"]}
    api.tokens["again"] = api.get("/auth/refresh-token", user="refresh")["access_token"]
    assert api.get("/auth/logout", user="again").status == 200
    seen = [api.get("/auth/authenticated", user=name).status for name in ("again", "first")]
    assert [*seen, api.get("/auth/refresh-token", user="refresh").status] == [401, 200, 200]


def test_tokens_of_somebody_made_inactive_stay_dead(api: Api) -> None:
    ada = api.person(name="ada")
    api.put(f"/data/persons/{ada['id']}", {"active": False})
    assert api.get("/auth/authenticated", user="ada").status == 401
    api.put(f"/data/persons/{ada['id']}", {"active": True})
    assert api.get("/auth/authenticated", user="ada").status == 401
    api.sign_in("ada@example.com", name="ada")
    assert api.get("/auth/authenticated", user="ada").status == 200


def test_single_sign_on_is_off(api: Api) -> None:
    assert api.get("/auth/saml/login", user=None).status == 400
    assert api.call("POST", "/auth/saml/sso", raw=b"SAMLResponse=x", user=None).status == 400
