import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import SimpleNamespace
from typing import Any

import pytest
from chalice.config import Config
from chalice.deploy.swagger import CFNSwaggerGenerator
from chalice.deploy.validate import validate_configuration

from chalicelib.http.answers import binary
from chalicelib.http.application import VulpesApp
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from tests.unit.http.client import Client, anybody, event, signed_in

area = Area("test")


@area.get("/", access=anybody)
def status(call: Call) -> dict[str, str]:
    return {"version": "0.20.42"}


@area.get("/data/tasks/{task_id}", access=signed_in)
def get_task(call: Call) -> dict[str, Any]:
    return {"id": call.params["task_id"], "caller": call.caller["id"]}


@area.delete("/data/tasks/{id}", access=signed_in, status=204)
def delete_task(call: Call) -> None: ...


@area.get("/pictures/{instance_id}.png", access=anybody)
def picture(call: Call) -> Any:
    return binary(call.params["instance_id"].encode() * 1000, "image/png")


@pytest.fixture
def client() -> Client:
    return Client([area])


def test_each_route_is_a_route_of_chalice_with_a_view_of_its_own(client: Client) -> None:
    assert {path: sorted(methods) for path, methods in client.app.routes.items()} == {
        "/": ["GET"],
        "/data/tasks/{task_id}": ["GET"],
        "/data/tasks/{id}": ["DELETE"],
        "/pictures/{instance_id}.png": ["GET"],
    }
    views = {entry.view_function for methods in client.app.routes.values() for entry in methods.values()}
    assert sorted(view.__name__ for view in views) == ["delete_task", "get_task", "picture", "status"]


def test_a_request(client: Client) -> None:
    assert client.get("/").json == {"version": "0.20.42"}
    assert client.get("/data/tasks/42", headers={"Authorization": "Bearer ada"}).json == {"id": "42", "caller": "ada"}
    assert client.get("/data/tasks/a%2Fb/", headers={"Authorization": "Bearer ada"}).json["id"] == "a/b"
    assert client.get("/pictures/x.png").body == b"x" * 1000


def test_nobody_and_those_who_may_not(client: Client) -> None:
    assert client.get("/data/tasks/42").status == 401
    assert client.get("/data/tasks/42", headers={"Authorization": "Bearer mallory"}).status == 403


def test_an_unknown_path_is_json(client: Client) -> None:
    got = client.get("/nowhere")
    assert (got.status, got.headers["content-type"]) == (404, "application/json")
    assert got.json["error"] == got.json["message"] != ""


def test_a_wrong_method_is_json_and_names_the_right_ones(client: Client) -> None:
    for method in ("POST", "PATCH", "BREW"):
        got = client.send(method, "/data/tasks/42")
        assert (got.status, got.json["error"]) == (405, got.json["message"])
        assert got.headers["allow"] == "DELETE, GET, HEAD, OPTIONS"


@pytest.mark.parametrize(
    "path", ["/data/tasks/%", "/data/tasks/%zz", "/data/tasks/%00", "/data/tasks/\0", "/%ff", "/\ud800"]
)
def test_a_broken_path_is_the_clients_fault(client: Client, path: str) -> None:
    assert client.get(path).status == 400


def test_a_path_that_is_too_long(client: Client) -> None:
    assert client.get("/" + "a" * 100_000).status == 414


def test_head_is_a_get_without_body(client: Client) -> None:
    got, head = client.get("/pictures/x.png"), client.send("HEAD", "/pictures/x.png")
    assert (head.status, head.body) == (200, b"")
    assert head.headers == {**got.headers, "content-length": "1000"}
    assert client.send("HEAD", "/").status == 200
    assert client.send("HEAD", "/nowhere").status == 404
    assert client.send("HEAD", "/data/tasks/42").status == 401


def test_an_event_may_lack_what_it_may_lack(client: Client) -> None:
    answered = client.app({"httpMethod": "GET", "path": "/", "requestContext": {}}, None)
    assert answered["statusCode"] == 200
    bare = client.app({"requestContext": {"httpMethod": "GET"}, "pathParameters": {"proxy": "pictures/x.png"}}, None)
    assert bare["statusCode"] == 200


def test_a_base_path_of_a_custom_domain(client: Client) -> None:
    got = client.get("/api/pictures/x.png", pathParameters={"proxy": "pictures/x.png"})
    assert got.status == 200


def test_the_local_server_gets_bytes(client: Client) -> None:
    asked = event("GET", "/pictures/x.png", **{"vulpes.raw": True})
    answered = client.app(asked, None)
    assert (answered["body"], answered["isBase64Encoded"]) == (b"x" * 1000, False)
    assert client.app(event("GET", "/nowhere", **{"vulpes.raw": True}), None)["body"].startswith(b'{"error":"')


def test_the_local_server_sends_bytes() -> None:
    echo = Area("echo")

    @echo.post("/echo", access=anybody, body=SimpleNamespace(schema=dict))
    def echoes(call: Call) -> Any:
        return call.body

    asked = event("POST", "/echo", headers={"Content-Type": "application/json"})
    asked["body"] = b'{"name": "a"}'
    assert json.loads(Client([echo]).app(asked, None)["body"]) == {"name": "a"}


def test_threads_see_their_own_request_and_context() -> None:
    meeting = threading.Barrier(8)
    own = Area("own")
    seen: dict[str, tuple[str, str]] = {}

    @own.get("/own/{name}", access=anybody)
    def whose(call: Call) -> str:
        meeting.wait(60)
        request = app.current_request
        assert request is not None
        seen[call.params["name"]] = (request.uri_params["name"], app.lambda_context.aws_request_id)
        return "seen"

    app = Client([own]).app
    names = [f"thread-{number}" for number in range(8)]
    threads = [
        threading.Thread(target=app, args=(event("GET", f"/own/{name}"), SimpleNamespace(aws_request_id=name)))
        for name in names
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert seen == {name: (name, name) for name in names}
    assert app.current_request is None
    assert app.lambda_context is None


def test_each_request_runs_in_a_session_and_a_context_of_its_own() -> None:
    session: ContextVar[list[str] | None] = ContextVar("session", default=None)
    closed: list[list[str]] = []

    @contextmanager
    def opened() -> Iterator[None]:
        made: list[str] = []
        session.set(made)
        yield
        closed.append(made)

    inside = Area("inside")

    @inside.get("/inside/{name}", access=anybody)
    def note(call: Call) -> None:
        notes = session.get()
        assert notes is not None
        notes.append(call.params["name"])

    client = Client([inside], {"around": opened})
    client.get("/inside/a")
    client.get("/inside/b")
    client.get("/nowhere")
    assert closed == [["a"], ["b"], []]
    assert session.get() is None


def test_a_session_that_cannot_be_opened_is_a_500() -> None:
    @contextmanager
    def broken() -> Iterator[None]:
        raise OSError("no database")
        yield

    client = Client([area], {"around": broken})
    got = client.get("/")
    assert (got.status, got.json["error"]) == (500, got.json["message"])
    assert "no database" in client.lines[0]


@pytest.fixture
def packaged(monkeypatch: pytest.MonkeyPatch) -> VulpesApp:
    monkeypatch.setenv("AWS_CHALICE_CLI_MODE", "true")
    return Client([area]).app


def test_while_packaging_there_are_two_greedy_routes(packaged: VulpesApp) -> None:
    methods = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
    assert {path: sorted(found) for path, found in packaged.routes.items()} == {"/": methods, "/{proxy+}": methods}
    assert packaged.api.binary_types == ["*/*"]


def test_chalice_packages_them(packaged: VulpesApp) -> None:
    config = Config.create(chalice_app=packaged, app_name="test", project_dir=".", manage_iam_role=True)
    validate_configuration(config)
    swagger = CFNSwaggerGenerator().generate_swagger(packaged)
    assert set(swagger["paths"]) == {"/", "/{proxy+}"}
    assert swagger["x-amazon-apigateway-binary-media-types"] == ["*/*"]
    assert len(json.dumps(swagger)) < 20_000
