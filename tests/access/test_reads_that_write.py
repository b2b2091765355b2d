"""The GET routes that write: which there are, and that nothing they leave behind keeps another record from going."""

import pytest

from chalicelib.domain.dependents import protection
from chalicelib.records.registry import KINDS
from chalicelib.records.relations import of_kind
from chalicelib.store.changes import Changes, write
from tests.access.requests import all_routes, send
from tests.access.studio import AccessStudio
from tests.client import Api
from tests.conftest import default_studio, signed_in

# By path: the kinds of which a look makes records, and what is said for it.
MADE = {
    # The rows of a table that nobody creates: they go with their department.
    "/data/salary-scales": {"salary_scale"},
    # What is planned is there as soon as somebody plans: it goes with its task type, its object, its production.
    "/data/projects/{project_id}/schedule-items/task-types": {"schedule_item"},
    "/data/projects/{project_id}/schedule-items/{task_type_id}/asset-types": {"schedule_item"},
    "/data/projects/{project_id}/schedule-items/{task_type_id}/episodes": {"schedule_item"},
    "/data/projects/{project_id}/schedule-items/{task_type_id}/sequences": {"schedule_item"},
    # A chat is there once somebody looks: it goes with its entity.
    "/data/entities/{entity_id}/chat": {"chat"},
    # Notes the key of the letter with the person who gets it.
    "/actions/persons/{person_id}/invite": {"person"},
}
# Of a studio that has nothing yet: kinds of entities that are there once somebody tells assets from the rest. They are
# kinds like any other, and stay.
MADE_IN_A_BARE_STUDIO = {"entity_type"}
# Events tell of what was made; they are the journal's.
TOLD = {"api_event"}


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The tables of the records that transactions write, as they go."""
    tables: set[str] = set()
    commit = Changes.commit

    def watched(changes: Changes) -> None:
        tables.update(key[0].rpartition("#")[2] for key in changes._records)
        commit(changes)

    monkeypatch.setattr(Changes, "commit", watched)
    return tables


@pytest.mark.usefixtures("bucket")
def test_the_reads_that_write_are_known(api: Api, world: AccessStudio, written: set[str]) -> None:
    chat = world.mine.records["chat"]
    write(lambda changes: changes.delete(changes.read(chat.kind, chat.id)))
    found: dict[str, set[str]] = {}
    for route in all_routes():
        if route.method == "GET" and not route.access.open and not route.path.startswith("/auth/"):
            written.clear()
            send(api, route, world.mine, "admin")
            if written - TOLD:
                found[route.path] = written - TOLD
    assert found == MADE


def test_what_a_look_at_a_bare_studio_makes(table: str, written: set[str]) -> None:
    default_studio()
    api, made = signed_in(), set[str]()
    for route in all_routes():
        if route.method == "GET" and "{" not in route.path and not route.access.open and "/auth/" not in route.path:
            written.clear()
            api.get(route.path)
            made |= written - TOLD - MADE.get(route.path, set())
    assert made == MADE_IN_A_BARE_STUDIO


def test_what_a_read_makes_holds_nothing_back() -> None:
    """But the production: its own events, of the same look, hold it back in any case."""
    for table in {table for tables in MADE.values() for table in tables}:
        for relation in of_kind(KINDS[table]):
            if relation.table in KINDS and table != "person" and relation.table not in ("project", "person"):
                assert relation not in protection.protecting(KINDS[relation.table]), relation
