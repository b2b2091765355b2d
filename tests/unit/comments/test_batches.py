"""Several comments in one request (docs/contract/tasks.md 6.10)."""

import json
from typing import Any

import pytest

from chalicelib.records.files import PREVIEW_FILE
from chalicelib.store import homes, reads
from tests.unit.files.conftest import picture
from tests.unit.tasks.stage import UNKNOWN, Stage, Studio, now


def entry(stage: Stage, status: str = "wip", **values: Any) -> dict[str, Any]:
    return {"task_status_id": stage.statuses[status].id, **values}


@pytest.mark.parametrize(
    ("user", "count"), [("manager", 2), ("admin", 2), ("user", 1), ("supervisor", 2), ("client", 0), ("stranger", 0)]
)
def test_what_is_not_for_the_caller_is_left_out(api: Studio, stage: Stage, user: str, count: int) -> None:
    other = stage.task_on(stage.shot, "Animation")
    pair = [entry(stage, object_id=task.id, comment="Go") for task in (stage.task, other)]
    reply = api.post(f"/actions/projects/{stage.project.id}/tasks/comment-many", pair, user=user)
    assert (reply.status, len(reply.json)) == (201, count)
    assert len(stage.thread()) + len(stage.thread(other)) == count


def test_entries_that_lack_a_field_are_left_out(api: Studio, stage: Stage) -> None:
    whole = entry(stage, object_id=stage.task.id, comment="Go", links=["https://example.com"])
    entries = [
        whole,
        {"object_id": stage.task.id, "comment": "No status"},
        {**whole, "object_id": UNKNOWN},
        "words",
        None,
    ]
    path = f"/actions/projects/{stage.project.id}/tasks/comment-many"
    (posted,) = api.post(path, entries, user="manager").json
    assert posted["links"] == ["https://example.com"]
    assert api.post(path, [], user="manager").json == []
    assert api.post(path, [{**whole, "task_status_id": UNKNOWN}], user="manager").status == 404
    assert api.post(f"/actions/projects/{UNKNOWN}/tasks/comment-many", [whole]).status == 404


def test_many_may_come_as_a_form_with_files(api: Studio, stage: Stage, bucket: str) -> None:
    """As gazu 1.x sends them (docs/contract/interchange.md 7.4); files keep the number of their entry in the list."""
    sent = [entry(stage, text="No task"), entry(stage, "wfa", task_id=stage.task.id, text="Look")]
    files = {
        "attachment_file-1-0": ("a.txt", b"A", "text/plain"),
        "preview_file-1-0": ("p.png", picture(), "image/png"),
    }
    path = f"/actions/projects/{stage.project.id}/tasks/comment-many"
    reply = api.form(path, {"comments": json.dumps(sent)}, files, "manager")
    assert reply.status == 201, reply.content
    (posted,) = reply.json
    assert (posted["text"], [one["name"] for one in posted["attachment_files"]]) == ("Look", ["a.txt"])
    assert stage.thread()[0]["previews"] == [one["id"] for one in posted["preview_files"]]
    assert now(stage.task)["task_status_id"] == stage.statuses["wfa"].id
    assert api.form(path, {"comments": "["}, {}, "manager").status == 400


def test_tasks_of_other_productions_are_not_reached_from_this_one(api: Studio, stage: Stage) -> None:
    other = stage.production("Agent 327", ("manager",))
    path = f"/actions/projects/{other.id}/tasks/comment-many"
    assert api.post(path, [entry(stage, object_id=stage.task.id, comment="Go")], user="manager").json == []


def test_a_batch_posts_one_after_the_other(api: Studio, stage: Stage) -> None:
    entries = [
        entry(stage, text="First of two"),
        entry(stage, "wfa", text="Second", created_at="2031-01-01T00:00:00", person_id=stage.people["manager"].id),
    ]
    reply = api.post(f"/actions/tasks/{stage.task.id}/batch-comment", {"comments": entries}, user="user")
    assert reply.status == 201
    assert [(one["text"], one["preview_files"]) for one in reply.json] == [("First of two", []), ("Second", [])]
    assert reply.json[1]["person_id"] == stage.people["user"].id
    assert now(stage.task)["task_status_id"] == stage.statuses["wfa"].id


def test_all_are_checked_before_any_is_posted(api: Studio, stage: Stage) -> None:
    other = stage.task_on(stage.shot, "Animation")
    good = entry(stage, text="Good", task_id=stage.task.id)
    for bad, status in (
        (entry(stage, task_id=other.id), 403),
        (entry(stage, task_id=UNKNOWN), 404),
        (entry(stage), 404),
        ({"task_status_id": UNKNOWN, "task_id": stage.task.id}, 404),
        ({"text": "No status", "task_id": stage.task.id}, 400),
    ):
        reply = api.post("/actions/tasks/batch-comment", {"comments": [good, bad]}, user="user")
        assert reply.status == status
    assert stage.thread() == []
    assert api.post("/actions/tasks/batch-comment", {}, user="user").status == 400


def test_a_batch_may_bring_previews_and_attachments(api: Studio, stage: Stage, bucket: str) -> None:
    fields = {"comments": json.dumps([entry(stage, text="A"), entry(stage, "wfa", text="B")])}
    files = {
        "attachment_file-0": ("note.txt", b"Note", "text/plain"),
        "preview_file-1": ("turn.png", picture(), "image/png"),
        "preview_file-1-1": ("close.png", picture(), "image/png"),
        "preview_file-1-2": ("nothing.xyz", b"?", "application/octet-stream"),
    }
    reply = api.form(f"/actions/tasks/{stage.task.id}/batch-comment", fields, files, "user")
    assert reply.status == 201, reply.content
    first, second = reply.json
    assert [one["name"] for one in first["attachment_files"]] == ["note.txt"]
    assert [(one["revision"], one["position"], one["status"]) for one in second["preview_files"]] == [
        (1, 1, "ready"),
        (1, 2, "ready"),
    ]
    assert stage.thread()[1]["previews"] == [one["id"] for one in second["preview_files"]]
    assert len(reads.query(PREVIEW_FILE, homes.of(PREVIEW_FILE, {"task_id": stage.task.id}))) == 2
