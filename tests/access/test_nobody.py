"""Without a valid token every route answers 401, but the open ones (docs/contract/people.md section 1)."""

import re

import pytest

from chalicelib.routes import areas
from tests.client import Api

UNKNOWN = "00000000-0000-4000-8000-000000000000"
OPEN = {
    "/",
    "/config",
    "/openapi.json",
    "/apidocs",
    "/status",
    "/status.txt",
    "/status/influx",
    "/status/resources",
    "/status/test-event",
    "/auth/login",
    "/auth/register",
    "/auth/reset-password",
    # The event stream asks who is there when a client joins it.
    "/live",
    "/live/{session_id}",
    "/auth/saml/login",
    "/auth/saml/sso",
    "/auth/email-otp",
    "/auth/fido",
    "/pictures/thumbnails/organisations/{instance_id}",
    "/pictures/thumbnails/organisations/{instance_id}.png",
}


def filled(path: str) -> str:
    return re.sub(r"\{[^}]+\}", UNKNOWN, path)


def test_every_closed_route_asks_nobody_to_sign_in(api: Api) -> None:
    answered = {
        f"{route.method} {route.path}": api.call(route.method, filled(route.path), user=None).status
        for area in areas()
        for route in area.routes
        if not route.access.open
    }
    assert {route: status for route, status in answered.items() if status != 401} == {}


def test_only_known_routes_are_open(api: Api) -> None:
    opened = {route.path for area in areas() for route in area.routes if route.access.open}
    assert opened <= OPEN


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ("Bearer nonsense", 422),
        ("Basic YWRtaW46YWRtaW4=", 401),
        ("Bearer ", 401),
    ],
)
def test_what_is_no_token_opens_nothing(api: Api, sent: str, status: int) -> None:
    assert api.get("/data/projects", user=None, headers={"Authorization": sent}).status == status
