"""Who learns what from the journal: every name there is, whoever asks (docs/contract/production.md section 11)."""

from typing import Any, Final

import pytest

from chalicelib.domain.journal import feed
from chalicelib.records.record import Record
from chalicelib.records.registry import KINDS
from chalicelib.store import keys, session
from tests.unit.production.conftest import Studio, event, statuses
from tests.unit.production.test_event_catalogue import KEPT, LIVE

ROLES: Final = ("supervisor", "user", "client", "vendor")
NAMES: Final = sorted(
    {*KEPT, *LIVE, *(f"{kind.event_name}:{verb}" for kind in KINDS.values() for verb in ("new", "update", "delete"))}
)
# The studio's own data: everybody reads these by their routes.
SHARED: Final = {name for name in NAMES if name.partition(":")[0] in feed.OF_THE_STUDIO}
PRIVATE: Final = (
    *("notification", "subscription", "search-filter", "search-filter-group", "chat", "chat-message", "day-off"),
    *(
        "login-log",
        "desktop-login-log",
        "salary-scale",
        "plugin",
        "custom-action",
        "comment",
        "task",
        "attachment-file",
    ),
)


class Told:
    """A production with a manager, a stranger who manages another, a person whom things concern."""

    def __init__(self, studio: Studio) -> None:
        self.admin = studio.admin
        self.manager, self.stranger = studio.caller("manager"), studio.caller("manager")
        self.concerned = studio.caller("manager")
        self.project = studio.project("Mine", team=(self.manager,))
        studio.project("Theirs", team=(self.stranger,))

    def readers(self, made: list[Record]) -> dict[str, set[str]]:
        """By the id of the event, who reads it."""
        found: dict[str, set[str]] = {one.id: set() for one in made}
        for name in ("admin", "manager", "stranger", "concerned"):
            for row in feed.last(getattr(self, name), {"limit": "5000"}):
                if row["id"] in found:
                    found[row["id"]].add(name)
        return found


@pytest.fixture
def told(studio: Studio) -> Told:
    return Told(studio)


def write_all(project_id: str | None = None, **data: Any) -> list[Record]:
    return [event(name, project_id, **data) for name in NAMES]


def test_what_is_tied_to_a_production_is_for_its_managers(told: Told) -> None:
    found = told.readers(write_all(told.project.id))
    assert {frozenset(who) for who in found.values()} == {frozenset({"admin", "manager"})}


def test_what_names_a_thing_of_a_production_is_for_its_managers(told: Told) -> None:
    asset_id = keys.new_id(KINDS["entity"], keys.home_of_owner(told.project.id))
    found = told.readers(write_all(asset_id=asset_id))
    assert {frozenset(who) for who in found.values()} == {frozenset({"admin", "manager"})}


def test_what_belongs_to_nothing_is_for_administrators_but_for_the_data_of_the_studio(told: Told) -> None:
    made = write_all(some_id=keys.new_id(KINDS["task_type"], "studio"))
    found = told.readers(made)
    everybody = {"admin", "manager", "stranger", "concerned"}
    for one in made:
        assert found[one.id] == (everybody if one["name"] in SHARED else {"admin"}), one["name"]


@pytest.mark.parametrize("how", ["names them", "is with them", "was done by them"])
def test_what_concerns_a_person_is_for_them(told: Told, how: str) -> None:
    if how == "names them":
        made = write_all(person_id=told.concerned.id)
    elif how == "is with them":
        made = write_all(thing_id=keys.new_id(KINDS["notification"], keys.home_of_owner(told.concerned.id)))
    else:
        with session.opened(told.concerned.id):
            made = write_all()
    found = told.readers(made)
    for one in made:
        if one["name"] not in SHARED:
            assert found[one.id] == {"admin", "concerned"}, one["name"]


def test_nothing_private_is_shared() -> None:
    assert not SHARED & {f"{word}:{verb}" for word in PRIVATE for verb in ("new", "update", "delete")}


def test_below_managers_nobody_reads_the_journal(studio: Studio, api: Any) -> None:
    assert statuses(api, "GET", "/data/events/last") == {
        **{"admin": 200, "manager": 200, "stranger": 200, "None": 401},
        **dict.fromkeys(ROLES, 403),
    }


def test_nobody_goes_on_after_an_event_that_is_not_theirs(told: Told) -> None:
    hidden = event("search-filter:new", search_filter_id=keys.new_id(KINDS["search_filter"], "studio"))
    for caller in (told.manager, told.stranger):
        with pytest.raises(feed.Invalid):
            feed.last(caller, {feed.CURSOR: hidden.id})
