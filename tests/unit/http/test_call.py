from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.http.call import Call, Route
from tests.unit.http.client import anybody, event

CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"


def call(**options: Any) -> Call:
    route = Route("GET", "/data/tasks", lambda call: None, anybody, "test")
    return Call(event("GET", "/data/tasks", **options), "/data/tasks", route, {})


@pytest.mark.parametrize(
    "agent",
    [
        CHROME,
        CHROME + " Edg/126.0",
        CHROME + " OPR/111.0",
        CHROME + " Vivaldi/6.8",
        "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
        "Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
        IPHONE + " CriOS/126.0 Mobile/15E148",
        IPHONE + " FxiOS/127.0 Mobile/15E148",
        IPHONE + " EdgiOS/126.0 Mobile/15E148",
        IPHONE + " OPT/4.7",
        "Opera/9.80 (Windows NT 6.1) Presto/2.12 Version/12.16",
    ],
)
def test_browsers(agent: str) -> None:
    assert call(headers={"User-Agent": agent}).is_browser


@pytest.mark.parametrize("agent", ["CGWire Gazu 0.10.31", "python-requests/2.32", "curl/8.5", "aiohttp/3.9", ""])
def test_scripts(agent: str) -> None:
    assert not call(headers={"User-Agent": agent}).is_browser


@pytest.mark.parametrize(
    ("headers", "token"),
    [
        ({"Authorization": "Bearer abc"}, "abc"),
        ({"authorization": "bearer  abc "}, "abc"),
        ({"Authorization": "Bearer abc", "Cookie": "access_token_cookie=xyz"}, "abc"),
        ({"Authorization": "Basic abc"}, None),
        ({"Authorization": "Basic abc", "Cookie": "access_token_cookie=xyz"}, "xyz"),
        ({"Cookie": "a=1; access_token_cookie=xyz; refresh_token_cookie=other"}, "xyz"),
        ({"Authorization": "Bearer "}, None),
        ({"Authorization": "abc"}, None),
        ({}, None),
    ],
)
def test_the_access_token(headers: dict[str, str], token: str | None) -> None:
    assert call(headers=headers).token_text == token


def test_the_refresh_token() -> None:
    assert call(headers={"Cookie": "access_token_cookie=a; refresh_token_cookie=r"}).refresh_token_text == "r"
    assert call(headers={"Authorization": "Bearer b", "Cookie": "refresh_token_cookie=r"}).refresh_token_text == "b"


def test_cookies_of_several_headers() -> None:
    sent = call(headers={"Cookie": "b=2"}, multiValueHeaders={"Cookie": ["a=1; a=3", "b=2"]})
    assert sent.cookies == {"a": "1", "b": "2"}


def test_the_address_of_the_client() -> None:
    assert call().ip == "192.0.2.7"
    assert call(headers={"X-Real-IP": "198.51.100.9"}).ip == "198.51.100.9"
    assert call(requestContext={}).ip == ""


def test_the_distribution_passes_on_who_asks(configure: Callable[..., None]) -> None:
    passed = {"X-Vulpes-Edge": "of-this-stack", "X-Vulpes-Viewer": "203.0.113.9"}
    assert call(headers=passed).peer == "192.0.2.7", "where there is no distribution nobody passed one"
    configure(VULPES_EDGE_KEY="of-this-stack")
    assert call(headers=passed).peer == "203.0.113.9"
    assert call(headers={**passed, "X-Vulpes-Edge": "guessed"}).peer == "192.0.2.7"
    assert call(headers={"X-Vulpes-Viewer": "203.0.113.9"}).peer == "192.0.2.7"


def test_the_first_value_of_a_query_key_counts() -> None:
    assert call(query={"name": ["first", "last"], "page": "1"}).query == {"name": "first", "page": "1"}
    assert call(queryStringParameters={"name": "only"}).query == {"name": "only"}
    assert call().query == {}


def test_a_query_that_no_encoder_would_take_is_mended() -> None:
    assert call(query={"name\ud800": "a\udc80é"}).query == {"name?": "a?é"}
    assert call(headers={"X-Odd": "a\udc80"}).headers == {"x-odd": "a?"}


def test_the_address_the_client_used() -> None:
    sent = call(headers={"Host": "vulpes.example.com", "X-Forwarded-Proto": "https"})
    assert sent.is_secure
    assert sent.base_url == "https://vulpes.example.com"
    assert call(requestContext={"path": "/api/data/tasks"}).base_url == "http://localhost/api"


@pytest.mark.parametrize(
    ("named", "known"),
    [('"v1"', True), ('W/"v1"', True), ('"v0", W/"v1"', True), ("*", True), ('"v2"', False), ("", False)],
)
def test_whether_the_client_knows_a_version(named: str, known: bool) -> None:
    sent = call(headers={"If-None-Match": named})
    assert sent.knows('"v1"') is known
    assert sent.knows('W/"v1"') is known
