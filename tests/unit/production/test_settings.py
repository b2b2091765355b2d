"""The team of a production and what it uses."""

from typing import Any

import msgspec
import pytest

from chalicelib.domain.production import settings
from chalicelib.domain.production.crud.projects import Projects
from chalicelib.domain.workflow import project_links
from chalicelib.errors import Invalid, NotFound
from chalicelib.records.files import PREVIEW_BACKGROUND_FILE
from chalicelib.records.production import API_EVENT, PROJECT, TASK_STATUS, TASK_TYPE
from chalicelib.records.record import Record
from chalicelib.store import keys, reads
from tests.unit.production.conftest import Studio, create

UNKNOWN = "00000000-0000-4000-8000-000000000000"


def now(project: Record) -> Record:
    return reads.get(PROJECT, project.id)


def listed(project: Record, setting: settings.Setting) -> list[str]:
    return [one["name"] for one in msgspec.json.decode(msgspec.json.encode(settings.listed(now(project), setting)))]


def status(name: str) -> Record:
    return create(TASK_STATUS, name=name, short_name=name, color="#000000")


def test_joining_a_team_twice_is_joining_once(studio: Studio) -> None:
    project, artist = studio.project(), studio.person()
    for _ in range(2):
        joined = settings.add(project, settings.TEAM, artist.id.upper())
    assert joined["team"] == [artist.id]
    assert joined["updated_at"] > project["updated_at"]


def test_leaving_a_team(studio: Studio) -> None:
    artist = studio.caller()
    project = studio.project(team=(artist,))
    for _ in range(2):
        settings.remove(project, settings.TEAM, artist.id)
    assert now(project)["team"] == []


def test_each_change_is_told_to_those_of_the_production(studio: Studio) -> None:
    project = studio.project()
    settings.add(project, settings.ASSET_TYPES, studio.prop.id)
    settings.remove(project, settings.ASSET_TYPES, studio.prop.id)
    told = reads.query(API_EVENT, keys.home_of_owner(project.id))
    assert [(one["name"], one["data"]) for one in told] == [("project:update", {"project_id": project.id})] * 2


@pytest.mark.parametrize("wrong", [UNKNOWN, "nope"])
def test_unknown_things_are_not_found(studio: Studio, wrong: str) -> None:
    project = studio.project()
    for setting in (settings.TEAM, settings.TASK_TYPES, settings.STATUS_AUTOMATIONS):
        with pytest.raises(NotFound):
            settings.add(project, setting, wrong)
    with pytest.raises(NotFound):
        settings.remove(project, settings.TEAM, "nope")


def test_managers_see_the_team_in_full_others_see_cards(studio: Studio) -> None:
    manager, artist = studio.caller("manager", phone="1"), studio.caller("user", phone="2")
    project = studio.project(team=(manager, artist))

    def seen_by(caller: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = msgspec.json.decode(msgspec.json.encode(settings.team(caller, project)))
        return found

    assert [one.get("phone") for one in seen_by(manager)] == ["1", "2"]
    assert [one.get("phone") for one in seen_by(artist)] == [None, None]
    assert [one["departments"] for one in seen_by(artist)] == [[], []]


def test_the_priority_of_a_task_type_that_is_set_stays(studio: Studio) -> None:
    project, modeling = studio.project(), create(TASK_TYPE, name="Modeling")
    settings.add(project, settings.TASK_TYPES, modeling.id, priority=2)
    settings.add(project, settings.TASK_TYPES, modeling.id, priority=5)
    assert project_links.task_type_priorities(now(project)) == {modeling.id: 2}


def test_a_link_changes_the_priority(studio: Studio) -> None:
    project, modeling = studio.project(), create(TASK_TYPE, name="Modeling")
    first = project_links.link_task_type(project, modeling.id, 7)
    second = project_links.link_task_type(project, modeling.id, 8)
    assert first.id == second.id
    assert now(project)["task_types"] == [modeling.id]
    assert project_links.task_type_priorities(now(project)) == {modeling.id: 8}


def test_a_task_type_that_comes_back_has_no_memory(studio: Studio) -> None:
    project, modeling = studio.project(), create(TASK_TYPE, name="Modeling")
    project_links.link_task_type(project, modeling.id, 7)
    settings.remove(project, settings.TASK_TYPES, modeling.id)
    settings.add(project, settings.TASK_TYPES, modeling.id, priority=None)
    assert project_links.task_type_priorities(now(project)) == {modeling.id: None}


def test_types_given_at_creation_have_no_priority(studio: Studio) -> None:
    modeling = create(TASK_TYPE, name="Modeling")
    assert project_links.task_type_priorities(studio.project(task_types=[modeling.id])) == {modeling.id: None}


def test_a_status_is_on_the_board_of_all_but_clients(studio: Studio) -> None:
    project, todo = studio.project(), status("todo")
    settings.add(project, settings.TASK_STATUSES, todo.id)
    (board,) = project_links.task_status_settings(now(project)).values()
    assert board["priority"] is None
    assert set(board["roles_for_board"]) == {"user", "admin", "supervisor", "manager", "vendor"}


def test_a_link_says_who_sees_a_status(studio: Studio) -> None:
    project, todo = studio.project(), status("todo")
    project_links.link_task_status(project, todo.id, 3, ["admin"])
    assert project_links.task_status_settings(now(project)) == {todo.id: {"priority": 3, "roles_for_board": ["admin"]}}
    with pytest.raises(Invalid):
        project_links.link_task_status(project, todo.id, 3, ["king"])


def test_the_default_background_goes_with_it(studio: Studio) -> None:
    project, night = studio.project(), create(PREVIEW_BACKGROUND_FILE, name="Night")
    settings.add(project, settings.PREVIEW_BACKGROUND_FILES, night.id)
    Projects().change(studio.admin, project, {"default_preview_background_file_id": night.id})
    assert listed(project, settings.PREVIEW_BACKGROUND_FILES) == ["Night"]
    settings.remove(project, settings.PREVIEW_BACKGROUND_FILES, night.id)
    assert now(project)["default_preview_background_file_id"] is None
    assert listed(project, settings.PREVIEW_BACKGROUND_FILES) == []
