"""Hostile input to every declared route: never a 5xx, always an error one can read, nothing written.

Everything is asked as the administrator, whom nothing else than the input can stop.
"""

from collections.abc import Iterator
from typing import Any, Final

import boto3
import pytest

from chalicelib.http.call import Route
from chalicelib.settings import current
from infra.local.inside import Answered
from tests.access.requests import all_routes, parameters, path_of
from tests.access.studio import UNKNOWN, AccessStudio
from tests.client import Api

Case = tuple[str, Answered]
# Signing out would end the token of the tests; the others answer without looking at anything.
APART: Final = ("/auth/logout", "/auth/refresh-token")
MALFORMED: Final = ("nope", "%00", "..%2F..%2Fetc", "0" * 3000, "null", "%F0%9F%A6%8A", "%FF%FE", "'\";--", "%20")
DEEP: Final = b"[" * 100_000 + b"]" * 100_000
JSON: Final = {"Content-Type": "application/json"}
FORM: Final = {"Content-Type": "multipart/form-data; boundary=edge"}
URL_ENCODED: Final = {"Content-Type": "application/x-www-form-urlencoded"}
# Bodies that are no object, broken, or lie about what they are: what was sent, with which header.
BODIES: Final[dict[str, tuple[bytes, dict[str, str]]]] = {
    "nothing": (b"", JSON),
    "null": (b"null", JSON),
    "list": (b"[]", JSON),
    "list of nulls": (b"[null, 1, [], {}]", JSON),
    "text": (b'"words"', JSON),
    "number": (b"17", JSON),
    "huge number": (b"1" + b"0" * 5000, JSON),
    "no number": (b"NaN", JSON),
    "broken": (b'{"name": ', JSON),
    "no text": (b"\xff\xfe\x00", JSON),
    "lone surrogate": (b'{"name": "\\ud800"}', JSON),
    "deep": (DEEP, JSON),
    "twice": (b'{"name": "a", "name": []}', JSON),
    "other content": (b"<name/>", {"Content-Type": "application/xml"}),
    "broken form": (b"--edge\r\nContent-Disposition: form-data; name=", FORM),
    "form without an end": (b'--edge\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nabc', FORM),
    "form without an edge": (b"abc", {"Content-Type": "multipart/form-data"}),
    "no form": (b"%zz=%&&==", URL_ENCODED),
    "empty file": (
        b'--edge\r\nContent-Disposition: form-data; name="file"; filename=""\r\n\r\n\r\n--edge--\r\n',
        FORM,
    ),
}
# What every field of a body is set to in turn.
VALUES: Final[tuple[Any, ...]] = (None, [], {}, "", "\x00", "x" * 70_000, 10**30, -1, True, [[None]], {"a": {"b": []}})
FIELDS: Final = (
    *("name", "project_id", "entity_id", "task_id", "person_id", "email", "data", "task_ids", "comments", "text"),
    *("role", "team", "departments", "color", "task_type_id", "task_status_id", "parent_id", "comment", "date"),
    *("duration", "position", "annotations", "checklist"),
)
QUERIES: Final[tuple[dict[str, str], ...]] = (
    {"nobody_knows": "x"},
    {"page": "abc"},
    {"page": "-5", "limit": "-1"},
    {"page": "99999999999999999999", "limit": "0"},
    {"relations": "maybe"},
    {"id": "x"},
    {"id": '["a",'},
    {"id": "[{}]"},
    {"name": "\x00"},
    {"project_id": "nope"},
    {"project_id": UNKNOWN},
    {"project_id": "[1, null]"},
    {"active": "maybe"},
    {"created_at": "yesterday"},
    {"before": "never", "after": "ever", "limit": "x"},
    {"force": "maybe", "full": "\ud83e\udd8a".encode("utf-16", "surrogatepass").decode("utf-16")},
)


def routes(api: Api, *methods: str) -> list[Route]:
    return [route for route in all_routes() if route.method in methods and route.path not in APART]


def wrongs(cases: Iterator[Case]) -> list[str]:
    """The cases answered by a 5xx, or by an error that does not say so in its body."""
    found = []
    for case, answered in cases:
        if answered.status >= 500:
            found.append(f"{case}: {answered.status}")
        elif answered.status >= 400:
            told = answered.json
            if told.get("error") != told.get("message") or not isinstance(told.get("message"), str):
                found.append(f"{case}: {answered.status} {answered.content[:100]!r}")
    return found


def items() -> int:
    """How many items the table holds."""
    client = boto3.client("dynamodb", endpoint_url=current().dynamodb_endpoint, region_name="eu-west-1")
    pages = client.get_paginator("scan").paginate(TableName=current().table, Select="COUNT", ConsistentRead=True)
    return sum(page["Count"] for page in pages)


@pytest.fixture
def stage(world: AccessStudio, bucket: str) -> AccessStudio:
    del bucket
    return world


def test_ids_that_are_none(api: Api, stage: AccessStudio) -> None:
    def cases() -> Iterator[Case]:
        for route in routes(api, "GET", "PUT", "POST", "DELETE"):
            for hostile in MALFORMED if parameters(route.path) else ():
                path = route.path
                for name in parameters(path):
                    path = path.replace(f"{{{name}}}", hostile)
                body: Any = {} if route.method in ("POST", "PUT") else None
                yield f"{route.method} {route.path} {hostile[:20]}", api.call(route.method, path, body)

    before = items()
    assert not (found := wrongs(cases())), "\n".join(found)
    assert items() == before


def test_ids_that_nothing_has(api: Api, stage: AccessStudio) -> None:
    def cases() -> Iterator[Case]:
        for route in routes(api, "GET", "PUT", "POST", "DELETE"):
            for name in parameters(route.path):
                path = path_of(route, stage.mine) if name != parameters(route.path)[-1] else route.path
                path = route.path.replace(f"{{{name}}}", UNKNOWN) if path == route.path else path
                for other in parameters(path):
                    path = path.replace(f"{{{other}}}", UNKNOWN)
                if route.method != "DELETE" or UNKNOWN in path:
                    body: Any = {} if route.method in ("POST", "PUT") else None
                    yield f"{route.method} {route.path} {name}", api.call(route.method, path, body)

    assert not (found := wrongs(cases())), "\n".join(found)


@pytest.mark.parametrize("case", BODIES)
def test_bodies_that_are_none(api: Api, stage: AccessStudio, case: str) -> None:
    raw, headers = BODIES[case]

    def cases() -> Iterator[Case]:
        for route in routes(api, "POST", "PUT"):
            path = path_of(route, stage.mine)
            yield f"{route.method} {route.path}", api.call(route.method, path, raw=raw, headers=headers)

    assert not (found := wrongs(cases())), "\n".join(found)


@pytest.mark.parametrize("value", VALUES, ids=lambda value: repr(value)[:12])
def test_fields_of_another_type(api: Api, stage: AccessStudio, value: Any) -> None:
    """Each field for itself, and all of them together."""

    def cases() -> Iterator[Case]:
        for route in routes(api, "POST", "PUT"):
            fields = tuple(name for name in FIELDS if name in declared(route)) or FIELDS[:2]
            path = path_of(route, stage.mine)
            for body in ({name: value} for name in fields):
                yield f"{route.method} {route.path} {list(body)}", api.call(route.method, path, body)
            yield f"{route.method} {route.path} all", api.call(route.method, path, dict.fromkeys(FIELDS, value))

    assert not (found := wrongs(cases())), "\n".join(found)


def declared(route: Route) -> set[str]:
    """The names a body of the route may have."""
    if hasattr(route.body, "__struct_fields__"):
        return set(route.body.__struct_fields__)
    return set((route.body.schema() if hasattr(route.body, "schema") else {}).get("properties", ()))


def test_filters_that_are_none(api: Api, stage: AccessStudio) -> None:
    def cases() -> Iterator[Case]:
        for route in routes(api, "GET"):
            for query in QUERIES:
                yield f"{route.path} {query}", api.get(path_of(route, stage.mine), query)

    assert not (found := wrongs(cases())), "\n".join(found)


def test_a_body_too_large_is_refused(api: Api, stage: AccessStudio) -> None:
    raw = b'{"name": "' + b"x" * (12 * 1024 * 1024) + b'"}'
    for route in (one for one in routes(api, "POST", "PUT") if one.path in ("/data/entities", "/auth/login")):
        answered = api.call(route.method, path_of(route, stage.mine), raw=raw, headers=JSON)
        assert answered.status in (400, 413), route.path
        assert answered.json["error"]


def test_refused_creations_write_nothing(api: Api, stage: AccessStudio) -> None:
    paths = (
        "/data/persons",
        "/data/projects",
        "/data/entities",
        "/data/tasks",
        "/data/task-types",
        "/data/departments",
    )
    bodies: list[Any] = [{}, {"name": []}, {"no such field": 1}, {"name": "a", "project_id": UNKNOWN, "color": {}}]
    comment = f"/actions/tasks/{stage.mine.records['task'].id}/comment"
    before = items()
    for path in (*paths, "/data/playlists/", "/data/comments", comment):
        for body in bodies:
            answered = api.post(path, body)
            assert answered.status == 400, (path, body, answered.content)
    assert items() == before
