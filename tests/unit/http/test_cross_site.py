"""What another site may not do in the name of its visitor (docs/security.md)."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.settings import current
from infra.local.inside import Answered
from tests.client import Api

HOST = "api.example.com"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
Send = Callable[..., Answered]


@pytest.fixture
def send(api: Api, monkeypatch: pytest.MonkeyPatch) -> Send:
    """Sends a form, or another request, by the cookie of the administrator."""
    monkeypatch.setenv("VULPES_SITE_URL", "https://kitsu.example.com/studio")
    monkeypatch.setenv("VULPES_CORS_ORIGINS", "https://tools.example.com:8443")
    current.cache_clear()
    cookie = {"Cookie": f"access_token_cookie={api.tokens['admin']}", "Host": HOST}

    def by_cookie(
        method: str = "POST", path: str = "/actions/user/notifications/mark-all-as-read", **more: Any
    ) -> Answered:
        return api.call(method, path, raw=b"a=b", headers={**cookie, **FORM, **more}, user=None)

    return by_cookie


OURS: list[dict[str, str]] = [
    {},
    {"Origin": f"https://{HOST}"},
    {"Origin": f"http://{HOST}:80"},
    {"Origin": "https://kitsu.example.com"},
    {"Origin": "https://kitsu.example.com", "Sec-Fetch-Site": "same-site"},
    {"Origin": "https://TOOLS.example.com:8443", "Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
]
THEIRS: list[dict[str, str]] = [
    {"Origin": "https://evil.example.org"},
    {"Origin": "null"},
    {"Origin": "https://"},
    {"Origin": "https://kitsu.example.com.evil.example.org"},
    {"Origin": "https://tools.example.com"},
    {"Origin": "https://kitsu.example.com:1x"},
    {"Origin": f"http://{HOST}", "X-Forwarded-Proto": "https"},
    {"Origin": f"file://{HOST}"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example.org", "Sec-Fetch-Site": "cross-site"},
]


@pytest.mark.parametrize("headers", OURS)
def test_our_pages_and_what_is_no_browser_are_served(send: Send, headers: dict[str, str]) -> None:
    assert send(**headers).status == 200


@pytest.mark.parametrize("headers", THEIRS)
def test_another_site_is_refused(send: Send, headers: dict[str, str]) -> None:
    answered = send(**headers)
    assert (answered.status, answered["error"]) == (403, answered["message"])


def test_it_is_refused_whatever_it_changes(api: Api, send: Send) -> None:
    evil = {"Origin": "https://evil.example.org"}
    for method, path in (
        ("PUT", "/data/user/filters/x"),
        ("DELETE", "/data/persons/x"),
        ("POST", "/import/kitsu/tasks"),
    ):
        assert send(method, path, **evil).status == 403
    for path in ("/auth/logout", f"/actions/persons/{api.people['admin']['id']}/invite"):
        assert send("GET", path, **{"Sec-Fetch-Site": "cross-site"}).status == 403
    assert api.get("/auth/authenticated").status == 200


def test_a_refresh_cookie_is_a_cookie(api: Api, send: Send) -> None:
    cookie = {"Cookie": "refresh_token_cookie=x", "Sec-Fetch-Site": "cross-site"}
    assert api.get("/auth/refresh-token", user=None, headers=cookie).status in (401, 422)


def test_reading_is_left_to_the_rules_of_browsers(send: Send) -> None:
    assert send("GET", "/data/persons", **{"Sec-Fetch-Site": "cross-site"}).status == 200


def test_a_token_in_the_header_is_never_sent_unasked(api: Api, send: Send) -> None:
    evil = {"Origin": "https://evil.example.org", "Sec-Fetch-Site": "cross-site"}
    assert api.call("POST", "/actions/user/notifications/mark-all-as-read", headers=evil, raw=b"").status == 200
    body = {"email": "nobody@example.com", "password": "x"}
    assert api.call("POST", "/auth/login", body, user=None, headers=evil).status == 400
