import json
from typing import Any

import msgspec
import pytest

from chalicelib import errors
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from tests.unit.http.client import Client, anybody, event, read


def client_failing(problem: Exception) -> Client:
    area = Area("test")

    @area.get("/x/{id}", access=anybody)
    def fail(call: Call) -> Any:
        raise problem

    return Client([area])


@pytest.mark.parametrize(
    ("problem", "status"),
    [
        (errors.Invalid("No.", "name", "a text"), 400),
        (errors.Duplicate("No."), 400),
        (errors.NotSignedIn("No."), 401),
        (errors.Forbidden("No."), 403),
        (errors.NotFound("No."), 404),
        (errors.TooLarge("No."), 413),
        (errors.InvalidToken("No."), 422),
        (errors.WriteConflict("No."), 503),
    ],
)
def test_one_shape_for_all(problem: errors.VulpesError, status: int) -> None:
    client = client_failing(problem)
    got = client.get("/x/1")
    assert got.status == status
    assert got.json == {"error": "No.", "message": "No.", "data": problem.data}
    assert got.headers["content-type"] == "application/json"
    assert got.headers["cache-control"] == "no-store"
    assert [json.loads(line)["level"] for line in client.lines] == ["info"]


def test_keys_that_clients_read_stand_beside() -> None:
    got = client_failing(errors.Invalid("No.", login=False, missing_OTP=True)).get("/x/1")
    assert got.json == {"error": "No.", "message": "No.", "data": None, "login": False, "missing_OTP": True}


def test_a_crash_tells_the_log_and_nobody_else() -> None:
    client = client_failing(RuntimeError("the password is hunter2"))
    got = client.get("/x/1", query={"token": "s3cret"}, headers={"Authorization": "Bearer s3cret"})
    assert got.status == 500
    assert got.json == errors.error_body("Something went wrong on the server.")
    failure, request = map(json.loads, client.lines)
    assert (failure["level"], failure["route"], failure["error"]) == ("error", "/x/{id}", "RuntimeError")
    assert "hunter2" in failure["traceback"]
    assert request["status"] == 500
    assert "s3cret" not in "".join(client.lines)


def test_a_crash_with_an_odd_message_is_noted_too() -> None:
    client = client_failing(RuntimeError("half a pair: \ud800"))
    assert client.get("/x/1").status == 500
    assert "half a pair: ?" in json.loads(client.lines[0])["traceback"]


def test_an_answer_that_cannot_be_encoded_is_a_crash() -> None:
    area = Area("test")
    area.get("/x", access=anybody)(lambda call: object())
    assert Client([area]).get("/x").status == 500


class Inner(msgspec.Struct):
    """A nested shape."""

    frames: int


class Outer(msgspec.Struct, forbid_unknown_fields=True):
    """A shape."""

    name: str
    rows: list[Inner] = []


@pytest.mark.parametrize(
    ("value", "field", "expected"),
    [
        ({}, "name", "a value"),
        ({"name": 1}, "name", "str"),
        ({"name": "a", "rows": [{"frames": "1"}]}, "rows[0].frames", "int"),
        ({"name": "a", "rows": [{}]}, "rows[0].frames", "a value"),
        ({"name": "a", "odd": 1}, "odd", "no such field"),
        ([], "body", "object"),
    ],
)
def test_wrong_input_names_field_and_expectation(value: Any, field: str, expected: str) -> None:
    with pytest.raises(msgspec.ValidationError) as problem:
        msgspec.convert(value, Outer)
    got = client_failing(problem.value).get("/x/1")
    assert (got.status, got.json["data"]) == (400, {"field": field, "expected": expected})
    assert field in got.json["message"]


def test_who_is_not_signed_in_is_told_how() -> None:
    assert client_failing(errors.NotSignedIn("No.")).get("/x/1").headers["www-authenticate"] == "Bearer"


def test_a_failing_middleware_is_answered_in_the_same_shape() -> None:
    client = client_failing(errors.NotFound("No."))

    @client.app.middleware("http")
    def broken(request: Any, proceed: Any) -> Any:
        raise RuntimeError("broken")

    got = client.get("/x/1")
    assert (got.status, got.json["error"]) == (500, "Something went wrong on the server.")


def test_middleware_sees_and_changes_answers() -> None:
    area = Area("test")
    area.get("/x", access=anybody)(lambda call: {})
    client = Client([area])

    @client.app.middleware("http")
    def marks(request: Any, proceed: Any) -> Any:
        answer = proceed(request)
        answer.headers["X-Path"] = request.path
        return answer

    assert read(client.app(event("GET", "/x"), None)).headers["x-path"] == "/x"
