import pytest

from chalicelib.errors import Invalid, MethodNotAllowed, NotFound
from chalicelib.http.matching import Matcher, PathTooLong, path_of
from chalicelib.http.routing import Area
from tests.unit.http.client import anybody


def matcher(*declared: str) -> Matcher:
    area = Area("test")
    for one in declared:
        method, path = one.split()
        area.declare(method, path, access=anybody)(lambda call: None)
    return Matcher(area.routes)


def found(known: Matcher, path: str, method: str = "GET") -> tuple[str, dict[str, str]]:
    match = known.find(method, path)
    return match.route.path, match.params


def test_a_literal_beats_a_parameter() -> None:
    known = matcher("GET /data/persons/{person_id}", "GET /data/persons/presence-logs")
    assert found(known, "/data/persons/presence-logs") == ("/data/persons/presence-logs", {})
    assert found(known, "/data/persons/42") == ("/data/persons/{person_id}", {"person_id": "42"})


def test_a_literal_that_leads_nowhere_leaves_the_parameter_its_turn() -> None:
    known = matcher("GET /data/shots/all/tasks", "GET /data/shots/{shot_id}/casting", "PUT /data/shots/{shot_id}/tasks")
    assert found(known, "/data/shots/all/casting") == ("/data/shots/{shot_id}/casting", {"shot_id": "all"})
    assert found(known, "/data/shots/all/tasks", "PUT") == ("/data/shots/{shot_id}/tasks", {"shot_id": "all"})


def test_siblings_of_different_names_get_their_own_names() -> None:
    known = matcher("GET /data/tasks/{task_id}", "GET /data/tasks/{instance_id}/comments", "PUT /data/tasks/{id}")
    assert found(known, "/data/tasks/1")[1] == {"task_id": "1"}
    assert found(known, "/data/tasks/1", "PUT")[1] == {"id": "1"}
    assert found(known, "/data/tasks/1/comments")[1] == {"instance_id": "1"}


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("/pictures/a.png", {"instance_id": "a"}),
        ("/pictures/a.jpg", {"instance_id": "a", "extension": "jpg"}),
        ("/pictures/a.b.jpg", {"instance_id": "a.b", "extension": "jpg"}),
        ("/pictures/a", {"name": "a"}),
        ("/pictures/.png", {"name": ".png"}),
    ],
)
def test_parameters_inside_a_segment(path: str, params: dict[str, str]) -> None:
    known = matcher(
        "GET /pictures/{instance_id}.{extension}", "GET /pictures/{name}", "GET /pictures/{instance_id}.png"
    )
    assert found(known, path)[1] == params


def test_a_trailing_slash_is_ignored_on_both_sides() -> None:
    known = matcher("GET /data/chats/", "GET /data/tasks", "GET /")
    assert found(known, "/data/chats")[0] == "/data/chats/"
    assert found(known, "/data/tasks/")[0] == "/data/tasks"
    assert found(known, "/")[0] == "/"


def test_escapes_are_decoded_after_the_path_is_split() -> None:
    known = matcher("GET /files/{name}", "GET /data/persons")
    assert found(known, "/files/a%2Fb%20%C3%A9")[1] == {"name": "a/b é"}
    assert found(known, "/data/p%65rsons")[0] == "/data/persons"


@pytest.mark.parametrize("path", ["/files/%", "/files/%zz", "/files/%ff", "/files/a%00", "/files/a\0", "/files/\ud800"])
def test_a_path_that_is_none_is_refused(path: str) -> None:
    with pytest.raises(Invalid):
        matcher("GET /files/{name}").find("GET", path)


def test_a_path_may_be_too_long() -> None:
    with pytest.raises(PathTooLong):
        matcher("GET /files/{name}").find("GET", "/files/" + "a" * 5000)


@pytest.mark.parametrize("path", ["/nowhere", "/files", "/files//", "/files/a/b", "//files/a"])
def test_an_unknown_path(path: str) -> None:
    with pytest.raises(NotFound):
        matcher("GET /files/{name}").find("GET", path)


def test_a_wrong_method_is_told_the_right_ones() -> None:
    known = matcher("GET /data/tasks/{task_id}", "PUT /data/tasks/{id}")
    with pytest.raises(MethodNotAllowed) as refused:
        known.find("POST", "/data/tasks/1")
    assert refused.value.data == {"allowed": ["GET", "HEAD", "OPTIONS", "PUT"]}
    assert known.methods("/data/tasks/1") == ["GET", "HEAD", "OPTIONS", "PUT"]


def test_head_finds_the_get() -> None:
    assert found(matcher("GET /"), "/", "HEAD") == ("/", {})


@pytest.mark.parametrize(
    "declared",
    [("GET /a/{x}", "GET /a/{y}"), ("GET /a", "GET /a/"), ("GET /a/{x}.png", "GET /a/{y}.png"), ("GET /{x}/{x}",)],
)
def test_routes_that_cannot_be_told_apart_are_refused(declared: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="twice"):
        matcher(*declared)


@pytest.mark.parametrize(
    ("path", "proxy", "expected"),
    [
        ("/data/tasks", "data/tasks", "/data/tasks"),
        ("/api/data/tasks", "data/tasks", "/data/tasks"),
        ("/api/files/a%2Fb%20c/", "files/a/b c", "/files/a%2Fb%20c/"),
        ("/files/a%20b", "files/a b", "/files/a%20b"),
        (None, "data/tasks", "/data/tasks"),
    ],
)
def test_the_base_path_of_a_custom_domain_is_dropped(path: str | None, proxy: str, expected: str) -> None:
    event = {"resource": "/{proxy+}", "path": path, "pathParameters": {"proxy": proxy}}
    assert path_of(event) == expected


def test_the_root_of_a_custom_domain_with_a_base_path() -> None:
    assert path_of({"resource": "/", "path": "/api", "pathParameters": None}) == "/"
