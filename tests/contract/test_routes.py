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


def test_no_route_is_declared_twice() -> None:
    seen = [(route.method, shape(route.path)) for route in every(areas())]
    twice = {one for one in seen if seen.count(one) > 1}
    # A file's own extension beside `.png`: the literal one wins in the matcher.
    assert {path for _, path in twice} <= {"/pictures/originals/preview-files/{}.{}"}
