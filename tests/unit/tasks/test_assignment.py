"""Assigning persons to tasks, and taking them off (docs/contract/tasks.md section 5)."""

from typing import Any

import pytest

from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.store import reads, reference, session
from chalicelib.store.changes import Changes
from tests.unit.tasks.stage import UNKNOWN, Stage, Studio, now


@pytest.fixture
def shot_task(stage: Stage) -> Record:
    """A task of the department Animation, assigned to nobody."""
    return stage.task_on(stage.shot, "Animation")


def assign(api: Studio, task: Record, person: Record, user: str | None) -> Any:
    return api.put(f"/actions/tasks/{task.id}/assign", {"person_id": person.id}, user=user)


def clear(api: Studio, user: str | None, *tasks: Record, person: Record | None = None) -> Any:
    body: dict[str, Any] = {"task_ids": [task.id for task in tasks]}
    return api.put("/actions/tasks/clear-assignation", body | ({"person_id": person.id} if person else {}), user=user)


def test_who_is_assigned_is_told_each_time(api: Studio, stage: Stage, shot_task: Record) -> None:
    artist, boss = stage.people["user"], stage.people["manager"]
    answers = [assign(api, shot_task, artist, "manager") for _ in range(2)]
    assert [(one.status, one["assignees"], one["assigner_id"]) for one in answers] == [(200, [artist.id], boss.id)] * 2
    assert stage.told("user") == [("assignation", "manager")] * 2
    assert stage.events("task:assign") == [{"task_id": shot_task.id, "person_id": artist.id}] * 2
    assert stage.events("task:update") == [{"task_id": shot_task.id}] * 2


def test_nobody_is_told_of_assigning_themselves(api: Studio, stage: Stage, shot_task: Record) -> None:
    assign(api, shot_task, stage.people["manager"], "manager")
    assert stage.told("manager") == []


def test_the_assigned_join_the_team(api: Studio, stage: Stage, shot_task: Record) -> None:
    outsider = stage.person("omar", "user")
    session.current().stamp = None
    assert assign(api, shot_task, outsider, "manager").status == 200
    session.current().stamp = None
    assert outsider.id in reference.get(PROJECT, stage.project.id)["team"]


@pytest.mark.parametrize(
    ("who", "whom", "status"),
    [
        ("admin", "user", 200),
        ("manager", "user", 200),
        ("supervisor", "user", 200),  # of no department: leads them all
        ("lead", "ana", 200),
        ("lead", "user", 403),  # none of the department
        ("modeler", "ana", 403),  # leads another department
        ("ana", "ana", 200),  # takes what her department does
        ("ana", "user", 403),
        ("user", "user", 403),
        ("vendor", "vendor", 403),
        ("client", "client", 403),
        ("stranger", "user", 403),
        (None, "user", 401),
    ],
)
def test_who_may_assign_whom(
    api: Studio, stage: Stage, shot_task: Record, who: str | None, whom: str, status: int
) -> None:
    animation, modeling = (stage.departments[name].id for name in ("Animation", "Modeling"))
    stage.join("lead", "supervisor", departments=[animation])
    stage.join("modeler", "supervisor", departments=[modeling])
    stage.join("ana", "user", departments=[animation])
    for name in ("lead", "modeler", "ana"):
        api.sign_in_as(name)
    assert assign(api, shot_task, stage.people[whom], who).status == status
    assert (stage.people[whom].id in now(shot_task)["assignees"]) == (status == 200)


def test_wrong_requests(api: Studio, stage: Stage, shot_task: Record) -> None:
    bot = stage.person("farm", "manager", is_bot=True)
    path = f"/actions/tasks/{shot_task.id}/assign"
    assert api.put(path, {}).status == 400
    assert api.put(path, {"person_id": UNKNOWN}).status == 400
    assert api.put(f"/actions/tasks/{UNKNOWN}/assign", {"person_id": UNKNOWN}).status == 404
    assert assign(api, shot_task, bot, "admin").status == 403
    assert api.put(f"/actions/persons/{UNKNOWN}/assign", {"task_ids": []}).status == 400
    assert api.put(f"/actions/persons/{bot.id}/assign", {}).status == 400
    assert api.put("/actions/tasks/clear-assignation", {}).status == 400


def test_of_many_tasks_those_that_are_not_allowed_are_left_out(api: Studio, stage: Stage, shot_task: Record) -> None:
    lead = stage.join("lead", "supervisor", departments=[stage.departments["Animation"].id])
    api.sign_in_as("lead")
    body = {"task_ids": [shot_task.id, stage.task.id, UNKNOWN, "nope", 5]}
    assert [task["id"] for task in api.put(f"/actions/persons/{lead.id}/assign", body, user="lead").json] == [
        shot_task.id
    ]
    bot = stage.person("farm", "manager", is_bot=True)
    for user in ("stranger", "manager"):
        whom = bot if user == "manager" else lead
        assert api.put(f"/actions/persons/{whom.id}/assign", body, user=user).json == []


def test_forty_tasks_are_assigned_in_three_transactions(
    api: Studio, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    shots = [stage.entity(f"SH{number:03}", "Shot") for number in range(40)]
    tasks = [stage.task_on(shot, "Animation") for shot in shots]
    outsider = stage.person("omar", "user")
    sizes: list[int] = []
    commit = Changes.commit
    monkeypatch.setattr(Changes, "commit", lambda changes: (sizes.append(changes.size), commit(changes))[1])
    reply = api.put(f"/actions/persons/{outsider.id}/assign", {"task_ids": [task.id for task in tasks]})
    assert (reply.status, len(reply.json)) == (200, 40)
    assert (len(sizes), max(sizes) <= 100) == (3, True)
    assert len(reads.edges(TASK, "assignees", outsider.id)) == 40


def test_a_person_or_everybody_is_taken_off(api: Studio, stage: Stage) -> None:
    artist, vendor = stage.people["user"], stage.people["vendor"]
    assert clear(api, "manager", stage.task, person=artist).json == [stage.task.id]
    assert now(stage.task)["assignees"] == [vendor.id]
    assert clear(api, "manager", stage.task).json == [stage.task.id]
    assert now(stage.task)["assignees"] == []
    assert reads.edges(TASK, "assignees", vendor.id) == []
    assert [event["person_id"] for event in stage.events("task:unassign")] == [artist.id, vendor.id]
    assert clear(api, "manager", stage.task).json == [stage.task.id]
    # A person who is named is told of, assigned or not.
    clear(api, "manager", stage.task, person=artist)
    assert [event["person_id"] for event in stage.events("task:unassign")][2:] == [artist.id]
    assert len(stage.events("task:update")) == 4


@pytest.mark.parametrize(
    ("who", "whom", "handled"),
    [
        ("manager", None, True),
        ("supervisor", None, True),
        ("user", "user", True),
        ("user", "vendor", False),
        ("user", None, False),
        ("client", None, False),
        ("stranger", None, False),
    ],
)
def test_who_may_take_whom_off(api: Studio, stage: Stage, who: str, whom: str | None, handled: bool) -> None:
    reply = clear(api, who, stage.task, person=stage.people[whom] if whom else None)
    assert (reply.status, reply.json) == (200, [stage.task.id] if handled else [])
    assert (now(stage.task) == stage.task) == (not handled)


def test_a_crowd_is_taken_off_in_more_than_one_transaction(api: Studio, stage: Stage) -> None:
    crowd = [stage.person(f"artist{number}", "user").id for number in range(90)]
    task = stage.task_on(stage.shot, "Animation", assignees=crowd)
    assert clear(api, "manager", task).json == [task.id]
    assert now(task)["assignees"] == []
    assert {event["person_id"] for event in stage.events("task:unassign")} == set(crowd)


def test_many_tasks_are_cleared_in_few_transactions(api: Studio, stage: Stage) -> None:
    shots = [stage.entity(f"SH{number:03}", "Shot") for number in range(50)]
    tasks = [stage.task_on(shot, "Animation", "user") for shot in shots]
    assert len(clear(api, "manager", *tasks).json) == 50
    # Both are full: the month of the first event of a home is listed by one before them, once an hour.
    assert api.calls["TransactWriteItems"] == 2 + 1
