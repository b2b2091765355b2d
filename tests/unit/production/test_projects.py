"""Productions: creation, change, who sees which."""

from typing import Any

import msgspec
import pytest

from chalicelib.access.caller import Caller
from chalicelib.domain.production.crud.projects import Projects
from chalicelib.domain.production.projects import all_projects
from chalicelib.domain.workflow import project_links
from chalicelib.errors import Duplicate, Forbidden, Invalid, NotFound
from chalicelib.records.entities import ENTITY
from chalicelib.records.production import API_EVENT, PROJECT_TASK_TYPE_LINK, TASK_TYPE
from chalicelib.records.record import Record
from chalicelib.store import keys, reads, reference
from tests.unit.production.conftest import Studio, create


def answer(value: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(value))


def names(found: Any) -> list[str]:
    return [one["name"] for one in answer(found)]


def episodes(project: Record) -> list[Record]:
    return reads.query(ENTITY, keys.home_of_owner(project.id))


def test_a_new_production_is_open(studio: Studio) -> None:
    project = studio.project()
    assert project["project_status_id"] == studio.open.id
    assert project["production_style"] == "2d3d"


def test_its_events_outlive_it(studio: Studio) -> None:
    project = studio.project()
    Projects().change(studio.admin, project, {"code": "cam"})
    told = [(one["name"], one["data"]) for one in reads.query(API_EVENT, "studio", "created_at")]
    assert ("project:new", {"project_id": project.id}) in told
    assert ("project:update", {"project_id": project.id}) in told


def test_a_name_is_taken_once(studio: Studio) -> None:
    studio.project("Sintel")
    with pytest.raises(Duplicate):
        studio.project("Sintel")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "x" * 81},
        {"name": "x", "production_style": "claymation"},
        {"name": "x", "start_date": "soon"},
        {"name": "x", "project_status_id": "00000000-0000-4000-8000-000000000000"},
        {"name": "x", "preview_background_file_id": None},
    ],
)
def test_what_is_wrong_is_refused(studio: Studio, body: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        Projects().create(studio.admin, body)


def test_a_show_begins_with_an_episode(studio: Studio) -> None:
    shown = answer(Projects().answer_create(studio.admin, {"name": "Lamas", "production_type": "tvshow"}))
    (first,) = reads.query(ENTITY, keys.home_of_owner(shown["id"]))
    assert (first["name"], first["status"], first["created_by"]) == ("E01", "running", studio.admin.id)
    assert shown["first_episode_id"] == first.id


def test_becoming_a_show_makes_one_episode(studio: Studio) -> None:
    project = studio.project()
    for _ in range(2):
        shown = answer(Projects().answer_change(studio.admin, project, {"production_type": "tvshow"}))
    (first,) = episodes(project)
    assert shown["first_episode_id"] == first.id


def test_a_change_keeps_the_team_and_takes_no_unknown_field(studio: Studio) -> None:
    manager = studio.caller("manager")
    project = studio.project(team=(manager,))
    changed = Projects().change(
        manager, project, {"team": [], "production_style": None, "project_status_name": "Open", "code": "c"}
    )
    assert changed["team"] == [manager.id]
    assert (changed["code"], changed["production_style"]) == ("c", "2d3d")


def test_a_type_that_goes_takes_its_priority_along(studio: Studio) -> None:
    modeling, shading = (create(TASK_TYPE, name=name) for name in ("Modeling", "Shading"))
    project = studio.project(task_types=[modeling.id, shading.id])
    project_links.link_task_type(project, modeling.id, 3)
    changed = Projects().change(studio.admin, project, {"task_types": [shading.id]})
    assert changed["task_types"] == [shading.id]
    assert not reference.every(PROJECT_TASK_TYPE_LINK)


def test_more_types_may_go_than_a_transaction_holds(studio: Studio) -> None:
    types = [create(TASK_TYPE, name=f"Type {number}").id for number in range(60)]
    project = studio.project(task_types=types)
    for task_type_id in types:
        project_links.link_task_type(project, task_type_id, 1)
    assert Projects().change(studio.admin, project, {"task_types": []})["task_types"] == []
    assert not reference.every(PROJECT_TASK_TYPE_LINK)


def test_others_than_admins_see_the_open_ones_of_theirs(studio: Studio) -> None:
    artist = studio.caller("user")
    mine = studio.project("Mine", team=(artist,))
    studio.project("Others")
    studio.project("Past", team=(artist,), project_status_id=studio.closed.id)
    assert names(Projects().list(artist, {})) == ["Mine"]
    assert len(names(Projects().list(studio.admin, {}))) == 3
    assert names(all_projects(artist, None)) == ["Mine", "Past"]
    assert names(all_projects(artist, "past")) == ["Past"]
    assert all_projects(artist, "others") == []
    Projects().may_read(artist, mine)


def test_all_productions_by_name_for_an_admin(studio: Studio) -> None:
    studio.project("b")
    studio.project("A", project_status_id=studio.closed.id)
    shown = answer(all_projects(studio.admin, None))
    assert [(one["name"], one["project_status_name"]) for one in shown] == [("A", "Closed"), ("b", "Open")]
    assert names(all_projects(studio.admin, "B")) == ["b"]
    with pytest.raises(NotFound):
        all_projects(studio.admin, "c")


@pytest.mark.parametrize("role", ["manager", "supervisor", "user", "client", "vendor"])
def test_strangers_learn_nothing(studio: Studio, role: str) -> None:
    stranger = studio.caller(role)
    project = studio.project()
    for attempt in (
        lambda: Projects().read(stranger, project, {}),
        lambda: Projects().change(stranger, project, {"code": "x"}),
    ):
        with pytest.raises(Forbidden):
            attempt()


def test_only_managers_of_the_team_change_it(studio: Studio) -> None:
    artist = studio.caller("user")
    project = studio.project(team=(artist,))
    with pytest.raises(Forbidden):
        Projects().change(artist, project, {"code": "x"})


def test_reading_one_tells_the_name_of_its_status(studio: Studio) -> None:
    project = studio.project()
    shown = Projects().read(studio.admin, project, {})
    assert shown["project_status_name"] == "Open"
    assert shown["team"] == []
    assert "team" not in Projects().read(studio.admin, project, {"relations": "false"})


def test_a_production_is_read_without_a_further_request(studio: Studio, calls: Any) -> None:
    caller: Caller = studio.admin
    project = studio.project()
    for expected in (None, 0):
        calls()
        Projects().list(caller, {})
        Projects().read(caller, project, {})
        assert expected is None or calls() == expected
