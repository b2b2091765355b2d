"""The open productions in full, and the context of a user."""

from typing import Any

import msgspec

from chalicelib.domain import user_context
from chalicelib.domain.production import descriptors, full_projects, settings
from chalicelib.domain.production.crud.projects import Projects
from chalicelib.records.entities import ENTITY, ENTITY_TYPE
from chalicelib.records.people import CUSTOM_ACTION, NOTIFICATION
from chalicelib.records.production import PROJECT_STATUS, TASK_TYPE
from chalicelib.records.record import Record
from chalicelib.store import reference
from chalicelib.store.changes import write
from tests.unit.production.conftest import Studio, create

SHARED = {
    "asset_types",
    "custom_actions",
    "departments",
    "notification_count",
    "persons",
    "preview_background_files",
    "project_status",
    "projects",
    "search_filter_groups",
    "search_filters",
    "status_automations",
    "studios",
    "task_status",
    "task_types",
}


def context_of(caller: Any) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(user_context.user_context(caller)))
    return found


def column(studio: Studio, project: Record, name: str, **more: Any) -> Record:
    usual = {"data_type": "string", "entity_type": "Asset", "choices": [], "for_client": False, "departments": []}
    return descriptors.create(studio.admin, project, {"name": name, **usual, **more})


def episode(project: Record, name: str, status: str) -> Record:
    kind = reference.named(ENTITY_TYPE, "Episode")
    assert kind is not None
    return create(ENTITY, name=name, project_id=project.id, entity_type_id=kind.id, status=status)


def test_an_open_production_in_full(studio: Studio) -> None:
    project, modeling = studio.project(), create(TASK_TYPE, name="Modeling")
    settings.add(project, settings.TASK_TYPES, modeling.id, priority=2)
    mood = column(studio, project, "Mood", for_client=True)
    (full,) = full_projects.open_projects(studio.admin)
    assert full["task_types"] == [modeling.id]
    assert full["task_types_priority"] == {modeling.id: 2}
    assert full["task_statuses_link"] == {}
    assert full["descriptors"] == [
        {
            "id": mood.id,
            "name": "Mood",
            "field_name": "mood",
            "data_type": "string",
            "choices": [],
            "for_client": True,
            "entity_type": "Asset",
            "departments": [],
        }
    ]
    assert "first_episode_id" not in full


def test_names_are_exact_and_in_order(studio: Studio) -> None:
    for name in ("Sintel", "Caminandes"):
        studio.project(name)
    assert [one["name"] for one in full_projects.open_projects(studio.admin)] == ["Caminandes", "Sintel"]
    assert [one["name"] for one in full_projects.open_projects(studio.admin, "Sintel")] == ["Sintel"]
    assert full_projects.open_projects(studio.admin, "sintel") == []


def test_what_counts_as_open(studio: Studio) -> None:
    for name in ("open", "Active", "Paused"):
        status = create(PROJECT_STATUS, name=name, color="#000000")
        studio.project(name, project_status_id=status.id)
    assert [one["name"] for one in full_projects.open_projects(studio.admin)] == ["Active", "open"]


def test_a_renamed_status_opens_at_once(studio: Studio) -> None:
    status = create(PROJECT_STATUS, name="Paused", color="#000000")
    studio.project(project_status_id=status.id)
    assert full_projects.open_projects(studio.admin) == []
    write(lambda changes: changes.update(changes.read(PROJECT_STATUS, status.id), name="Active"))
    assert len(full_projects.open_projects(studio.admin)) == 1


def test_the_first_running_episode_is_the_first(studio: Studio) -> None:
    project = studio.project(production_type="tvshow")
    (first,) = full_projects.open_projects(studio.admin)
    write(lambda changes: changes.update(changes.read(ENTITY, first["first_episode_id"]), status="complete"))
    assert full_projects.open_projects(studio.admin) == [first]
    episode(project, "E04", "running")
    third = episode(project, "E03", "running")
    assert full_projects.open_projects(studio.admin)[0]["first_episode_id"] == third.id


def test_columns_are_those_the_caller_may_see(studio: Studio) -> None:
    client, artist = studio.caller("client"), studio.caller("user")
    project = studio.project(team=(client, artist))
    other = studio.project("Other")
    column(studio, project, "Shown", for_client=True)
    column(studio, project, "Inside")
    column(studio, other, "Elsewhere", for_client=True)

    def names(caller: Any) -> list[str]:
        (full,) = full_projects.open_projects(caller)
        return sorted(one["name"] for one in full["descriptors"])

    assert names(client) == ["Shown"]
    assert names(artist) == ["Inside", "Shown"]


def test_the_context_of_each_role(studio: Studio) -> None:
    create(CUSTOM_ACTION, name="Send", url="https://example.com")
    assert set(context_of(studio.admin)) == {*SHARED, "user_limit"}
    callers = [studio.caller(role, phone="1") for role in ("manager", "supervisor", "user", "client", "vendor")]
    studio.project(team=(callers[0], callers[4]))
    for caller in callers:
        found = context_of(caller)
        assert set(found) == SHARED
        in_full = any(person.get("phone") for person in found["persons"])
        assert in_full == (caller.role == "manager")
        assert len(found["custom_actions"]) == (caller.role != "vendor")
        assert len(found["projects"]) == (caller.role in ("manager", "vendor"))
        assert all("departments" in person for person in found["persons"])


def test_unread_notifications_of_open_productions_count(studio: Studio) -> None:
    artist = studio.caller()
    mine, left = studio.project(team=(artist,)), studio.project("Left")
    for project in (mine, mine, left):
        task = studio.task(studio.asset(project, str(id(object()))))
        told = {"person_id": artist.id, "author_id": studio.admin.id, "task_id": task.id}
        create(NOTIFICATION, notification_type="comment", unread_since="2024-01-01T00:00:00", **told)
    create(NOTIFICATION, notification_type="assignation", read=True, **told)
    assert context_of(artist)["notification_count"] == 2
    Projects().change(studio.admin, mine, {"project_status_id": studio.closed.id})
    assert context_of(artist)["notification_count"] == 0


def test_a_context_costs_one_read_and_one_a_show(studio: Studio, calls: Any) -> None:
    studio.project()
    studio.project("Lamas", production_type="tvshow")
    for _ in range(3):
        calls()
        user_context.user_context(studio.admin)
    assert calls() == 2
