"""Lists of tasks: who sees which, filters, pages, what they cost (docs/contract/tasks.md sections 1 and 3)."""

from typing import Any

import pytest

from chalicelib.domain.tasks import lists
from chalicelib.records.record import Record
from tests.unit.tasks.stage import UNKNOWN, Stage, Studio, change


@pytest.fixture
def away(stage: Stage) -> Record:
    """A task of a production whose team nobody is in."""
    other = stage.production("Agent 327")
    return stage.task_on(stage.entity("Barbershop", "Character", project_id=other.id), "Modeling", "user")


def ids(reply: Any) -> set[str]:
    assert reply.status == 200, reply.content
    return {task["id"] for task in reply.json}


def test_everybody_sees_the_tasks_of_their_productions(api: Studio, stage: Stage, away: Record) -> None:
    beside = stage.task_on(stage.shot, "Animation")
    mine = {stage.task.id, beside.id}
    assert ids(api.get("/data/tasks")) == {*mine, away.id}
    for name in ("manager", "supervisor", "user", "client"):
        assert ids(api.get("/data/tasks", user=name)) == mine
    assert ids(api.get("/data/tasks", user="vendor")) == {stage.task.id}
    assert ids(api.get("/data/tasks", user="stranger")) == set()
    assert api.get("/data/tasks", user=None).status == 401


@pytest.mark.parametrize("filtered", ["id", "entity_id", "project_id", "task_type_id", "assignees"])
def test_no_filter_leads_into_another_production(api: Studio, stage: Stage, away: Record, filtered: str) -> None:
    value = stage.people["user"].id if filtered == "assignees" else away[filtered]
    for name in ("user", "manager", "vendor", "stranger"):
        assert away.id not in ids(api.get("/data/tasks", {filtered: value}, user=name))
    assert away.id in ids(api.get("/data/tasks", {filtered: value}))


def test_a_closed_production_drops_out_for_all_but_admins(api: Studio, stage: Stage) -> None:
    stage.set(project_status_id=None)
    assert ids(api.get("/data/tasks", user="user")) == set()
    assert ids(api.get("/data/tasks")) == {stage.task.id}


def test_fields_filter(api: Studio, stage: Stage) -> None:
    second = stage.task_on(
        stage.lama, "Shading", "user", name="Second", priority=2, due_date="2021-03-12T18:00:00.000000"
    )
    shading, modeling = stage.types["Shading"].id, stage.types["Modeling"].id
    only = {second.id}
    assert ids(api.get("/data/tasks", {"name": "SECOND"})) == only
    assert ids(api.get("/data/tasks", {"name": "sec%"})) == only
    assert ids(api.get("/data/tasks", {"priority": 2})) == only
    assert ids(api.get("/data/tasks", {"task_type_id": shading})) == only
    assert ids(api.get("/data/tasks", {"task_type_id": f'["{shading}","{modeling}"]'})) == {*only, stage.task.id}
    assert ids(api.get("/data/tasks", {"due_date": "2021-03-12T18:00:00"})) == only
    assert ids(api.get("/data/tasks", {"due_date": "2021-03-12T18:00:01"})) == set()
    assert ids(api.get("/data/tasks", {"assignees": stage.people["vendor"].id})) == {stage.task.id}
    assert ids(api.get("/data/tasks", {"entity_id": stage.shot.id})) == set()
    assert ids(api.get("/data/tasks", {"no_such_field": "x", "entity_id": stage.lama.id})) == {*only, stage.task.id}
    for wrong in (
        {"entity_id": "nope"},
        {"assignees": "nope"},
        {"priority": "x"},
        {"episode_id": "nope"},
        {"page": "x"},
    ):
        assert api.get("/data/tasks", wrong).status == 400


def test_relations_are_shown_where_they_are_asked_for(api: Studio, stage: Stage) -> None:
    assert "assignees" not in api.get("/data/tasks").json[0]
    assert api.get("/data/tasks", {"relations": "True"}).json[0]["assignees"] == stage.task["assignees"]


def test_the_tasks_on_the_shots_of_an_episode(api: Studio, stage: Stage) -> None:
    episode = stage.entity("E01", "Episode")
    change(stage.sequence, parent_id=episode.id)
    task = stage.task_on(stage.shot, "Animation")
    path = f"/data/projects/{stage.project.id}/tasks"
    for where in ("/data/tasks", path):
        assert ids(api.get(where, {"episode_id": episode.id})) == {task.id}
        assert ids(api.get(where, {"episode_id": UNKNOWN})) == set()


def test_pages_come_by_the_last_change(api: Studio, stage: Stage) -> None:
    tasks = [stage.task_on(stage.lama, "Shading", name=f"task {number}") for number in range(3)]
    change(stage.task, priority=1)
    newest = [stage.task, *reversed(tasks)]
    for path in ("/data/tasks", f"/data/projects/{stage.project.id}/tasks"):
        pages = [api.get(path, {"page": page, "limit": 3}).json for page in (1, 2, 3)]
        assert [task["id"] for task in pages[0]["data"] + pages[1]["data"]] == [task.id for task in newest]
        assert [(page["total"], page["nb_pages"], page["offset"]) for page in pages] == [
            (4, 2, 0),
            (4, 2, 3),
            (0, 2, 6),
        ]
        assert pages[2]["data"] == []


def test_the_tasks_of_a_production_newest_change_first(api: Studio, stage: Stage) -> None:
    path = f"/data/projects/{stage.project.id}/tasks"
    second = stage.task_on(stage.shot, "Animation")
    change(stage.task, priority=1)
    for _ in range(2):  # from the table, then from what the container holds
        found = api.get(path, user="user").json
        assert [task["id"] for task in found] == [stage.task.id, second.id]
        assert found[0]["assignees"] == stage.task["assignees"]
    assert ids(api.get(path, {"task_type_id": stage.types["Animation"].id})) == {second.id}
    assert ids(api.get(path, user="vendor")) == {stage.task.id}
    assert [api.get(path, user=name).status for name in ("stranger", None)] == [403, 401]
    assert api.get(f"/data/projects/{UNKNOWN}/tasks").status == 404


def test_a_change_is_seen_at_once_in_what_is_held(api: Studio, stage: Stage) -> None:
    path = f"/data/projects/{stage.project.id}/tasks"
    for _ in range(2):
        api.get(path)
    change(stage.task, priority=3)
    assert api.get(path).json[0]["priority"] == 3
    api.delete(f"/data/tasks/{stage.task.id}")
    assert api.get(path).json == []


def test_what_the_lists_cost(api: Studio, stage: Stage) -> None:
    lists.forget()
    path = f"/data/projects/{stage.project.id}/tasks"
    api.get("/data/tasks", user="user")
    first = api.get(path) and dict(api.calls)
    assert first == {"BatchGetItem": 1, "Query": 1}
    api.get(path)
    api.get(path)
    assert api.calls == {"BatchGetItem": 1, "Query": 1}
    api.get("/data/tasks", {"entity_id": stage.lama.id}, user="user")
    assert api.calls == {"BatchGetItem": 1, "Query": 1}
    api.get("/data/tasks", {"assignees": stage.people["user"].id}, user="user")
    assert api.calls == {"BatchGetItem": 2, "Query": 1}
    api.get("/data/tasks", user="vendor")
    assert api.calls == {"BatchGetItem": 2, "Query": 1}
    api.get("/data/tasks", {"id": stage.task.id}, user="user")
    assert api.calls == {"BatchGetItem": 2}
