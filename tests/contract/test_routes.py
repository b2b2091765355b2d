"""The routes that are declared are routes of the contract, or named here as our own."""

import json
import re
from pathlib import Path

import pytest

from chalicelib.http.routing import every
from chalicelib.routes import areas

CONTRACT = Path(__file__).resolve().parents[3] / "shared" / "contract" / "routes.json"
OURS = {
    ("GET", "/apidocs"),
    # The web interface asks for it (spec/clients.md).
    ("GET", "/data/persons/day-offs/{}"),
    ("POST", "/data/preview-files/{}/upload"),
    ("POST", "/data/preview-files/{}/upload/complete"),
    ("POST", "/actions/preview-files/{}/retry"),
}


def shape(path: str) -> str:
    return re.sub(r"\{[^}]+\}", "{}", path).rstrip("/") or "/"


def declared() -> set[tuple[str, str]]:
    return {(route.method, shape(route.path)) for route in every(areas())}


@pytest.mark.skipif(not CONTRACT.exists(), reason="the contract does not lie beside the project")
def test_declared_routes_are_the_contracts() -> None:
    contract = {(route["method"], shape(route["path"])) for route in json.loads(CONTRACT.read_text())}
    assert declared() - contract - OURS == set()


def test_no_route_is_declared_twice() -> None:
    seen = [(route.method, shape(route.path)) for route in every(areas())]
    twice = {one for one in seen if seen.count(one) > 1}
    # A file's own extension beside `.png`: the literal one wins in the matcher.
    assert {path for _, path in twice} <= {"/pictures/originals/preview-files/{}.{}"}
