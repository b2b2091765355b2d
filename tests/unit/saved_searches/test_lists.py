"""Which filters and groups a caller is shown."""

from typing import Any

import msgspec

from chalicelib.access.caller import Caller
from chalicelib.domain import user_context
from chalicelib.domain.production.crud.projects import Projects
from chalicelib.domain.saved_searches import lists
from chalicelib.records.people import DEPARTMENT, SEARCH_FILTER, SEARCH_FILTER_GROUP
from tests.unit.production.conftest import Studio, create


def names(lists: Any) -> dict[str, dict[str, list[str]]]:
    found = msgspec.json.decode(msgspec.json.encode(lists))
    return {
        list_type: {key: [one["name"] for one in rows] for key, rows in by_project.items()}
        for list_type, by_project in found.items()
    }


def save(name: str, owner: Caller, kind: Any = SEARCH_FILTER, **more: Any) -> None:
    create(kind, name=name, list_type="asset", person_id=owner.id, **more)


def test_ones_own_and_what_is_shared_in_ones_teams(studio: Studio) -> None:
    artist, manager = studio.caller(), studio.caller("manager")
    project, other = studio.project(team=(artist, manager)), studio.project("Other", team=(manager,))
    save("own", artist)
    save("private", manager, project_id=project.id)
    save("shared", manager, project_id=project.id, is_shared=True)
    save("elsewhere", manager, project_id=other.id, is_shared=True)
    assert names(lists.filters_of(artist)) == {"asset": {"all": ["own"], project.id: ["shared"]}}
    assert names(lists.filters_of(studio.admin)) == {"asset": {project.id: ["shared"], other.id: ["elsewhere"]}}


def test_closed_productions_are_out_of_sight(studio: Studio) -> None:
    artist = studio.caller()
    project = studio.project(team=(artist,))
    save("own", artist, project_id=project.id)
    Projects().change(studio.admin, project, {"project_status_id": studio.closed.id})
    assert lists.filters_of(artist) == {}


def test_what_is_of_a_department_is_for_its_members_and_managers(studio: Studio) -> None:
    clay = create(DEPARTMENT, name="Clay", color="#000000").id
    sculptor, owner, manager = studio.caller(departments=[clay]), studio.caller(), studio.caller("manager")
    project = studio.project(team=(sculptor, owner, manager))
    save("clay", owner, project_id=project.id, is_shared=True, department_id=clay)
    for caller, expected in ((sculptor, {project.id: ["clay"]}), (manager, {project.id: ["clay"]})):
        assert names(lists.filters_of(caller)) == {"asset": expected}
    assert lists.filters_of(owner) == {}


def test_groups_are_newest_first_and_their_list_is_told_even_if_hidden(studio: Studio) -> None:
    clay, artist = create(DEPARTMENT, name="Clay", color="#000000").id, studio.caller()
    save("hidden", artist, SEARCH_FILTER_GROUP, color="#000000", department_id=clay)
    assert names(lists.groups_of(artist)) == {"asset": {}}
    for name in ("first", "second"):
        save(name, artist, SEARCH_FILTER_GROUP, color="#000000")
    assert names(lists.groups_of(artist)) == {"asset": {"all": ["second", "first"]}}


def test_the_context_shows_them(studio: Studio) -> None:
    artist = studio.caller()
    save("own", artist)
    save("group", artist, SEARCH_FILTER_GROUP, color="#000000")
    found = user_context.user_context(artist)
    assert names(found["search_filters"]) == {"asset": {"all": ["own"]}}
    assert names(found["search_filter_groups"]) == {"asset": {"all": ["group"]}}
