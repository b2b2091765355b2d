"""A person's own filters: kept, changed, shared with a production, put into groups."""

from typing import Any

import pytest

from chalicelib.access.caller import Caller
from chalicelib.domain.saved_searches import filters, groups
from chalicelib.errors import Invalid, NotFound
from chalicelib.records.people import DEPARTMENT, SEARCH_FILTER
from chalicelib.records.record import Record
from chalicelib.store import reference, session
from tests.unit.production.conftest import Studio, create

UNKNOWN = "00000000-0000-4000-8000-000000000000"
NOTHING = {"name": None, "is_shared": None, "project_id": None, "department_id": None}


def keep(caller: Caller, **said: Any) -> Record:
    usual = {**NOTHING, "list_type": "asset", "name": "late", "search_query": "due<today", "entity_type": None}
    return filters.create(caller, {**usual, "search_filter_group_id": None, **said})


def change(caller: Caller, one: Record, **said: Any) -> Record:
    return filters.change(caller, one, {**NOTHING, "search_query": None, "search_filter_group_id": None, **said})


def group(caller: Caller, **said: Any) -> Record:
    usual = {**NOTHING, "list_type": "asset", "name": "Mine", "color": "#000000", "entity_type": None}
    return groups.create(caller, {**usual, **said})


def change_group(caller: Caller, one: Record, **said: Any) -> Record:
    return groups.change(caller, one, {**NOTHING, "color": None, **said})


def stored(one: Record) -> Record:
    return reference.get(one.kind, one.id)


def test_only_managers_of_the_production_share(studio: Studio) -> None:
    artist, manager = studio.caller(), studio.caller("manager")
    project, other = studio.project(team=(artist, manager)), studio.project("Other")
    told = [
        keep(caller, is_shared=True, project_id=place)["is_shared"]
        for caller, place in (
            (manager, project.id),
            (studio.admin, other.id),
            (artist, project.id),
            (manager, other.id),
            (manager, None),
        )
    ]
    assert told == [True, True, False, False, False]


@pytest.mark.parametrize("name", ["project_id", "department_id", "search_filter_group_id"])
@pytest.mark.parametrize("unknown", [UNKNOWN, "no id"])
def test_what_a_filter_names_has_to_be_there(studio: Studio, name: str, unknown: str) -> None:
    artist = studio.caller()
    with pytest.raises(NotFound):
        keep(artist, **{name: unknown})
    with pytest.raises(NotFound):
        change(artist, keep(artist), **{name: unknown})


def test_a_word_that_is_too_long_is_refused(studio: Studio) -> None:
    artist = studio.caller()
    with pytest.raises(Invalid) as told:
        change(artist, keep(artist), search_query="x" * 501)
    assert told.value.data["field"] == "search_query"


def test_null_says_nothing_but_for_the_group(studio: Studio) -> None:
    artist = studio.caller()
    clay = create(DEPARTMENT, name="Clay", color="#000000").id
    one = keep(artist, search_filter_group_id=group(artist).id, department_id=clay)
    assert one["search_filter_group_id"] is not None
    changed = change(artist, one, name="later")
    assert [changed[name] for name in ("name", "search_query", "department_id", "search_filter_group_id")] == [
        "later",
        "due<today",
        clay,
        None,
    ]


def test_what_is_shared_and_goes_elsewhere_is_shared_no_longer(studio: Studio) -> None:
    manager = studio.caller("manager")
    project, also_mine = studio.project(team=(manager,)), studio.project("Also", team=(manager,))
    foreign = studio.project("Foreign")
    one = keep(manager, is_shared=True, project_id=project.id)
    assert change(manager, one, project_id=also_mine.id)["is_shared"] is True
    assert change(manager, one, project_id=foreign.id)["is_shared"] is False


def test_a_change_of_sharing_names_the_production(studio: Studio) -> None:
    manager = studio.caller("manager")
    project = studio.project(team=(manager,))
    one = keep(manager, project_id=project.id)
    assert change(manager, one, is_shared=True)["is_shared"] is False
    assert change(manager, one, is_shared=True, project_id=project.id)["is_shared"] is True
    assert change(manager, one, is_shared=True)["is_shared"] is True
    assert change(manager, one, is_shared=False)["is_shared"] is False


def test_a_filter_and_its_group_are_shared_together_in_one_production(studio: Studio) -> None:
    manager, artist = studio.caller("manager"), studio.caller()
    project = studio.project(team=(manager, artist))
    other = studio.project("Other", team=(manager,))
    shared = group(manager, is_shared=True, project_id=project.id)
    for caller, said in (
        (artist, {}),
        (manager, {}),
        (manager, {"is_shared": True, "project_id": other.id}),
    ):
        with pytest.raises(Invalid):
            keep(caller, search_filter_group_id=shared.id, **said)
    one = keep(manager, search_filter_group_id=shared.id, is_shared=True, project_id=project.id)
    assert one["search_filter_group_id"] == shared.id


def test_the_private_group_of_somebody_else_is_not_there(studio: Studio) -> None:
    with pytest.raises(NotFound):
        keep(studio.admin, search_filter_group_id=group(studio.caller()).id)


def test_an_admin_keeps_a_filter_of_somebody_in_their_group(studio: Studio) -> None:
    artist = studio.caller()
    own, one = group(artist), keep(artist)
    assert change(studio.admin, one, search_filter_group_id=own.id)["person_id"] == artist.id


def test_filters_are_shared_as_their_group_is(studio: Studio) -> None:
    manager = studio.caller("manager")
    project = studio.project(team=(manager,))
    own = group(manager)
    one = keep(manager, search_filter_group_id=own.id)
    assert change_group(manager, own, is_shared=True)["is_shared"] is False
    change_group(manager, own, is_shared=True, project_id=project.id, color="#00FF00")
    assert (stored(one)["is_shared"], stored(one)["project_id"]) == (True, project.id)
    change_group(manager, stored(own), is_shared=False, project_id=project.id)
    assert (stored(one)["is_shared"], stored(one)["project_id"]) == (False, project.id)


def test_a_group_is_sealed_and_goes_with_its_filters_in_one_transaction(studio: Studio) -> None:
    artist = studio.caller()
    own, other = group(artist), keep(artist, name="other")
    inside = [keep(artist, name=str(number), search_filter_group_id=own.id) for number in range(3)]
    before = session.current().calls.get("TransactWriteItems", 0)
    groups.delete(own)
    assert session.current().calls["TransactWriteItems"] == before + 2
    left = reference.every(SEARCH_FILTER)
    assert other.id in left
    assert not any(one.id in left for one in inside)


def test_a_very_full_group_goes_in_several_transactions(studio: Studio) -> None:
    artist = studio.caller()
    own = group(artist)
    for number in range(120):
        create(SEARCH_FILTER, name=str(number), list_type="asset", person_id=artist.id, search_filter_group_id=own.id)
    session.current().stamp = None
    groups.delete(own)
    assert reference.every(SEARCH_FILTER) == {}
    assert reference.find(own.kind, own.id) is None
