"""Deleting tasks: refused while something points at them, forced with all of theirs.

Source: docs/contract/tasks.md section 3.
"""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.domain.tasks.deletion import remove_tasks
from chalicelib.records.entities import ENTITY
from chalicelib.records.files import ATTACHMENT_FILE, OUTPUT_FILE, PREVIEW_FILE, WORKING_FILE
from chalicelib.records.people import NOTIFICATION, SUBSCRIPTION
from chalicelib.records.record import Record
from chalicelib.records.registry import KINDS
from chalicelib.records.tasks import COMMENT, NEWS, TASK, TIME_SPENT
from chalicelib.store import keys, objects, reads
from chalicelib.store.changes import Changes
from tests.unit.tasks.stage import UNKNOWN, Stage, Studio, change, create, now

Point = Callable[[Stage], Record]
# What holds a task back: each makes one record that points at it.
POINTING: dict[str, Point] = {
    "news": lambda stage: create(NEWS, task_id=stage.task.id, author_id=stage.people["user"].id),
    "time": lambda stage: create(
        TIME_SPENT, task_id=stage.task.id, person_id=stage.people["user"].id, date="2021-03-02", duration=60
    ),
    "preview": lambda stage: create(PREVIEW_FILE, task_id=stage.task.id, name="take"),
    "subscription": lambda stage: create(SUBSCRIPTION, task_id=stage.task.id, person_id=stage.people["user"].id),
    "working file": lambda stage: create(WORKING_FILE, task_id=stage.task.id, entity_id=stage.lama.id, name="main"),
}


def pointing_at(task_id: str, stage: Stage) -> list[str]:
    """The kinds of all stored records that hold the id of a task."""
    homes = [keys.home_of_owner(one.id) for one in (stage.project, *stage.people.values())]
    return [
        kind.table
        for kind in KINDS.values()
        for home in (*homes, "studio")
        for record in reads.query(kind, home)
        if kind.table != "api_event" and task_id in (record.texts.doc + record.texts.ids)
    ]


@pytest.mark.parametrize("what", POINTING)
def test_what_points_at_a_task_holds_it_back(api: Studio, stage: Stage, what: str) -> None:
    POINTING[what](stage)
    path = f"/data/tasks/{stage.task.id}"
    assert api.delete(path).status == 400
    assert now(stage.task) == stage.task
    assert api.delete(path, {"force": "true"}).status == 204
    assert pointing_at(stage.task.id, stage) == []


def test_a_notification_holds_a_task_back(api: Studio, stage: Stage) -> None:
    api.put(f"/actions/tasks/{stage.task.id}/assign", {"person_id": stage.people["user"].id})
    assert api.delete(f"/data/tasks/{stage.task.id}").status == 400


def test_so_does_one_that_an_administrator_wrote_and_it_goes_along(api: Studio, stage: Stage) -> None:
    told = {"person_id": stage.people["user"].id, "author_id": stage.people["admin"].id}
    sent = {**told, "task_id": stage.task.id, "type": "comment"}
    made = api.post("/data/notifications/", sent)
    assert made.status == 201, made.content
    assert api.delete(f"/data/tasks/{stage.task.id}").status == 400
    assert api.delete(f"/data/tasks/{stage.task.id}", {"force": "true"}, user="manager").status == 204
    assert api.get(f"/data/notifications/{made.json['id']}").status == 404


def test_comments_alone_do_not_and_go_along(api: Studio, stage: Stage) -> None:
    author = stage.people["user"].id
    create(COMMENT, object_id=stage.task.id, object_type="Task", person_id=author, text="A row")
    assert api.delete(f"/data/tasks/{stage.task.id}").status == 204
    assert pointing_at(stage.task.id, stage) == []
    gone = {"task_id": stage.task.id, "entity_id": stage.lama.id, "task_type_id": stage.types["Modeling"].id}
    assert stage.events("task:delete") == [gone]


def test_all_of_a_task_goes_by_force(api: Studio, stage: Stage, bucket: str) -> None:
    for make in POINTING.values():
        make(stage)
    path = f"/actions/tasks/{stage.task.id}/comment"
    fields = {"task_status_id": stage.statuses["wip"].id, "comment": "@Manager Doe"}
    comment = api.form(path, fields, {"file": ("note.txt", b"Note", "text/plain")}, "user").json
    api.post(f"/data/tasks/{stage.task.id}/comments/{comment['id']}/reply", {"text": "@User Doe"}, user="manager")
    api.put(f"/actions/tasks/{stage.task.id}/assign", {"person_id": stage.people["supervisor"].id})
    working = reads.query(WORKING_FILE, keys.home_of_owner(stage.project.id))[0]
    output = create(
        OUTPUT_FILE, name="out", entity_id=stage.lama.id, source_file_id=working.id, revision=1, file_status_id=UNKNOWN
    )
    preview = reads.query(PREVIEW_FILE, keys.home_of_owner(stage.project.id))[0]
    change(stage.lama, preview_file_id=preview.id)
    assert api.delete(f"/data/tasks/{stage.task.id}", {"force": "true"}, user="manager").status == 204
    assert pointing_at(stage.task.id, stage) == []
    assert reads.find(OUTPUT_FILE, output.id) is None
    assert reads.query(ATTACHMENT_FILE, keys.home_of_owner(stage.project.id)) == []
    assert list(objects.listed("attachments/")) == []
    assert now(stage.lama)["preview_file_id"] is None
    assert reads.edges(TASK, "assignees", stage.people["user"].id) == []
    again = create(TASK, **{name: stage.task[name] for name in ("name", "project_id", "task_type_id", "entity_id")})
    assert again.id != stage.task.id


@pytest.mark.parametrize(
    ("user", "status"),
    [
        ("manager", 204),
        ("supervisor", 403),
        ("user", 403),
        ("client", 403),
        ("vendor", 403),
        ("stranger", 403),
        (None, 401),
    ],
)
def test_managers_delete_tasks(api: Studio, stage: Stage, user: str | None, status: int) -> None:
    assert api.delete(f"/data/tasks/{stage.task.id}", user=user).status == status
    assert (reads.find(TASK, stage.task.id) is None) == (status == 204)


def test_a_comment_posted_meanwhile_goes_along(api: Studio, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    commit = Changes.commit
    posted: list[Any] = []

    def commit_late(changes: Changes) -> None:
        if not posted and changes.size and any("task:delete" in str(new) for _, new in changes._records.values()):
            posted.append(api.comment("wip", "Just in time", user="manager"))
        commit(changes)

    monkeypatch.setattr(Changes, "commit", commit_late)
    remove_tasks([stage.task])
    assert len(posted) == 1
    assert pointing_at(stage.task.id, stage) == []


def test_many_tasks_go_in_few_transactions(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    shots = [stage.entity(f"SH{number:03}", "Shot") for number in range(60)]
    tasks = [stage.task_on(shot, "Animation", "user", "vendor") for shot in shots]
    sizes: list[int] = []
    commit = Changes.commit
    monkeypatch.setattr(Changes, "commit", lambda changes: (sizes.append(changes.size), commit(changes))[1])
    remove_tasks(tasks)
    assert reads.get_many(TASK, [task.id for task in tasks]) == []
    assert max(sizes) <= 100
    assert len(sizes) == 3
    assert reads.get_many(ENTITY, [shot.id for shot in shots])


def test_the_notifications_of_other_tasks_stay(api: Studio, stage: Stage) -> None:
    other = stage.task_on(stage.lama, "Shading", "user")
    api.comment("wip", user="manager")
    api.comment("wip", user="manager", task=other)
    api.delete(f"/data/tasks/{stage.task.id}", {"force": "true"})
    found = reads.query(NOTIFICATION, keys.home_of_owner(stage.people["user"].id))
    assert [one["task_id"] for one in found] == [other.id]
