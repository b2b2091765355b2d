"""Files on comments: sent along, added, served, taken away (docs/contract/tasks.md 6.9, docs/contract/files.md 8)."""

from typing import Any

import pytest

from chalicelib.records.files import ATTACHMENT_FILE
from chalicelib.store import keys, objects, reads
from tests.unit.tasks.stage import UNKNOWN, Stage, Studio

NOTE = ("note.txt", b"Mind the beak\n", "text/plain")
SHEET = ("sheet.CSV", b"a,b\n1,2\n", "text/csv")


@pytest.fixture
def comment(api: Studio, stage: Stage, bucket: str) -> dict[str, Any]:
    """A comment with a note."""
    fields = {
        "task_status_id": stage.statuses["wip"].id,
        "comment": "See the note",
        "checklist": '[{"text": "Beak", "checked": false}]',
        "links": '["https://example.com/a"]',
    }
    reply = api.form(f"/actions/tasks/{stage.task.id}/comment", fields, {"file-1": NOTE}, "user")
    assert reply.status == 201, reply.content
    posted: dict[str, Any] = reply.json
    return posted


def add(api: Studio, stage: Stage, comment: dict[str, Any], user: str | None = "user", **files: Any) -> Any:
    return api.form(f"/actions/tasks/{stage.task.id}/comments/{comment['id']}/add-attachment", {}, files, user)


def test_the_files_of_a_form_are_attached(api: Studio, stage: Stage, comment: dict[str, Any]) -> None:
    (attached,) = comment["attachment_files"]
    assert {**attached, "id": ""} == {"id": "", "name": "note.txt", "extension": "txt", "size": 14}
    assert (comment["text"], comment["links"]) == ("See the note", ["https://example.com/a"])
    assert comment["checklist"] == [{"text": "Beak", "checked": False}]
    seen = api.get(f"/data/tasks/{stage.task.id}/comments", user="vendor").json[0]
    assert seen["attachment_files"] == [attached]
    assert api.get(f"/data/comments/{comment['id']}")["attachment_files"] == [attached]


def test_the_author_and_managers_add_more(api: Studio, stage: Stage, comment: dict[str, Any]) -> None:
    reply = add(api, stage, comment, file=SHEET, second=NOTE)
    assert reply.status == 201
    assert [(one["name"], one["extension"], one["size"]) for one in reply.json] == [
        ("sheet.CSV", "csv", 8),
        ("note.txt", "txt", 14),
    ]
    assert add(api, stage, comment).json == []
    statuses = [add(api, stage, comment, name, file=NOTE).status for name in ("manager", "supervisor", "client", None)]
    assert statuses == [201, 403, 403, 401]
    assert len(api.get(f"/data/comments/{comment['id']}")["attachment_files"]) == 4
    assert add(api, stage, {"id": UNKNOWN}, file=NOTE).status == 404


def test_a_file_is_served_as_it_was_sent(api: Studio, stage: Stage, comment: dict[str, Any]) -> None:
    attachment_id = comment["attachment_files"][0]["id"]
    path = f"/data/attachment-files/{attachment_id}/file/note.txt"
    reply = api.get(path, user="vendor")
    assert (reply.status, reply.content) == (200, NOTE[1])
    assert reply.headers["content-type"] == "text/plain; charset=utf-8"
    assert reply.headers["content-disposition"] == 'inline; filename="note.txt"'
    assert reply.headers["cache-control"].startswith("private, max-age=")
    known = api.get(path, user="vendor", headers={"If-None-Match": reply.headers["etag"]})
    assert (known.status, known.content) == (304, b"")
    assert [api.get(path, user=name).status for name in ("stranger", None)] == [403, 401]
    assert api.get(f"/data/attachment-files/{UNKNOWN}/file/note.txt").status == 404


def test_a_row_without_a_file_is_not_found(api: Studio, stage: Stage, comment: dict[str, Any]) -> None:
    attachment_id = comment["attachment_files"][0]["id"]
    objects.delete([f"attachments/{keys.home_of_owner(stage.project.id)}/{attachment_id}"])
    assert api.get(f"/data/attachment-files/{attachment_id}/file/note.txt").status == 404


def test_a_large_file_comes_from_the_bucket(api: Studio, stage: Stage, comment: dict[str, Any]) -> None:
    large = ("movie.bin", b"x" * 1_500_000, "application/octet-stream")
    attachment_id = add(api, stage, comment, file=large).json[0]["id"]
    reply = api.get(f"/data/attachment-files/{attachment_id}/file/movie.bin")
    assert reply.status == 302
    assert f"attachments/{keys.home_of_owner(stage.project.id)}/{attachment_id}" in reply.headers["location"]


def test_what_would_run_in_a_browser_is_shown_in_a_sandbox(api: Studio, stage: Stage, comment: dict[str, Any]) -> None:
    page = ("page.html", b"<script>alert(1)</script>", "text/html")
    attachment_id = add(api, stage, comment, file=page).json[0]["id"]
    reply = api.get(f"/data/attachment-files/{attachment_id}/file/page.html")
    assert reply.headers["content-security-policy"].startswith("sandbox")


def test_an_attachment_goes_with_its_bytes(api: Studio, stage: Stage, comment: dict[str, Any]) -> None:
    attachment_id = comment["attachment_files"][0]["id"]
    root = f"/data/tasks/{stage.task.id}/comments/{comment['id']}/attachments"
    assert [api.delete(f"{root}/{attachment_id}", user=name).status for name in ("supervisor", None)] == [403, 401]
    assert api.delete(f"{root}/{attachment_id}", user="user").status == 204
    assert api.delete(f"{root}/{attachment_id}", user="user").status == 404
    assert list(objects.listed("attachments/")) == []
    assert api.get(f"/data/attachment-files/{attachment_id}/file/note.txt").status == 404
    assert api.get(f"/data/comments/{comment['id']}")["attachment_files"] == []


def test_admins_list_what_is_attached(api: Studio, stage: Stage, comment: dict[str, Any]) -> None:
    attached = comment["attachment_files"][0]["id"]
    for path in (f"/data/tasks/{stage.task.id}", f"/data/projects/{stage.project.id}"):
        (row,) = api.get(f"{path}/attachment-files").json
        assert (row["id"], row["comment"]["id"], row["chat_message"]) == (attached, comment["id"], None)
        assert [api.get(f"{path}/attachment-files", user=name).status for name in ("manager", None)] == [403, 401]


def test_nothing_is_stored_for_a_comment_that_is_refused(api: Studio, stage: Stage, bucket: str) -> None:
    stage.set(max_retakes=1)
    api.comment("retake")
    api.comment("wip")
    fields = {"task_status_id": stage.statuses["retake"].id}
    assert api.form(f"/actions/tasks/{stage.task.id}/comment", fields, {"file": NOTE}, "user").status == 400
    assert list(objects.listed("attachments/")) == []
    assert reads.query(ATTACHMENT_FILE, keys.home_of_owner(stage.project.id)) == []


def test_too_many_files_for_one_request(api: Studio, stage: Stage, bucket: str) -> None:
    files = {f"file-{number}": NOTE for number in range(51)}
    fields = {"task_status_id": stage.statuses["wip"].id}
    assert api.form(f"/actions/tasks/{stage.task.id}/comment", fields, files, "user").status == 400
    assert stage.thread() == []
