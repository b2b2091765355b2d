"""Every declared route, asked as everybody: who passes is what the tables of the contract say (table.py)."""

import pytest

from chalicelib.domain.registry import ALL
from chalicelib.http.call import Route
from tests.access.requests import all_routes, send
from tests.access.studio import MEMBERS, MINE, THEIRS, AccessStudio
from tests.access.table import ADMINS_ALONE, GENERIC, KINDS, REFUSED_BY_400, RULES, who_passes
from tests.client import Api

# Asked with the refresh token, which this matrix does not hold; signing out would end it.
APART = ("/auth/refresh-token", "/auth/logout")
# What is not there for somebody may be told so.
REFUSED = (403, 404)


def asked(api: Api) -> list[Route]:
    """The routes of the matrix: those that need a token; changes come last, what deletes after them."""
    closed = [route for route in all_routes() if not route.access.open and route.path not in APART]
    return sorted(closed, key=lambda route: ["GET", "PUT", "POST", "DELETE"].index(route.method))


def test_every_rule_has_a_line(api: Api) -> None:
    names = {route.access.name for route in all_routes()} - {"holder of a refresh token"}
    known = {*RULES, *(GENERIC + kind for kind in (*KINDS, *ADMINS_ALONE))}
    assert names - known == set()


def test_every_kind_of_record_has_a_line() -> None:
    kinds = {collection.kind.name for collection in ALL.values()}
    assert kinds - set(KINDS) - ADMINS_ALONE == set()


def test_the_inactive_are_strangers(api: Api, world: AccessStudio) -> None:
    passed = {
        f"{route.method} {route.path}": status
        for route in asked(api)
        if (status := send(api, route, world.mine, "inactive").status) != 401
    }
    assert passed == {}


@pytest.mark.usefixtures("bucket")
@pytest.mark.parametrize("name", ["admin", *MEMBERS])
def test_who_passes(api: Api, world: AccessStudio, name: str) -> None:
    wrong = [
        f"{side}: {route.method} {route.path}: {told}"
        for side in (MINE, THEIRS)
        for route in asked(api)
        if (told := mistake(api, world, route, name, side))
    ]
    assert not wrong, "\n".join(wrong)


def mistake(api: Api, world: AccessStudio, route: Route, name: str, side: str) -> str:
    """What is wrong about the answer to somebody, or nothing."""
    lets = who_passes(route.access.name, route.method, route.path).lets(name, inside=side == MINE)
    answered = send(api, route, world.productions[side], name, fresh=lets and route.method == "DELETE")
    refused = (*REFUSED, 400) if f"{route.method} {route.path}" in REFUSED_BY_400 else REFUSED
    if answered.status not in (401, 403) and answered.status < 500 if lets else answered.status in refused:
        return ""
    return f"{answered.status} {answered.content[:100]!r}, but {name} {'passes' if lets else 'is refused'}"
