"""Reading comments: a thread as each role sees it, one comment, those of a production (docs/contract/tasks.md 6.6)."""

from typing import Any

import pytest

from chalicelib.records.files import PREVIEW_FILE
from chalicelib.records.record import Record
from chalicelib.records.tasks import COMMENT
from chalicelib.store import keys, partitions
from chalicelib.store.changes import write
from tests.unit.tasks.stage import UNKNOWN, Stage, Studio, change, now


def thread_of(api: Studio, stage: Stage, user: str) -> Any:
    reply = api.get(f"/data/tasks/{stage.task.id}/comments", user=user)
    assert reply.status == 200, reply.content
    return reply.json


def with_preview(stage: Stage, comment_id: str, **values: Any) -> Record:
    """A preview on a comment."""
    comment = next(one for one in stage.thread() if one.id == comment_id)

    def command(changes: Any) -> Record:
        preview = changes.create(PREVIEW_FILE, {"name": "take", "task_id": stage.task.id, **values})
        changes.update(comment, previews=[preview.id])
        return preview

    return write(command)


@pytest.mark.parametrize(
    ("reader", "texts"),
    [
        ("admin", ["Inner", "Word"]),
        ("manager", ["Inner", "Word"]),
        ("supervisor", ["Inner", "Word"]),
        ("user", ["Inner"]),
        ("vendor", ["Inner"]),
        ("client", ["Word"]),
    ],
)
def test_clients_words_are_for_clients_and_leads(api: Studio, stage: Stage, reader: str, texts: list[str]) -> None:
    api.comment("wip", "Word", user="client")
    api.comment("wip", "Inner", user="manager")
    assert [comment["text"] for comment in thread_of(api, stage, reader)] == texts


def test_isolated_clients_read_their_own_words_alone(api: Studio, stage: Stage) -> None:
    stage.join("carl", "client")
    api.sign_in_as("carl")
    api.comment("wip", "Hers", user="client")
    assert len(thread_of(api, stage, "carl")) == 1
    stage.set(is_clients_isolated=True)
    assert thread_of(api, stage, "carl") == []
    assert len(thread_of(api, stage, "client")) == 1


def test_a_client_sees_the_studios_previews_without_its_words(api: Studio, stage: Stage) -> None:
    comment = api.comment("wfa", "Not for clients", checklist=[{"text": "Beak", "checked": False}])
    good = with_preview(stage, comment["id"], revision=3, extension="png", status="ready")
    (seen,) = thread_of(api, stage, "client")
    assert (seen["text"], seen["checklist"], seen["replies"], seen["attachment_files"]) == ("", [], [], [])
    assert [(one["id"], one["revision"], one["extension"]) for one in seen["previews"]] == [(good.id, 3, "png")]
    change(good, validation_status="rejected")
    assert thread_of(api, stage, "client")[0]["previews"] == []
    assert len(thread_of(api, stage, "user")[0]["previews"]) == 1


def test_a_thread_shows_who_when_and_what_the_newest_first(api: Studio, stage: Stage) -> None:
    first, second = api.comment("wip", "First"), api.comment("wfa", "Second", user="manager")
    api.put(f"/data/comments/{first['id']}", {"text": "First!"}, user="admin")
    newest, oldest = thread_of(api, stage, "user")
    assert (newest["id"], oldest["id"]) == (second["id"], first["id"])
    boss = stage.people["manager"]
    assert newest["person"] == {"id": boss.id, "first_name": "Manager", "last_name": "Doe", "has_avatar": False}
    assert newest["task_status"].keys() == {"id", "name", "short_name", "color"}
    assert "editor" not in newest


def test_a_thread_is_a_handful_of_calls_whatever_its_length(api: Studio, stage: Stage) -> None:
    for number in range(12):
        api.comment("wip", str(number))
    thread_of(api, stage, "user")
    thread_of(api, stage, "user")
    assert api.calls == {"BatchGetItem": 1, "GetItem": 1, "Query": 2}


def test_comments_of_other_tasks_are_not_found_below_this_one(api: Studio, stage: Stage) -> None:
    other = stage.task_on(stage.shot, "Animation", "user")
    comment = api.comment("wip", task=other)
    for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/ack"), ("POST", "/reply")):
        body = {"text": "?"} if path == "/reply" else None
        reply = api.call(method, f"/data/tasks/{stage.task.id}/comments/{comment['id']}{path}", body, user="manager")
        assert reply.status == 404
    assert len(stage.thread(other)) == 1


@pytest.mark.parametrize(
    ("reader", "status"),
    [("manager", 200), ("user", 200), ("vendor", 200), ("client", 403), ("stranger", 403), (None, 401)],
)
def test_who_reads_one_comment(api: Studio, stage: Stage, reader: str | None, status: int) -> None:
    comment = api.comment("wip", "Inner")
    assert api.get(f"/data/tasks/{stage.task.id}/comments/{comment['id']}", user=reader).status == status
    assert api.get(f"/data/tasks/{UNKNOWN}/comments/{comment['id']}", user=reader).status in (404, 401)


def test_the_comments_of_a_production_the_last_changed_first(api: Studio, stage: Stage) -> None:
    path = f"/data/projects/{stage.project.id}/comments"
    first, second = api.comment("wip"), api.comment("wip", user="client")
    api.post(f"/data/tasks/{stage.task.id}/comments/{first['id']}/ack", user="user")
    assert [one["id"] for one in api.get(path, user="manager").json] == [first["id"], second["id"]]
    assert [one["id"] for one in api.get(path, user="user").json] == [first["id"]]
    page = api.get(path, {"page": 2, "limit": 1}, user="manager").json
    assert (page["total"], page["nb_pages"], [one["id"] for one in page["data"]]) == (2, 2, [second["id"]])
    assert [api.get(path, user=name).status for name in ("client", "vendor", "stranger", None)] == [403, 403, 403, 401]
    assert now(stage.task)["task_status_id"] == stage.statuses["wip"].id


def test_the_pages_of_comments_read_the_production_once_and_see_every_write(api: Studio, stage: Stage) -> None:
    path, home = f"/data/projects/{stage.project.id}/comments", keys.home_of_owner(stage.project.id)
    first, second = api.comment("wip"), api.comment("wip")
    pages = [api.get(path, {"page": number, "limit": 1}).json for number in (1, 2)]
    assert [page["data"][0]["id"] for page in pages] == [second["id"], first["id"]]
    held = partitions.unrefreshed(COMMENT, home)
    assert held.serial == 1, "the second page was cut from what the first one read"
    third = api.comment("wip")
    api.delete(f"/data/tasks/{stage.task.id}/comments/{first['id']}")
    page = api.get(path, {"page": 1, "limit": 10}).json
    assert [one["id"] for one in page["data"]] == [third["id"], second["id"]]
