import json
import logging
from types import SimpleNamespace

import pytest

from chalicelib.http.application import VulpesApp
from chalicelib.http.log import RequestLog
from chalicelib.http.routing import Area
from tests.unit.http.client import Client, event, signed_in


def client() -> Client:
    area = Area("test")
    area.get("/tasks/{task_id}", access=signed_in)(lambda call: {})
    return Client([area], {"counter": lambda: (2, 1.5)})


def test_a_line_a_request() -> None:
    sent = client()
    headers = {"Authorization": "Bearer ada", "Cookie": "access_token_cookie=s3cret"}
    asked = event("GET", "/tasks/1", headers=headers, query={"name": "s3cret"}, body="s3cret")
    sent.app(asked, SimpleNamespace(aws_request_id="r-1"))
    (line,) = sent.lines
    found = json.loads(line)
    assert found.pop("ms") >= 0
    assert found == {
        "level": "info",
        "route": "/tasks/{task_id}",
        "method": "GET",
        "status": 200,
        "caller": "ada",
        "address": "192.0.2.7",
        "request": "r-1",
        "dynamodb_calls": 2,
        "dynamodb_units": 1.5,
    }


def test_a_request_that_no_route_took() -> None:
    sent = client()
    sent.get("/nowhere/s3cret")
    found = json.loads(sent.lines[0])
    assert (found["route"], found["status"]) == (None, 404)
    assert "s3cret" not in sent.lines[0]


def test_a_caller_may_be_an_object() -> None:
    lines: list[str] = []
    caller = SimpleNamespace(id=7)
    RequestLog(lines.append).request(route="/", method="GET", status=200, ms=1, caller=caller, request_id="")
    assert json.loads(lines[0])["caller"] == "7"


def test_what_parts_of_the_app_warn_of_reaches_the_log_of_the_function(caplog: pytest.LogCaptureFixture) -> None:
    VulpesApp(app_name="vulpes")
    logging.getLogger("vulpes.store").warning("A partition is half full")
    assert caplog.messages == ["A partition is half full"]
