"""Deleting a comment: what goes with it, what becomes of its task (docs/contract/tasks.md 6.8)."""

from typing import Any

import pytest

from chalicelib.records.files import ATTACHMENT_FILE, PREVIEW_FILE
from chalicelib.records.people import NOTIFICATION
from chalicelib.store import keys, objects, reads
from chalicelib.store.changes import Changes, write
from tests.unit.tasks.stage import Stage, Studio, change, now


@pytest.mark.parametrize(
    ("user", "status"),
    [
        ("user", 204),
        ("manager", 204),
        ("admin", 204),
        ("supervisor", 403),
        ("vendor", 403),
        ("stranger", 403),
        (None, 401),
    ],
)
@pytest.mark.parametrize("path", ["/data/comments/{id}", "/data/tasks/{object_id}/comments/{id}"])
def test_who_may_delete(api: Studio, stage: Stage, path: str, user: str | None, status: int) -> None:
    comment = api.comment("wip")
    assert api.delete(path.format(**comment), user=user).status == status
    assert len(stage.thread()) == (status != 204)
    if status == 204:
        assert api.delete(path.format(**comment), user=user).status == 404


def test_the_task_becomes_what_the_rest_of_the_thread_says(api: Studio, stage: Stage) -> None:
    first, second = api.comment("wip"), api.comment("retake")
    api.delete(f"/data/comments/{second['id']}")
    task = now(stage.task)
    assert task["task_status_id"] == stage.statuses["wip"].id
    assert task["retake_count"] == 0
    assert task["last_comment_date"] == task["real_start_date"] == stage.thread()[0]["created_at"]
    api.delete(f"/data/comments/{first['id']}")
    task = now(stage.task)
    assert task["task_status_id"] == stage.statuses["todo"].id
    assert (task["real_start_date"], task["last_comment_date"]) == (None, None)
    assert [event["comment_id"] for event in stage.events("comment:delete")] == [second["id"], first["id"]]
    assert stage.events("task:status-changed")[-1] == {
        "task_id": stage.task.id,
        "new_task_status_id": stage.statuses["todo"].id,
        "previous_task_status_id": stage.statuses["wip"].id,
        "person_id": stage.people["user"].id,
    }


def test_its_news_go_and_are_told_of(api: Studio, stage: Stage) -> None:
    comment = api.comment("wip")
    (news,) = stage.news()
    api.delete(f"/data/comments/{comment['id']}")
    assert stage.news() == []
    assert stage.events("news:delete") == [{"news_id": news.id}]


def test_a_concept_goes_back_to_the_status_for_concepts(api: Studio, stage: Stage) -> None:
    task = stage.task_on(stage.entity("Mood", "Concept"), "Concept")
    comment = api.comment("wip", user="manager", task=task)
    api.delete(f"/data/comments/{comment['id']}")
    assert now(task)["task_status_id"] == stage.statuses["neutral"].id


def test_news_notifications_and_files_go_along(api: Studio, stage: Stage, bucket: str) -> None:
    path = f"/actions/tasks/{stage.task.id}/comment"
    fields = {"task_status_id": stage.statuses["wip"].id, "comment": "@Manager Doe"}
    comment = api.form(path, fields, {"file": ("note.txt", b"Mind the beak", "text/plain")}, "user").json
    kept = api.comment("wip", "@Manager Doe")
    api.post(f"/data/tasks/{stage.task.id}/comments/{comment['id']}/reply", {"text": "@User Doe"}, user="manager")
    assert list(objects.listed("attachments/"))
    api.delete(f"/data/comments/{comment['id']}")
    assert [one["comment_id"] for one in stage.news()] == [kept["id"]]
    homes = [keys.home_of_owner(person.id) for person in stage.people.values()]
    told = [one["comment_id"] for home in homes for one in reads.query(NOTIFICATION, home)]
    assert set(told) == {kept["id"]}
    assert reads.query(ATTACHMENT_FILE, keys.home_of_owner(stage.project.id)) == []
    assert list(objects.listed("attachments/")) == []


def put_previews(stage: Stage, comment_id: str, count: int) -> list[str]:
    """Previews on a comment, the first of them the picture of the entity and the last of the task."""
    ids: list[str] = []
    for start in range(0, count, 20):

        def command(changes: Changes, start: int = start) -> Any:
            comment = changes.read(stage.thread()[0].kind, comment_id)
            made = [
                changes.create(
                    PREVIEW_FILE,
                    {"name": f"take{n}", "task_id": stage.task.id, "comments": [comment_id], "position": n},
                ).id
                for n in range(start, min(start + 20, count))
            ]
            changes.update(comment, previews=[*comment["previews"], *made])
            return made

        ids += write(command)
    change(stage.lama, preview_file_id=ids[0])
    change(stage.task, last_preview_file_id=ids[0])
    return ids


@pytest.mark.parametrize("count", [1, 40])
def test_previews_go_along_however_many(api: Studio, stage: Stage, bucket: str, count: int) -> None:
    comment = api.comment("wip")
    ids = put_previews(stage, comment["id"], count)
    assert api.delete(f"/data/comments/{comment['id']}").status == 204
    assert reads.get_many(PREVIEW_FILE, ids) == []
    assert now(stage.lama)["preview_file_id"] is None
    assert now(stage.task)["last_preview_file_id"] is None
