"""Milestones and schedule items: who writes them, and that they stay where they are."""

import pytest

from chalicelib.domain.production.crud.project_kinds import Milestones, ScheduleItems
from chalicelib.errors import Duplicate, Forbidden, Invalid
from chalicelib.records.people import DEPARTMENT
from chalicelib.records.production import SCHEDULE_ITEM, TASK_TYPE
from tests.unit.production.conftest import Studio, create


def test_the_manager_of_the_team_sets_milestones(studio: Studio) -> None:
    manager, stranger = studio.caller("manager"), studio.caller("manager")
    project = studio.project(team=(manager,))
    body = {"name": "Alpha", "project_id": project.id}
    alpha = Milestones().create(manager, body)
    assert Milestones().change(manager, alpha, {"date": "2031-06-03"})["date"] == "2031-06-03"
    for attempt in (
        lambda: Milestones().create(stranger, body),
        lambda: Milestones().change(stranger, alpha, {"date": None}),
        lambda: Milestones().delete(manager, alpha, {}),
    ):
        with pytest.raises(Forbidden):
            attempt()


def test_a_milestone_needs_its_production(studio: Studio) -> None:
    for body in ({"name": "Alpha"}, {"name": "Alpha", "project_id": "00000000-0000-4000-8000-000000000000"}):
        with pytest.raises(Invalid):
            Milestones().create(studio.admin, body)


def test_milestones_are_read_by_the_team_without_vendors(studio: Studio) -> None:
    artist, vendor = studio.caller(), studio.caller("vendor")
    project = studio.project(team=(artist, vendor))
    alpha = Milestones().create(studio.admin, {"name": "Alpha", "project_id": project.id})
    Milestones().read(artist, alpha, {})
    for caller in (vendor, studio.caller("manager")):
        with pytest.raises(Forbidden):
            Milestones().read(caller, alpha, {})


def test_a_milestone_stays_in_its_production(studio: Studio) -> None:
    manager = studio.caller("manager")
    project, other = studio.project(team=(manager,)), studio.project("Sintel", team=(manager,))
    alpha = Milestones().create(manager, {"name": "Alpha", "project_id": project.id})
    with pytest.raises(Invalid):
        Milestones().change(manager, alpha, {"project_id": other.id})


def test_a_schedule_item_is_there_once(studio: Studio) -> None:
    body = {"project_id": studio.project().id, "task_type_id": create(TASK_TYPE, name="Modeling").id}
    ScheduleItems().create(studio.admin, body)
    with pytest.raises(Duplicate):
        ScheduleItems().create(studio.admin, body)


def test_the_object_of_a_schedule_item_is_of_its_production(studio: Studio) -> None:
    manager = studio.caller("manager")
    project, other = studio.project(team=(manager,)), studio.project("Sintel")
    mine, theirs = studio.asset(project), studio.asset(other)
    item = ScheduleItems().create(studio.admin, {"project_id": project.id})
    assert ScheduleItems().change(manager, item, {"object_id": mine.id})["object_id"] == mine.id
    for attempt in (
        lambda: ScheduleItems().change(manager, item, {"object_id": theirs.id}),
        lambda: ScheduleItems().create(studio.admin, {"project_id": project.id, "object_id": theirs.id}),
    ):
        with pytest.raises(Invalid):
            attempt()


def test_supervisors_plan_the_task_types_of_their_departments(studio: Studio) -> None:
    clay, wood = (create(DEPARTMENT, name=name, color="#000000").id for name in ("Clay", "Wood"))
    theirs, others = (studio.caller("supervisor", departments=[one]) for one in (clay, wood))
    free, artist = studio.caller("supervisor"), studio.caller()
    project = studio.project(team=(theirs, others, free, artist))
    modeling = create(TASK_TYPE, name="Modeling", department_id=clay)
    item = create(SCHEDULE_ITEM, project_id=project.id, task_type_id=modeling.id)
    for number, caller in enumerate((theirs, free, studio.admin)):
        assert ScheduleItems().change(caller, item, {"man_days": number})["man_days"] == number
    for caller in (others, artist, studio.caller("supervisor")):
        with pytest.raises(Forbidden):
            ScheduleItems().change(caller, item, {"man_days": 9})


def test_days_given_as_text_are_not_taken(studio: Studio) -> None:
    item = create(SCHEDULE_ITEM, project_id=studio.project().id, man_days=3)
    assert ScheduleItems().change(studio.admin, item, {"man_days": "7"})["man_days"] == 3
