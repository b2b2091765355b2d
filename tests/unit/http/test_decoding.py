import json
from typing import Any

import msgspec
import pytest
import requests

from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from tests.unit.http.client import Client, anybody, file_part, parts, signed_in, text_part

JSON = {"Content-Type": "application/json"}


class Comment(msgspec.Struct):
    """A body of a form route."""

    task_status_id: str
    comment: str = ""
    checklist: list[dict[str, Any]] = []
    retake: bool = False
    position: int | None = None
    links: list[str] | None = None


class Task(msgspec.Struct):
    """A body of a JSON route."""

    name: str
    priority: int = 0


class Anything:
    """A body whose JSON passes through."""

    def schema(self) -> dict[str, Any]:
        return {"type": "object", "properties": {"links": {"type": ["array", "null"]}}}


area = Area("test")


@area.post("/tasks", access=signed_in, body=Task)
@area.delete("/tasks", access=signed_in, body=Task)
def take_task(call: Call) -> Any:
    return call.body


@area.post("/many", access=anybody, body=list[Task])
def take_tasks(call: Call) -> Any:
    return [task.name for task in call.body]


@area.post("/anything", access=anybody, body=Anything(), form=True)
def take_anything(call: Call) -> Any:
    return call.body


@area.post("/comments", access=anybody, body=Comment, form=True, files=True)
def take_comment(call: Call) -> Any:
    assert isinstance(call.body, Comment)
    return {"body": call.body, "files": [[one.field, one.filename, len(one.data)] for one in call.files]}


@area.post("/pictures", access=anybody, files=True)
def take_picture(call: Call) -> Any:
    return [[one.field, one.filename, one.content_type, one.data.hex()] for one in call.files] + [call.form]


@area.post("/ignored", access=anybody)
@area.delete("/ignored", access=anybody)
def take_nothing(call: Call) -> Any:
    return call.body


@pytest.fixture
def client() -> Client:
    return Client([area])


def send_task(
    client: Client, body: str | bytes | None, kind: str | None = "application/json", name: str = "ada"
) -> Any:
    headers = {"Authorization": f"Bearer {name}"} | ({"Content-Type": kind} if kind else {})
    return client.send("POST", "/tasks", body=body, headers=headers)


def test_json_becomes_the_declared_type(client: Client) -> None:
    assert send_task(client, '{"name": "modelling", "unknown": 1}').json == {"name": "modelling", "priority": 0}


def test_a_body_may_be_a_list(client: Client) -> None:
    assert client.post_json("/many", [{"name": "a"}, {"name": "b"}]).json == ["a", "b"]
    got = client.post_json("/many", [{"name": "a"}, {"name": 1}])
    assert (got.status, got.json["data"]["field"]) == (400, "[1].name")


def test_json_as_base64_with_a_byte_order_mark_or_another_character_set(client: Client) -> None:
    text = '{"name": "modèle"}'
    assert send_task(client, text.encode()).json["name"] == "modèle"
    assert send_task(client, text.encode("utf-8-sig")).json["name"] == "modèle"
    assert send_task(client, text.encode("latin-1"), 'application/json; charset="ISO-8859-1"').json["name"] == "modèle"
    assert send_task(client, text.encode(), "application/vnd.api+json").json["name"] == "modèle"


@pytest.mark.parametrize(
    "kind", [None, "text/plain", "application/x-www-form-urlencoded", "application/json; charset=klingon"]
)
def test_another_content_type_is_refused(client: Client, kind: str | None) -> None:
    got = send_task(client, "{}", kind)
    assert got.status == 415
    assert got.json["error"] == got.json["message"]


@pytest.mark.parametrize(
    ("sent", "read"),
    [({}, 0), ({"priority": "3"}, 3), ({"priority": 3.0}, 3), ({"priority": "x"}, 400), ({"priority": "1.5"}, 400)],
)
def test_numbers_may_come_as_text(client: Client, sent: dict[str, Any], read: int) -> None:
    got = client.post_json("/tasks", {"name": "12", **sent}, headers={"Authorization": "Bearer ada"})
    assert got.json.get("priority", got.status) == read


def test_who_sends_nothing_says_it_in_the_query_or_takes_the_defaults(client: Client) -> None:
    headers = {"Authorization": "Bearer ada"}
    got = client.send("POST", "/tasks", query={"name": "Anim", "priority": "2"}, headers=headers)
    assert got.json == {"name": "Anim", "priority": 2}
    assert client.send("POST", "/tasks", headers=headers).status == 400
    assert client.send("POST", "/many").status == 415


@pytest.mark.parametrize("body", [None, "", "null", "{", "nope", '{"name": "a",}', b"\xff", '"\\ud800"', "[" * 100_000])
def test_broken_json_is_refused(client: Client, body: Any) -> None:
    assert send_task(client, body).status == 400


@pytest.mark.parametrize(
    ("body", "field", "expected"),
    [
        ({}, "name", "a value"),
        ({"name": 3}, "name", "str"),
        ({"name": "a", "priority": "high"}, "priority", "int"),
        ([], "body", "object"),
    ],
)
def test_a_wrong_type_names_the_field(client: Client, body: Any, field: str, expected: str) -> None:
    got = send_task(client, json.dumps(body))
    assert got.status == 400
    assert got.json["data"] == {"field": field, "expected": expected}


def test_the_order_of_checks(client: Client) -> None:
    assert client.send("POST", "/tasks", body="{", headers=JSON).status == 401
    assert send_task(client, "{", name="mallory").status == 400
    assert send_task(client, "{}", name="mallory").status == 403
    assert send_task(client, "{}").status == 400


def test_base64_that_is_none(client: Client) -> None:
    headers = {**JSON, "Authorization": "Bearer ada"}
    got = client.send("POST", "/tasks", body="§§§", headers=headers, isBase64Encoded=True)
    assert got.status == 400


def test_a_packed_body_is_refused(client: Client) -> None:
    headers = {**JSON, "Authorization": "Bearer ada", "Content-Encoding": "gzip"}
    assert client.send("POST", "/tasks", body=b"\x1f\x8b", headers=headers).status == 415


def test_a_delete_may_have_a_body(client: Client) -> None:
    got = client.post_json("/tasks", {"name": "a"}, method="DELETE", headers={"Authorization": "Bearer ada"})
    assert got.json == {"name": "a", "priority": 0}


def test_a_body_over_the_limit_is_told_where_to_go(client: Client, configure: Any) -> None:
    configure(VULPES_UPLOAD_LIMIT="1000")
    for body in ('{"name": "' + "a" * 1000 + '"}', b" " * 1001):
        got = send_task(client, body)
        assert got.status == 413
        assert got.json["data"]["route"] == "/data/preview-files/{id}/upload"


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_a_route_without_body_ignores_what_is_sent(client: Client, method: str) -> None:
    got = client.send(method, "/ignored", body="{", headers={"Content-Type": "text/plain"})
    assert (got.status, got.json) == (200, None)


def test_a_form_is_read_leniently(client: Client) -> None:
    form = {
        "task_status_id": "wip",
        "retake": "True",
        "position": "3",
        "checklist": '[{"text": "a"}]',
        "comment": "[a]",
    }
    expected = {"comment": "[a]", "checklist": [{"text": "a"}], "retake": True, "position": 3}
    expected |= {"task_status_id": "wip", "links": None}
    assert client.post_form("/comments", form).json["body"] == expected
    assert client.post_parts("/comments", parts(*(text_part(*one) for one in form.items()))).json["body"] == expected
    assert client.send("POST", "/comments", query=dict(form)).json["body"] == expected
    assert client.post_json("/comments", {**form, "checklist": [{"text": "a"}]}).json["body"] == expected


def test_the_query_adds_to_a_form(client: Client) -> None:
    got = client.post_form("/anything", {"a": "1", "b": "2"}, query={"b": "3", "c": "4"})
    assert got.json == {"a": "1", "b": "2", "c": "4"}
    assert client.post_json("/anything", {"a": 1}, query={"a": "2", "c": "4"}).json == {"a": 1, "c": "4"}


def test_a_schema_says_what_is_json_inside_a_form(client: Client) -> None:
    assert client.post_form("/anything", {"links": "[1]", "text": "[1]"}).json == {"links": [1], "text": "[1]"}


def test_broken_json_inside_a_form(client: Client) -> None:
    got = client.post_form("/comments", {"task_status_id": "wip", "checklist": "[{"})
    assert (got.status, got.json["data"]["field"]) == (400, "checklist")


@pytest.mark.parametrize("body", [b"a=%ff", b"\xff", b"&".join(b"a=1" for _ in range(2000))])
def test_broken_forms(client: Client, body: bytes) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert client.send("POST", "/anything", body=body, headers=headers).status == 400


def test_a_form_of_an_unknown_kind(client: Client) -> None:
    got = client.send("POST", "/anything", body="a=1", headers={"Content-Type": "text/plain"})
    assert got.status == 415
    assert "multipart/form-data" in got.json["data"]["expected"]


def test_files_and_fields_of_a_multipart_body(client: Client) -> None:
    body = parts(
        text_part("task_status_id", "wip"),
        file_part("file", "a.png", b"\x89PNG\r\n\r\n--edg"),
        file_part("file-1", "b.png", b""),
    )
    got = client.post_parts("/comments", body).json
    assert got["body"]["task_status_id"] == "wip"
    assert got["files"] == [["file", "a.png", 13], ["file-1", "b.png", 0]]


def test_a_route_of_files_takes_no_other_kind(client: Client) -> None:
    assert client.post_json("/pictures", {"file": 1}).json == [{}]
    got = client.post_parts("/pictures", parts(file_part("file", "a.png", b"\x00\xff")))
    assert got.json == [["file", "a.png", "image/png", "00ff"], {}]


def as_gazu_sends(data: dict[str, Any], files: bool) -> tuple[bytes, dict[str, str]]:
    """gazu hands its fields to requests, which repeats a field for each value of a list."""
    sent = requests.Request("POST", "http://x/", data=data, files={"file": ("a.png", b"png")} if files else None)
    prepared = sent.prepare()
    body = prepared.body
    assert body is not None
    return body if isinstance(body, bytes) else body.encode(), {"Content-Type": prepared.headers["Content-Type"]}


@pytest.mark.parametrize("files", [True, False])
@pytest.mark.parametrize(
    ("links", "taken"),
    [
        (["https://a", "https://b"], ["https://a", "https://b"]),
        (["https://a"], ["https://a"]),
        ("https://a", ["https://a"]),
        (["[draft] https://a", "{b}"], ["[draft] https://a", "{b}"]),
        ('["https://a"]', ["https://a"]),
        ("[]", []),
        ([], None),
        ("", None),
        (["", "https://a"], ["https://a"]),
    ],
)
def test_a_list_in_a_form_is_a_repeated_field_or_json(client: Client, files: bool, links: Any, taken: Any) -> None:
    fields = {"task_status_id": "wip", "checklist": '[{"text": "Beak"}]', "links": links, "position": ""}
    body, headers = as_gazu_sends(fields, files)
    got = client.send("POST", "/comments", body=body, headers=headers)
    assert got.status == 200, got.json
    assert got.json["body"] == {
        "task_status_id": "wip",
        "comment": "",
        "checklist": [{"text": "Beak"}],
        "retake": False,
        "position": None,
        "links": taken,
    }


def test_objects_of_a_list_may_be_repeated_too(client: Client) -> None:
    for entries in (['{"text": "Beak"}', '{"text": "Tail"}'], ['{"text": "Beak"}']):
        body, headers = as_gazu_sends({"task_status_id": "wip", "checklist": entries}, files=True)
        assert client.send("POST", "/comments", body=body, headers=headers).json["body"]["checklist"] == [
            json.loads(entry) for entry in entries
        ]
    body, headers = as_gazu_sends({"task_status_id": "wip", "checklist": ["Beak", "Tail"]}, files=True)
    got = client.send("POST", "/comments", body=body, headers=headers)
    assert (got.status, got.json["data"]["field"]) == (400, "checklist[0]")


def test_an_empty_field_that_is_needed_is_missing(client: Client) -> None:
    body, headers = as_gazu_sends({"links": ["a"], "checklist": ""}, files=True)
    got = client.send("POST", "/comments", body=body, headers=headers)
    assert (got.status, got.json["data"]["field"]) == (400, "task_status_id")


def test_a_form_whose_body_passes_through_takes_repeated_fields(client: Client) -> None:
    body, headers = as_gazu_sends({"links": ["a", "b"]}, files=False)
    assert client.send("POST", "/anything", body=body, headers=headers).json == {"links": ["a", "b"]}
