"""Tokens, row by row of docs/contract/people.md section 2.1."""

import time
from typing import Any

import jwt
import pytest

from chalicelib.access import tokens
from chalicelib.store.secrets import token_secrets
from tests.client import ADMIN, PASSWORD, Api
from tests.unit.people.conftest import change, stored

SEEN, REFRESH = "/auth/authenticated", "/auth/refresh-token"


def forged(api: Api, *, secret: str = "", algorithm: str = "HS256", **claims: Any) -> str:
    """The administrator's token with other claims; None takes one away."""
    told = {**jwt.decode(api.tokens["admin"], options={"verify_signature": False}), **claims}
    told = {name: value for name, value in told.items() if value is not None}
    return jwt.encode(told, secret or token_secrets()[0], algorithm=algorithm)


def status_of(api: Api, header: str | None, path: str = SEEN) -> int:
    return api.get(path, user=None, headers={"Authorization": header} if header is not None else {}).status


def test_what_a_token_says(api: Api) -> None:
    answer = api.post("/auth/login", {"email": ADMIN, "password": PASSWORD}, user=None).json
    access, refresh = (
        jwt.decode(answer[name], options={"verify_signature": False}) for name in ("access_token", "refresh_token")
    )
    assert set(access) == {"fresh", "iat", "nbf", "exp", "jti", "type", "sub", "identity_type"}
    assert (access["fresh"], access["type"], refresh["type"]) == (False, "access", "refresh")
    assert (access["sub"], access["identity_type"]) == (answer["user"]["id"], "person")
    assert access["exp"] - access["iat"] == 7 * 86_400
    assert refresh["exp"] - refresh["iat"] == 15 * 86_400
    assert jwt.get_unverified_header(answer["access_token"])["alg"] == "HS256"


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic YWRtaW46YWRtaW4=", "Token abc"])
def test_nothing_or_another_scheme_is_nobody(api: Api, header: str | None) -> None:
    assert status_of(api, header) == 401
    assert status_of(api, header, REFRESH) == 401


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
def test_what_is_no_token_of_ours_is_refused(api: Api) -> None:
    other = "another-secret-that-is-long-enough-to-sign"
    head, body, _ = api.tokens["admin"].split(".")
    wrong = [
        "x",
        "a.b.c",
        f"{head}.{body}.",
        f"{head}.{body}.AAAA",
        forged(api, secret=other),
        forged(api, algorithm="HS512"),
        jwt.encode({"sub": "x", "jti": "y", "type": "access"}, None, algorithm="none"),
        forged(api, sub=None),
        forged(api, jti=None),
        forged(api, type=None),
        forged(api, nbf=int(time.time()) + 3600),
    ]
    assert [status_of(api, f"Bearer {token}") for token in wrong] == [422] * len(wrong)


def test_an_expired_token_says_the_words_that_clients_refresh_on(api: Api) -> None:
    for path, sort in ((SEEN, "access"), (REFRESH, "refresh")):
        token = forged(api, type=sort, exp=int(time.time()) - 60)
        reply = api.get(path, user=None, headers={"Authorization": f"Bearer {token}"})
        assert (reply.status, reply["message"]) == (401, "Signature has expired")


def test_an_expired_token_of_another_secret_is_no_token(api: Api) -> None:
    token = forged(api, secret="another-secret-that-is-long-enough-to-sign", exp=1)
    assert status_of(api, f"Bearer {token}") == 422


def test_a_token_of_the_other_sort_is_refused(api: Api) -> None:
    refresh = tokens.issue(stored(ADMIN), "refresh")
    assert status_of(api, f"Bearer {refresh}") == 422
    assert status_of(api, f"Bearer {api.tokens['admin']}", REFRESH) == 422
    for path, cookie in ((SEEN, f"access_token_cookie={refresh}"), (REFRESH, f"refresh_token_cookie={refresh}")):
        status = api.get(path, user=None, headers={"Cookie": cookie}).status
        assert status == (422 if path == SEEN else 200)


def test_a_refresh_cookie_opens_nothing_else(api: Api) -> None:
    cookie = f"refresh_token_cookie={tokens.issue(stored(ADMIN), 'refresh')}"
    assert api.get(SEEN, user=None, headers={"Cookie": cookie}).status == 401
    assert api.get(REFRESH, user=None, headers={"Cookie": f"access_token_cookie={api.tokens['admin']}"}).status == 401


def test_the_scheme_is_read_in_any_case_and_before_the_cookie(api: Api) -> None:
    assert status_of(api, f"bearer {api.tokens['admin']}") == 200
    headers = {"Authorization": "Bearer x", "Cookie": f"access_token_cookie={api.tokens['admin']}"}
    assert api.get(SEEN, user=None, headers=headers).status == 422


def test_a_token_of_somebody_gone_is_nobody(api: Api) -> None:
    made = api.post("/data/persons", {"first_name": "A", "last_name": "B", "email": "ada@example.com"}).json
    api.tokens["ada"] = tokens.issue(stored("ada@example.com"))
    refresh = tokens.issue(stored("ada@example.com"), "refresh")
    assert api.delete(f"/data/persons/{made['id']}").status == 204
    assert api.get(SEEN, user="ada").status == 401
    assert status_of(api, f"Bearer {refresh}", REFRESH) == 401


def test_a_refresh_token_of_somebody_made_inactive_stays_dead(api: Api) -> None:
    api.person(name="ada")
    refresh = tokens.issue(stored("ada@example.com"), "refresh")
    change("ada@example.com", active=False, token_generation=1)
    assert status_of(api, f"Bearer {refresh}", REFRESH) == 401
    change("ada@example.com", active=True)
    assert status_of(api, f"Bearer {refresh}", REFRESH) == 401


def test_a_revoked_token_is_kept_for_as_long_as_it_would_live(api: Api) -> None:
    from chalicelib.store import keys
    from chalicelib.store.table import Item

    claims = tokens.read(api.tokens["admin"])
    assert api.get("/auth/logout").status == 200
    assert api.get(SEEN).status == 401
    mark = Item.get(*keys.revoked(claims.session_id))
    assert claims.expires is not None
    assert mark.ttl >= claims.expires + tokens.REFRESH_SECONDS - tokens.ACCESS_SECONDS
