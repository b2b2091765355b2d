"""The kinds a studio works with: names, defaults, events, who reads them."""

import pytest

from chalicelib.domain.production.crud import studio_kinds
from chalicelib.errors import Duplicate, Forbidden, StillReferenced
from chalicelib.records.files import PREVIEW_BACKGROUND_FILE
from chalicelib.records.production import API_EVENT, STATUS_AUTOMATION, TASK_STATUS
from chalicelib.store import reads, reference
from tests.unit.production.conftest import Studio, create


def status(short_name: str, **more: bool) -> dict[str, object]:
    return {"name": short_name.upper(), "short_name": short_name, "color": "#000000", **more}


def defaults() -> set[str]:
    return {one["short_name"] for one in reference.every(TASK_STATUS).values() if one["is_default"]}


def test_a_task_type_has_its_name_alone(studio: Studio) -> None:
    kinds = studio_kinds.TaskTypes()
    fur = kinds.create(studio.admin, {"name": "Fur", "for_entity": "Asset"})
    with pytest.raises(Duplicate):
        kinds.create(studio.admin, {"name": "Fur", "for_entity": "Shot"})
    hair = kinds.create(studio.admin, {"name": "fur"})
    assert kinds.change(studio.admin, fur, {"name": "Fur", "short_name": "f"})["short_name"] == "f"
    with pytest.raises(Duplicate):
        kinds.change(studio.admin, hair, {"name": "Fur"})


def test_entity_types_are_told_apart_in_any_case_when_they_are_made(studio: Studio) -> None:
    kinds = studio_kinds.EntityTypes()
    vehicle = kinds.create(studio.admin, {"name": "Vehicle"})
    with pytest.raises(Duplicate):
        kinds.create(studio.admin, {"name": "PROP"})
    with pytest.raises(Duplicate):
        kinds.change(studio.admin, vehicle, {"name": "Prop"})
    assert kinds.change(studio.admin, vehicle, {"name": "PROP"})["name"] == "PROP"


def test_events_of_entity_types_speak_of_asset_types(studio: Studio) -> None:
    kinds = studio_kinds.EntityTypes()
    vehicle = kinds.create(studio.admin, {"name": "Vehicle"})
    kinds.change(studio.admin, vehicle, {"archived": True})
    kinds.delete(studio.admin, vehicle, {})
    told = [
        one["name"]
        for one in reads.query(API_EVENT, "studio", "created_at")
        if one["data"] == {"asset_type_id": vehicle.id}
    ]
    assert told == ["asset-type:new", "asset-type:update", "asset-type:delete"]


def test_one_status_is_the_default_and_one_for_concepts(studio: Studio) -> None:
    kinds = studio_kinds.TaskStatuses()
    todo = kinds.create(studio.admin, status("todo", is_default=True))
    kinds.create(studio.admin, status("neutral", is_default=True, for_concept=True))
    kinds.create(studio.admin, status("hold", is_default=True))
    assert defaults() == {"hold", "neutral"}
    kinds.change(studio.admin, reference.get(TASK_STATUS, todo.id), {"is_default": True})
    assert defaults() == {"todo", "neutral"}


def test_one_background_is_the_default(studio: Studio) -> None:
    kinds = studio_kinds.PreviewBackgroundFiles()
    kinds.create(studio.admin, {"name": "Night", "is_default": True})
    day = kinds.create(studio.admin, {"name": "Day"})
    kinds.change(studio.admin, day, {"is_default": True})
    found = reference.every(PREVIEW_BACKGROUND_FILE).values()
    assert {one["name"]: one["is_default"] for one in found} == {"Night": False, "Day": True}
    for attempt in (
        lambda: kinds.create(studio.admin, {"name": "Day"}),
        lambda: kinds.change(studio.admin, day, {"name": "Night"}),
    ):
        with pytest.raises(Duplicate):
            attempt()


def test_an_automation_that_is_used_stays(studio: Studio) -> None:
    rule = create(STATUS_AUTOMATION)
    project = studio.project(status_automations=[rule.id])
    assert project["status_automations"] == [rule.id]
    with pytest.raises(StillReferenced):
        studio_kinds.StatusAutomations().delete(studio.admin, rule, {})


@pytest.mark.parametrize("role", ["manager", "supervisor", "user", "client", "vendor"])
def test_all_read_and_admins_write(studio: Studio, role: str) -> None:
    caller = studio.caller(role)
    kinds = studio_kinds.ProjectStatuses()
    assert len(kinds.list(caller, {})) == 2
    kinds.read(caller, studio.open, {})
    for attempt in (
        lambda: kinds.create(caller, {"name": "Paused", "color": "#000000"}),
        lambda: kinds.change(caller, studio.open, {"name": "Paused"}),
        lambda: kinds.delete(caller, studio.open, {}),
    ):
        with pytest.raises(Forbidden):
            attempt()


def test_automations_are_closed_to_vendors(studio: Studio) -> None:
    rule = create(STATUS_AUTOMATION)
    kinds = studio_kinds.StatusAutomations()
    assert len(kinds.list(studio.caller("user"), {})) == 1
    with pytest.raises(Forbidden):
        kinds.list(studio.caller("vendor"), {})
    with pytest.raises(Forbidden):
        kinds.read(studio.caller("manager"), rule, {})
