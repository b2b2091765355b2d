"""Who learns what from the journal: every name there is, whoever asks (docs/contract/production.md section 11)."""

from typing import Any, Final

import pytest

from chalicelib.domain.journal import feed
from chalicelib.events import journal
from chalicelib.records.fields import Kind
from chalicelib.records.people import DAY_OFF, SEARCH_FILTER
from chalicelib.records.record import Record
from chalicelib.records.registry import KINDS
from chalicelib.store import keys, session
from chalicelib.store.changes import Changes, write
from tests.unit.production.conftest import Studio, create, event, statuses
from tests.unit.production.test_event_catalogue import KEPT, LIVE

ROLES: Final = ("supervisor", "user", "client", "vendor")
NAMES: Final = sorted(
    {*KEPT, *LIVE, *(f"{kind.event_name}:{verb}" for kind in KINDS.values() for verb in ("new", "update", "delete"))}
)
# The studio's own data: everybody reads these by their routes, custom actions and automations all but vendors.
OF_THE_STUDIO: Final = (
    *("asset-type", "department", "entity-type", "file-status", "file_status", "main", "organisation", "output-type"),
    *("output_type", "person", "preview-background-file", "project-status", "software", "studio", "task-status"),
    *("task-type", "custom-action", "status-automation"),
)
PERSONAL: Final = (
    *("day-off", "desktop-login-log", "notification", "search-filter", "search-filter-group", "subscription"),
    *("chat", "chat-message"),
)
FOR_ADMINS: Final = ("api-event", "data-import-error", "login-log", "plugin", "salary-scale", "webhook")


def word(name: str) -> str:
    """What the name of an event begins with."""
    return name.partition(":")[0]


SHARED: Final = {name for name in NAMES if word(name) in OF_THE_STUDIO}


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
    made = write_all(told.project.id)
    found = told.readers(made)
    for one in made:
        hidden = word(one["name"]) in (*PERSONAL, *FOR_ADMINS)
        assert found[one.id] == ({"admin"} if hidden else {"admin", "manager"}), one["name"]


def test_what_names_a_thing_of_a_production_is_for_its_managers(told: Told) -> None:
    asset_id = keys.new_id(KINDS["entity"], keys.home_of_owner(told.project.id))
    made = write_all(asset_id=asset_id)
    found = told.readers(made)
    for one in made:
        hidden = word(one["name"]) in (*PERSONAL, *FOR_ADMINS)
        assert found[one.id] == ({"admin"} if hidden else {"admin", "manager"}), one["name"]


def test_what_belongs_to_nothing_is_for_administrators_but_for_the_data_of_the_studio(told: Told) -> None:
    made = write_all(some_id=keys.new_id(KINDS["task_type"], "studio"))
    found = told.readers(made)
    everybody = {"admin", "manager", "stranger", "concerned"}
    for one in made:
        assert found[one.id] == (everybody if one["name"] in SHARED else {"admin"}), one["name"]


def test_what_somebody_did_is_for_them(told: Told) -> None:
    with session.opened(told.concerned.id):
        made = write_all()
    found = told.readers(made)
    for one in made:
        if one["name"] not in SHARED:
            # A notification is its reader's, whoever caused it.
            is_theirs = word(one["name"]) not in PERSONAL
            assert found[one.id] == ({"admin", "concerned"} if is_theirs else {"admin"}), one["name"]


def test_what_belongs_to_a_person_is_for_them(told: Told) -> None:
    made = write_all(person_id=told.concerned.id)
    found = told.readers(made)
    for one in made:
        if one["name"] not in SHARED:
            # In a chat are those of its entity's production.
            is_theirs = word(one["name"]) in PERSONAL and not word(one["name"]).startswith("chat")
            assert found[one.id] == ({"admin", "concerned"} if is_theirs else {"admin"}), one["name"]


@pytest.mark.parametrize("kind", [SEARCH_FILTER, DAY_OFF], ids=lambda kind: kind.name)
def test_an_event_keeps_whose_record_it_was(told: Told, kind: Kind) -> None:
    values = {"person_id": told.concerned.id, "date": "2026-11-02", "end_date": "2026-11-02", "name": "mine"}
    record = create(kind, **{name: value for name, value in values.items() if name in kind.by_name})

    def command(changes: Changes) -> Record:
        changes.delete(record)
        return journal.emit_for(changes, record, "delete")

    assert list(told.readers([write(command)]).values()) == [{"admin", "concerned"}]


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
