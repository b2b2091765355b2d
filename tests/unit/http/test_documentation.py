import re
from typing import Any

import msgspec
import pytest
import schemathesis
from openapi_spec_validator import validate

from chalicelib.http.documentation import documentation
from chalicelib.http.openapi import document
from chalicelib.http.routing import Area
from tests.unit.http.client import Client, anybody, signed_in


class Link(msgspec.Struct):
    """A link."""

    url: str


class TaskChange(msgspec.Struct):
    """What may change in a task."""

    name: str | None = None
    links: list[Link] = []


class Page(msgspec.Struct):
    """A page of a list."""

    page: int = 1
    limit: int = 100


class Anything:
    """A body of a schema of its own."""

    def schema(self) -> dict[str, Any]:
        return {"type": "object", "description": "any fields"}


def tasks() -> Area:
    area = Area("tasks", "Tasks <of> productions")

    def answers(call: Any) -> None:
        """Does something.

        And more.
        """

    area.get("/data/tasks/", access=signed_in, query=Page, answer=list[TaskChange])(answers)
    area.get("/data/tasks/{task_id}", access=signed_in, query={"relations": "adds id lists"}, answer=TaskChange)(
        answers
    )
    area.put("/data/tasks/{id}", access=signed_in, body=TaskChange, answer={"type": "object"})(answers)
    area.delete("/data/tasks/{id}", access=signed_in, status=204)(answers)
    area.post("/data/tasks/{id}/comments", access=signed_in, body=Anything(), form=True, files=True, status=201)(
        answers
    )
    area.post("/pictures/{id}", access=signed_in, files=True)(answers)
    area.get("/pictures/{id}.{extension}", access=signed_in, answer="image/png")(answers)
    area.get("/data-tasks", access=anybody, summary="One name")(answers)
    area.get("/data/tasks-", access=anybody, summary="<b>Another</b>")(answers)
    return area


def made() -> dict[str, Any]:
    return document([tasks()], title="Vulpes", version="0.20.42")


def test_the_document_is_valid() -> None:
    validate(made())


def test_a_property_tester_can_read_it() -> None:
    schema = schemathesis.openapi.from_dict(made())
    assert sum(1 for _ in schema.get_all_operations()) == 9


def test_names_of_operations_are_unique() -> None:
    names = [one["operationId"] for methods in made()["paths"].values() for one in methods.values()]
    assert len(set(names)) == len(names) == 9
    assert "put_data_tasks_id" in names


def test_paths_that_differ_in_names_alone_are_one() -> None:
    paths = made()["paths"]
    assert set(paths["/data/tasks/{task_id}"]) == {"get", "put", "delete"}
    assert [one["name"] for one in paths["/data/tasks/{task_id}"]["put"]["parameters"]] == ["task_id"]
    assert [one["name"] for one in paths["/pictures/{id}.{extension}"]["get"]["parameters"]] == ["id", "extension"]


def test_parameters_bodies_and_answers() -> None:
    paths, components = made()["paths"], made()["components"]
    assert [(one["name"], one["in"]) for one in paths["/data/tasks/"]["get"]["parameters"]] == [
        ("page", "query"),
        ("limit", "query"),
    ]
    assert paths["/data/tasks/{task_id}"]["get"]["parameters"][1]["description"] == "adds id lists"
    put = paths["/data/tasks/{task_id}"]["put"]
    assert put["requestBody"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/TaskChange"}
    assert {"TaskChange", "Link", "Error"} <= set(components["schemas"])
    comment = paths["/data/tasks/{id}/comments"]["post"]["requestBody"]["content"]
    assert set(comment) == {"application/json", "application/x-www-form-urlencoded", "multipart/form-data"}
    assert set(paths["/pictures/{id}"]["post"]["requestBody"]["content"]) == {"multipart/form-data"}
    assert "image/png" in paths["/pictures/{id}.{extension}"]["get"]["responses"]["200"]["content"]
    assert "content" not in paths["/data/tasks/{task_id}"]["delete"]["responses"]["204"]


def test_who_may_call() -> None:
    paths = made()["paths"]
    assert paths["/data/tasks/"]["get"]["security"] == [{"bearer": []}, {"cookie": []}]
    assert paths["/data/tasks/"]["get"]["x-access"] == "signed in"
    assert paths["/data-tasks"]["get"]["security"] == []


@pytest.fixture
def client() -> Client:
    areas = [tasks()]
    areas.append(documentation(lambda: areas, access=anybody, title="Vulpes", version="0.20.42"))
    return Client(areas)


def test_the_document_over_http(client: Client) -> None:
    got = client.get("/openapi.json")
    assert got.json["servers"] == [{"url": "/"}]
    assert {"/openapi.json", "/apidocs"} <= set(got.json["paths"])
    validate(got.json)
    assert client.get("/openapi.json", requestContext={"path": "/api/openapi.json"}).json["servers"] == [
        {"url": "/api"}
    ]


def test_the_page_lists_every_route_and_loads_nothing_from_elsewhere(client: Client) -> None:
    got = client.get("/apidocs")
    html = got.body.decode()
    assert got.headers["content-type"] == "text/html; charset=utf-8"
    assert html.count("<details id=") == 11
    for text in ("/data/tasks/{task_id}", "signed in", "Does something.", "Tasks &lt;of&gt;", "&lt;b&gt;Another"):
        assert text in html
    assert not re.search(r"https?://|//\w+\.", html)
    policy = got.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe-inline" not in policy
