"""Tasks made and removed in bulk (docs/contract/tasks.md section 4)."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.store import reads
from tests.unit.tasks.stage import UNKNOWN, Stage, Studio


def path_of(stage: Stage, kind: str, task_type: str, project: Record | None = None) -> str:
    tail = f"create-tasks/{kind}" if kind.endswith("/") else f"{kind}/create-tasks"
    return f"/actions/projects/{(project or stage.project).id}/task-types/{stage.types[task_type].id}/{tail}"


def test_each_listed_entity_gets_a_task(api: Studio, stage: Stage) -> None:
    reply = api.post(path_of(stage, "assets", "Shading"), [stage.lama.id], user="manager")
    assert reply.status == 201
    (made,) = reply.json
    assert (made["name"], made["entity_id"], made["estimation"], made["assignees"]) == ("main", stage.lama.id, 0, [])
    assert made["assigner_id"] == stage.people["manager"].id
    assert (made["task_status_short_name"], made["task_type_name"]) == ("todo", "Shading")
    assert {"task_status_name", "task_status_color", "task_type_color", "task_type_priority"} <= made.keys()
    assert stage.events("task:new") == [{"task_id": made["id"]}]


def test_entities_with_a_task_of_that_type_are_skipped(api: Studio, stage: Stage) -> None:
    rock = stage.entity("Rock", "Character")
    made = api.post(path_of(stage, "assets", "Modeling"), [stage.lama.id, rock.id]).json
    assert [task["entity_id"] for task in made] == [rock.id]
    assert api.post(path_of(stage, "assets", "Modeling"), [stage.lama.id]).json == []


@pytest.mark.parametrize("body", [[], {}, "all"])
def test_without_a_list_all_of_the_kind_are_meant(api: Studio, stage: Stage, body: Any) -> None:
    rock = stage.entity("Rock", "Character")
    made = api.post(path_of(stage, "assets", "Shading"), body).json
    assert {task["entity_id"] for task in made} == {stage.lama.id, rock.id}


def test_the_query_narrows_all(api: Studio, stage: Stage) -> None:
    second = stage.entity("SH020", "Shot", parent_id=stage.sequence.id)
    made = api.post(path_of(stage, "shots", "Lighting") + "?name=SH020", []).json
    assert [task["entity_id"] for task in made] == [second.id]


def test_an_unknown_entity_or_one_of_another_kind_makes_nothing(api: Studio, stage: Stage) -> None:
    for stranger in (UNKNOWN, "nope", stage.shot.id):
        assert api.post(path_of(stage, "assets", "Shading"), [stage.lama.id, stranger]).status == 404
    assert stage.events("task:new") == []
    assert api.post(path_of(stage, "assets", "Shading").replace(stage.types["Shading"].id, UNKNOWN), []).status == 404
    assert api.post(path_of(stage, "assets", "Shading").replace(stage.project.id, UNKNOWN), []).status == 404


def test_entities_of_other_productions_are_left_out(api: Studio, stage: Stage) -> None:
    other = stage.production("Agent 327", ("manager",))
    away = stage.entity("Barbershop", "Character", project_id=other.id)
    assert api.post(path_of(stage, "assets", "Shading"), [away.id], user="manager").json == []


def test_concepts_begin_with_their_own_status(api: Studio, stage: Stage) -> None:
    mood = stage.entity("Mood", "Concept")
    (made,) = api.post(path_of(stage, "concepts", "Concept"), [mood.id], user="user").json
    assert made["task_status_id"] == stage.statuses["neutral"].id


@pytest.mark.parametrize(
    ("word", "status"), [("sequence/", 201), ("Sequence/", 201), ("episode/", 201), ("nothing/", 404)]
)
def test_entities_of_any_kind(api: Studio, stage: Stage, word: str, status: int) -> None:
    reply = api.post(path_of(stage, word, "Lighting"), [])
    assert reply.status == status
    if word == "sequence/":
        assert [task["entity_id"] for task in reply.json] == [stage.sequence.id]


@pytest.mark.parametrize(
    ("kind", "task_type", "allowed"),
    [
        ("assets", "Shading", {"admin", "manager"}),
        ("shots", "Lighting", {"admin", "manager"}),
        ("edits", "Lighting", {"admin", "manager"}),
        ("sequence/", "Lighting", {"admin", "manager"}),
        ("concepts", "Concept", {"admin", "manager", "supervisor", "user"}),
    ],
)
def test_who_makes_tasks_in_bulk(api: Studio, stage: Stage, kind: str, task_type: str, allowed: set[str]) -> None:
    names = ("admin", "manager", "supervisor", "user", "client", "vendor", "stranger")
    statuses = {name: api.post(path_of(stage, kind, task_type), [], user=name).status for name in names}
    assert {name for name, status in statuses.items() if status == 201} == allowed
    assert {status for name, status in statuses.items() if name not in allowed} == {403}
    assert api.post(path_of(stage, kind, task_type), [], user=None).status == 401


def test_a_hundred_tasks_are_a_handful_of_calls(api: Studio, stage: Stage) -> None:
    for number in range(100):
        stage.entity(f"Prop{number:03}", "Character")
    made = api.post(path_of(stage, "assets", "Shading"), [], user="manager").json
    assert len(made) == 101
    assert api.calls["TransactWriteItems"] == 5
    assert api.cost <= 20


def test_four_who_make_the_same_at_once_make_it_once(api: Studio, stage: Stage) -> None:
    for number in range(30):
        stage.entity(f"Prop{number:03}", "Character")

    def make(_: int) -> Any:
        return api.post(path_of(stage, "assets", "Shading"), [], user="manager")

    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(make, range(4)))
    assert [reply.status for reply in replies] == [201] * 4
    assert sum(len(reply.json) for reply in replies) == 31


def test_named_tasks_of_the_production_are_deleted(api: Studio, stage: Stage) -> None:
    path = f"/actions/projects/{stage.project.id}/delete-tasks"
    other = stage.production("Agent 327", ("manager",))
    away = stage.task_on(stage.entity("Barbershop", "Character", project_id=other.id), "Modeling")
    api.comment("wip")
    reply = api.post(path, [stage.task.id, "not-an-id", away.id, UNKNOWN], user="manager")
    assert (reply.status, reply.json) == (200, [stage.task.id, UNKNOWN])
    assert [task.id for task in reads.get_many(TASK, [stage.task.id, away.id])] == [away.id]
    assert api.post(path, [], user="manager").json == []
    names = ("supervisor", "user", "client", "vendor", "stranger", None)
    assert [api.post(path, [], user=name).status for name in names] == [403, 403, 403, 403, 403, 401]


def test_admins_delete_all_tasks_of_a_type(api: Studio, stage: Stage) -> None:
    kept = stage.task_on(stage.lama, "Shading")
    path = f"/actions/projects/{stage.project.id}/task-types/{stage.types['Modeling'].id}/delete-tasks"
    assert [api.delete(path, user=name).status for name in ("manager", "user", None)] == [403, 403, 401]
    assert [api.delete(path).status for _ in range(2)] == [204, 204]
    assert [task.id for task in reads.get_many(TASK, [stage.task.id, kept.id])] == [kept.id]
    assert api.delete(path.replace(stage.project.id, UNKNOWN)).status == 404
