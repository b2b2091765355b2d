"""Each list that a form of the API may hold is taken as repeated fields, as JSON text, and left out when empty."""

from typing import Any

import msgspec
import pytest

from chalicelib.http.decoding import list_fields, unfolded
from chalicelib.http.routing import every
from chalicelib.routes import areas

LISTS = sorted(
    {(route.path, route.method, name) for route in every(areas()) if route.form for name in list_fields(route.body)}
)
BODIES: dict[tuple[str, str], Any] = {(route.path, route.method): route.body for route in every(areas())}


def test_there_are_such_forms() -> None:
    assert ("/actions/tasks/{task_id}/comment", "POST", "links") in LISTS
    assert ("/actions/tasks/batch-comment", "POST", "comments") in LISTS


@pytest.mark.parametrize(("path", "method", "name"), LISTS)
def test_a_list_comes_as_it_may(path: str, method: str, name: str) -> None:
    body = BODIES[path, method]
    values = [{"a": 1}, {"a": 2}] if not list_fields(body)[name] else ["a", "b"]
    texts = [one if isinstance(one, str) else msgspec.json.encode(one).decode() for one in values]
    assert unfolded(body, {name: texts}) == {name: values}
    assert unfolded(body, {name: texts[:1]}) == {name: values[:1]}
    assert unfolded(body, {name: [msgspec.json.encode(values).decode()]}) == {name: values}
    assert unfolded(body, {name: [""]}) == {}
