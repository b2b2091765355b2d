"""What went wrong reaches a user of gazu in words, whoever on the way refused the request."""

import json
from collections.abc import Iterator
from typing import Any

import gazu
import pytest
import requests

from chalicelib import errors
from chalicelib.http.answers import binary
from chalicelib.http.application import VulpesApp
from chalicelib.http.call import Call
from chalicelib.http.log import RequestLog
from chalicelib.http.routing import Area
from infra.aws.gateway import errors as errors_of_the_gateway
from infra.local import gateway
from infra.local.gateway import Gateway
from infra.local.server import HttpServer, bind
from infra.local.site import Pages
from tests.stack.conftest import Wire
from tests.unit.http.client import anybody, signed_in


def families(base: type[errors.VulpesError]) -> Iterator[type[errors.VulpesError]]:
    yield base
    for one in base.__subclasses__():
        yield from families(one)


CLASSES = {one.__name__: one for one in families(errors.VulpesError)}
area = Area("test")


@area.get("/raises/{name}", access=anybody)
def raises(call: Call) -> Any:
    raise CLASSES[call.params["name"]]("The name is taken.")


@area.get("/crashes", access=anybody)
def crashes(call: Call) -> Any:
    raise RuntimeError("a secret")


@area.post("/takes", access=anybody, body=dict[str, int])
def takes(call: Call) -> Any:
    return call.body


@area.post("/form", access=anybody, body=dict[str, int], form=True, files=True)
def form(call: Call) -> Any:
    return call.body


area.get("/mine", access=signed_in)(lambda call: {})
area.get("/movie", access=anybody)(lambda call: binary(b"frames", "video/mp4"))


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    app = VulpesApp("test", area.routes, log=RequestLog(lambda line: None, None), configure_logs=False, env={})

    def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
        if event["path"] == "/dies":
            raise RuntimeError("the function died")
        answered: dict[str, Any] = app(event, context)
        return answered

    def page() -> str:
        raise RuntimeError("no page")

    running = HttpServer(bind(0), Gateway(handler, Pages(page)))
    running.start()
    yield running.port
    running.stop()


def told(response: requests.Response) -> str:
    """What gazu shows; it takes the first true value of `error` and `message`."""
    assert response.headers["Content-Type"] == "application/json"
    shown: str = gazu.client.get_message_from_response(response)
    assert isinstance(shown, str)
    assert shown == response.json()["message"] != ""
    return shown


@pytest.mark.parametrize("name", CLASSES)
def test_every_class_of_errors_is_told_in_words(port: int, name: str) -> None:
    response = requests.get(f"http://127.0.0.1:{port}/api/raises/{name}", timeout=10)
    assert (response.status_code, told(response)) == (CLASSES[name].status, "The name is taken.")


def test_gazu_raises_with_the_words(port: int) -> None:
    client = gazu.client.KitsuClient(f"http://127.0.0.1:{port}/api")
    with pytest.raises(gazu.exception.ParameterException) as raised:
        gazu.client.get("raises/Invalid", client=client)
    assert raised.value.args[1] == "The name is taken."


BEFORE_HANDLERS: dict[str, tuple[str, str, dict[str, Any], int]] = {
    "unknown path": ("GET", "/api/nowhere", {}, 404),
    "outside the API": ("GET", "/nowhere", {}, 404),
    "wrong method": ("DELETE", "/api/takes", {}, 405),
    "nobody": ("GET", "/api/mine", {}, 401),
    "forbidden": ("GET", "/api/mine", {"headers": {"Authorization": "Bearer mallory"}}, 403),
    "no JSON": ("POST", "/api/takes", {"data": b"{", "headers": {"Content-Type": "application/json"}}, 400),
    "wrong type": ("POST", "/api/takes", {"json": {"frames": "many"}}, 400),
    "no such type": ("POST", "/api/takes", {"data": b"x", "headers": {"Content-Type": "text/plain"}}, 415),
    "packed body": ("POST", "/api/takes", {"json": {}, "headers": {"Content-Encoding": "br"}}, 415),
    "broken form": ("POST", "/api/form", {"data": b"x", "headers": {"Content-Type": "multipart/form-data"}}, 400),
    "another origin": ("GET", "/api/nowhere", {"headers": {"Origin": "https://elsewhere.example"}}, 404),
    "no such range": ("GET", "/api/movie", {"headers": {"Range": "bytes=900-"}}, 416),
    "crash": ("GET", "/api/crashes", {}, 500),
    "dead function": ("GET", "/api/dies", {}, 500),
    "broken server": ("GET", "/", {}, 500),
}


@pytest.mark.parametrize("case", BEFORE_HANDLERS)
def test_what_no_handler_refused_is_told_in_words(port: int, case: str) -> None:
    method, path, options, status = BEFORE_HANDLERS[case]
    response = requests.request(method, f"http://127.0.0.1:{port}{path}", timeout=10, **options)
    assert response.status_code == status
    told(response)


def test_a_body_over_the_limit_is_told_in_words(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "BODY_LIMIT", 10)
    response = requests.post(f"http://127.0.0.1:{port}/api/takes", json={"frames": 123456}, timeout=10)
    assert (response.status_code, "10 bytes" in told(response)) == (413, True)


def test_what_is_no_request_is_told_in_words(port: int) -> None:
    wire = Wire(port)
    wire.send(b"nonsense\r\n\r\n")
    status, _, body = wire.reply()
    wire.close()
    assert status == 400
    assert json.loads(body)["error"] == json.loads(body)["message"] != ""


def test_what_the_gateway_refuses_is_told_in_words() -> None:
    for answer in errors_of_the_gateway().values():
        template = answer["responseTemplates"]["application/json"]
        told_there = json.loads(template.replace("$context.error.messageString", '"Too long."'))
        assert told_there == {"error": "Too long.", "message": "Too long.", "data": None}
