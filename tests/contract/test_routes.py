"""The routes that are declared are routes of the contract, or named here as our own."""

import re

from chalicelib.http.routing import every
from chalicelib.routes import areas
from tests.contract import material

OURS = {
    ("GET", "/apidocs"),
    # What reaches the API of the event stream, `/socket.io/` (docs/contract/interchange.md 7.2).
    ("GET", "/live"),
    ("POST", "/live"),
    ("GET", "/live/{}"),
    ("GET", "/data/audit"),
    # The web interface asks for it (docs/contract/clients.md).
    ("GET", "/data/persons/day-offs/{}"),
    ("POST", "/data/preview-files/{}/upload"),
    ("POST", "/data/preview-files/{}/upload/complete"),
    ("POST", "/actions/preview-files/{}/retry"),
    # gazu 1.3 asks for them (docs/contract/interchange.md 7.4).
    ("POST", "/actions/playlists/{}/add-entity"),
    ("POST", "/data/playlists/{}/notify-clients"),
    ("POST", "/data/working-files/{}/upload"),
    ("POST", "/data/working-files/{}/upload/complete"),
    # docs/webhooks.md
    ("GET", "/data/webhooks"),
    ("POST", "/data/webhooks"),
    ("GET", "/data/webhooks/{}"),
    ("PUT", "/data/webhooks/{}"),
    ("DELETE", "/data/webhooks/{}"),
    ("GET", "/data/webhooks/{}/deliveries"),
    ("GET", "/data/webhooks/{}/deliveries/{}"),
    ("POST", "/actions/webhooks/{}/rotate-secret"),
    ("POST", "/actions/webhooks/{}/test"),
    ("POST", "/actions/webhooks/{}/deliveries/{}/replay"),
}


def shape(path: str) -> str:
    return re.sub(r"\{[^}]+\}", "{}", path).rstrip("/") or "/"


def declared() -> set[tuple[str, str]]:
    return {(route.method, shape(route.path)) for route in every(areas())}


def test_declared_routes_are_the_contracts() -> None:
    contract = {(route["method"], shape(route["path"])) for route in material.table("routes")}
    assert declared() - contract - OURS == set()


def sent_as_forms() -> set[tuple[str, str]]:
    """The requests that gazu and the web interface make as multipart forms."""
    tables = (material.DESCRIPTION / "interchange.md").read_text()
    found = re.findall(r"`(POST|PUT) ([^`?[]+)[^`]*` multipart", tables)
    asked = [
        one for one in material.table("ui_requests")["requests"] if one["multipart"] and not one["path"].startswith("{")
    ]
    return {(method, shape(re.sub(r"<[^>]+>", "{}", path))) for method, path in found} | {
        (one["method"], shape(one["path"])) for one in asked
    }


def test_what_clients_send_as_a_form_is_read_as_one() -> None:
    readers = {(route.method, shape(route.path)) for route in every(areas()) if route.form or route.files}
    asked = sent_as_forms()
    assert len(asked) > 15
    assert asked - readers == set()


def test_no_route_is_declared_twice() -> None:
    seen = [(route.method, shape(route.path)) for route in every(areas())]
    twice = {one for one in seen if seen.count(one) > 1}
    # A file's own extension beside `.png`: the literal one wins in the matcher.
    assert {path for _, path in twice} <= {"/pictures/originals/preview-files/{}.{}"}
