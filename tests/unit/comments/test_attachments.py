"""Files on comments: sent along, added, served, taken away (docs/contract/tasks.md 6.9, docs/contract/files.md 8)."""

import urllib.request
from typing import Any

import pytest

from chalicelib.records.files import ATTACHMENT_FILE
from chalicelib.routes import stored_files
from chalicelib.store import keys, objects, reads
from chalicelib.store.changes import write
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
    assert reply.headers["content-disposition"] == "inline; filename=note.txt"
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


SCRIPT = b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></html>'
ODD_TYPES = [
    "text/html",
    "text/xsl",
    "text/xml",
    "application/xml",
    "application/xhtml+xml",
    "image/svg+xml",
    "application/xslt+xml",
    "application/rss+xml",
    "application/atom+xml",
    "application/mathml+xml",
    "application/rdf+xml",
    "text/rdf",
    "model/x3d+xml",
    "message/rfc822",
    "multipart/related",
    "multipart/x-mixed-replace",
    "application/x-mimearchive",
    "text/javascript",
    "text/cache-manifest",
    "application/x-shockwave-flash",
    "application/vnd.wap.xhtml+xml",
    "TEXT/HTML; charset=utf-7",
    "text/html,image/png",
    "nonsense",
    # What may be shown, said of what it is not.
    "image/png",
    "video/mp4",
    "application/pdf",
    "text/plain",
]


@pytest.mark.parametrize("from_bucket", [False, True], ids=["with the answer", "from the bucket"])
@pytest.mark.parametrize("said", ODD_TYPES)
def test_a_script_is_saved_and_never_shown_whatever_it_is_said_to_be(
    api: Studio,
    stage: Stage,
    comment: dict[str, Any],
    said: str,
    from_bucket: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    attachment_id = add(api, stage, comment, file=("page.xsl", SCRIPT, said)).json[0]["id"]
    assert api.get(f"/data/attachment-files/{attachment_id}")["mimetype"] == said
    if from_bucket:
        monkeypatch.setattr(stored_files, "LARGEST_DIRECT", 10)
    headers = served(api, attachment_id)
    assert headers["content-type"] == "application/octet-stream"
    assert headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("data", "shown_as"),
    [
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"\xff\xd8\xff\xe0....", "image/jpeg"),
        (b"GIF89a....", "image/gif"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
        (b"\0\0\0\x18ftypmp42....", "video/mp4"),
        (b"%PDF-1.7 ....", "application/pdf"),
        ("Größer, bitte: 1 < 2\n".encode(), "text/plain; charset=utf-8"),
    ],
)
def test_what_a_browser_may_show_is_told_by_its_content(
    api: Studio, stage: Stage, comment: dict[str, Any], data: bytes, shown_as: str
) -> None:
    headers = served(api, add(api, stage, comment, file=("file", data, "text/html")).json[0]["id"])
    assert headers["content-type"] == shown_as
    assert headers["content-disposition"] == "inline; filename=file"


def test_what_looks_like_text_and_came_without_a_type_is_saved(
    api: Studio, stage: Stage, comment: dict[str, Any]
) -> None:
    """gazu says no types: what is certain is shown all the same, what merely looks like text is not."""
    for data, shown_as in ((b"Mind the gap", "application/octet-stream"), (b"%PDF-1.7 ....", "application/pdf")):
        attachment_id = add(api, stage, comment, file=("file", data, "")).json[0]["id"]
        assert api.get(f"/data/attachment-files/{attachment_id}")["mimetype"] == ""
        assert served(api, attachment_id)["content-type"] == shown_as


def test_an_attachment_that_nobody_looked_at_is_saved(api: Studio, stage: Stage, comment: dict[str, Any]) -> None:
    """A row that an administrator made, on an object that lies there."""
    attachment_id = add(api, stage, comment, file=NOTE).json[0]["id"]
    write(lambda changes: changes.update(changes.read(ATTACHMENT_FILE, attachment_id), content_type=None))
    assert served(api, attachment_id)["content-type"] == "application/octet-stream"
    put = {"mimetype": "text/html", "content_type": "text/html"}
    assert api.put(f"/data/attachment-files/{attachment_id}", put).status == 200
    assert served(api, attachment_id)["content-type"] == "application/octet-stream"


def served(api: Studio, attachment_id: str) -> dict[str, str]:
    """The headers under which a browser gets the file; what it may do with it is checked."""
    reply = api.get(f"/data/attachment-files/{attachment_id}/file/any")
    if reply.status == 302:
        with urllib.request.urlopen(reply.headers["location"]) as answer:
            return {name.lower(): value for name, value in answer.headers.items()}
    assert reply.status == 200, reply.content
    assert reply.headers["content-security-policy"].startswith("sandbox")
    assert reply.headers["x-content-type-options"] == "nosniff"
    return dict(reply.headers)


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


@pytest.fixture
def words(api: Studio, stage: Stage, bucket: str) -> dict[str, str]:
    """By who wrote the comment: the id of the file attached to it."""
    for name, role in (("other client", "client"), ("assigned", "user")):
        stage.join(name, role)
        api.sign_in_as(name)
    found = {}
    for author in ("user", "client", "other client"):
        status = "retake" if author != "user" else "wip"
        posted = api.form(
            f"/actions/tasks/{stage.task.id}/comment",
            {"task_status_id": stage.statuses[status].id, "comment": author},
            {"file-1": NOTE},
            author,
        )
        assert posted.status == 201, posted.content
        found[author] = posted["attachment_files"][0]["id"]
    return found


@pytest.mark.parametrize("isolated", [False, True], ids=["clients together", "clients isolated"])
def test_an_attachment_is_for_those_whom_its_comment_is_for(
    api: Studio, stage: Stage, words: dict[str, str], isolated: bool
) -> None:
    """The record by its id, for all roles: the words of clients and those of the studio."""
    stage.set(is_clients_isolated=isolated)
    studio, all_clients = {"admin", "manager", "supervisor"}, {"client", "other client"}
    may_read = {
        "user": {*studio, "user", "vendor", "assigned"},
        "client": {*studio, *({"client"} if isolated else all_clients)},
        "other client": {*studio, *({"other client"} if isolated else all_clients)},
    }
    people = (*studio, "user", "vendor", "assigned", "client", "other client")
    for author, attachment_id in words.items():
        answers = {name: api.get(f"/data/attachment-files/{attachment_id}", user=name) for name in people}
        assert {name for name, answer in answers.items() if answer.status == 200} == may_read[author], author
        assert all(answer.status == 403 for name, answer in answers.items() if name not in may_read[author])
