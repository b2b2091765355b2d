from typing import Any

import pytest

from chalicelib.http.routing import Area
from tests.unit.http.client import Client, anybody

PUBLISHER = "http://localhost:8081"
PREFLIGHT = {"Origin": PUBLISHER, "Access-Control-Request-Method": "PUT"}


@pytest.fixture
def client() -> Client:
    area = Area("test")
    area.get("/tasks/{task_id}", access=anybody)(lambda call: {})
    area.put("/tasks/{id}", access=anybody)(lambda call: {})
    return Client([area])


def test_anybody_may_call_without_cookies(client: Client) -> None:
    got = client.get("/tasks/1", headers={"Origin": PUBLISHER})
    assert got.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in got.headers
    assert "ETag" in got.headers["access-control-expose-headers"]


def test_a_configured_origin_may_use_cookies(client: Client, configure: Any) -> None:
    configure(VULPES_CORS_ORIGINS=f"https://studio.example.com, {PUBLISHER}")
    got = client.get("/tasks/1", headers={"Origin": PUBLISHER})
    assert got.headers["access-control-allow-origin"] == PUBLISHER
    assert got.headers["access-control-allow-credentials"] == "true"
    assert got.headers["vary"] == "Origin"
    for origin in ("https://elsewhere.example.com", "null", ""):
        other = client.get("/tasks/1", headers={"Origin": origin})
        assert "access-control-allow-origin" not in other.headers
        assert other.headers["vary"] == "Origin"


def test_errors_can_be_read_from_there_too(client: Client) -> None:
    assert client.get("/nowhere", headers={"Origin": PUBLISHER}).headers["access-control-allow-origin"] == "*"


def test_a_preflight(client: Client) -> None:
    asked = {**PREFLIGHT, "Access-Control-Request-Headers": "authorization,x-odd"}
    got = client.send("OPTIONS", "/tasks/1", headers=asked)
    assert (got.status, got.body) == (204, b"")
    assert got.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS, PUT"
    assert got.headers["access-control-allow-headers"] == "authorization,x-odd"
    assert int(got.headers["access-control-max-age"]) > 0


def test_a_preflight_of_odd_header_names(client: Client) -> None:
    got = client.send("OPTIONS", "/tasks/1", headers={**PREFLIGHT, "Access-Control-Request-Headers": "a\r\nb: c"})
    assert "Authorization" in got.headers["access-control-allow-headers"]


def test_options_that_are_no_preflight(client: Client) -> None:
    got = client.send("OPTIONS", "/tasks/1")
    assert (got.status, got.headers["allow"]) == (204, "GET, HEAD, OPTIONS, PUT")
    assert "access-control-max-age" not in got.headers


def test_a_preflight_of_an_unknown_path(client: Client) -> None:
    assert client.send("OPTIONS", "/nowhere", headers=PREFLIGHT).status == 404
