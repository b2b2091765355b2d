import pytest

from chalicelib.http.call import Call
from chalicelib.http.routing import Area, every
from tests.unit.http.client import anybody, signed_in


def test_an_area_keeps_what_was_declared() -> None:
    area = Area("tasks")

    @area.post("/data/tasks", access=signed_in, status=201)
    def new_task(call: Call) -> dict[str, str]:
        """Makes a task.

        More about it.
        """
        return {}

    (route,) = area.routes
    assert (route.method, route.path, route.status, route.area) == ("POST", "/data/tasks", 201, "tasks")
    assert route.access is signed_in
    assert route.handler is new_task
    assert route.title == "Makes a task."
    assert not route.reads_body


def test_a_route_without_access_rule_is_refused() -> None:
    area = Area("tasks")
    with pytest.raises(TypeError):
        area.get("/data/tasks")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="GET /data/tasks: a route needs an access rule"):
        area.get("/data/tasks", access=None)  # type: ignore[arg-type]
    assert area.routes == []


def test_a_path_begins_with_a_slash() -> None:
    with pytest.raises(ValueError, match="slash"):
        Area("tasks").get("data/tasks", access=anybody)


def test_every_goes_through_all_areas_in_order() -> None:
    first, second = Area("first"), Area("second")
    second.put("/b", access=anybody)(lambda call: None)
    first.delete("/a", access=anybody)(lambda call: None)
    assert [route.path for route in every([first, second])] == ["/a", "/b"]
