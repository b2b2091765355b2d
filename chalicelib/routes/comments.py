"""Comments on tasks: posted, read, answered, with files; the generic ones stand in routes/records/."""

import re
from typing import Any, Final

import msgspec

from chalicelib.access import checks, rules
from chalicelib.access import comments as access
from chalicelib.access.caller import Caller
from chalicelib.domain.comments import batches, deletion, lists, posting, presentation, replies
from chalicelib.domain.comments.batches import Entry
from chalicelib.domain.comments.permissions import new_comment
from chalicelib.domain.files import attachments
from chalicelib.domain.files.attachments import Upload
from chalicelib.domain.files.crud.attachments import see_attached_file
from chalicelib.http.answers import Answer, no_content
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.records.files import ATTACHMENT_FILE
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record, plain
from chalicelib.records.tasks import COMMENT, TASK
from chalicelib.routes.answer_schemas import Shown
from chalicelib.routes.stored_files import answer

area = Area("comments", "Comments on tasks, replies, acknowledgements, attachments.")
_TASK: Final = "/data/tasks/{task_id}"
_COMMENT: Final = "/data/tasks/{task_id}/comments/{comment_id}"
_PAGES: Final = {"page": "A page of the list, from 1.", "limit": "How many comments a page has (100)."}
_ONE: Final = Shown(COMMENT)
_SEVERAL: Final = Shown(COMMENT, many=True)
_FILES: Final = Shown(ATTACHMENT_FILE, many=True)
_NUMBERED = re.compile(r"(attachment|preview)_file-(\d+)")


class NewComment(msgspec.Struct):
    """A comment; `person_id` and `created_at` are for managers."""

    task_status_id: str
    comment: str | None = ""
    checklist: list[dict[str, Any]] | None = None
    links: list[str] | None = None
    person_id: str | None = None
    created_at: Any = None


class BatchEntry(msgspec.Struct):
    """A comment of a batch; `task_id` where the path names no task."""

    task_status_id: str
    text: str | None = ""
    task_id: str | None = None
    checklist: list[dict[str, Any]] | None = None
    links: list[str] | None = None
    person_id: str | None = None
    created_at: Any = None


class Batch(msgspec.Struct):
    """Several comments; files of the comment number i are the form's `attachment_file-i` and `preview_file-i`."""

    comments: list[BatchEntry]


class Reply(msgspec.Struct):
    """The words of a reply."""

    text: str = ""


class Entries:
    """A list of `{object_id, task_status_id, comment, links}`; a form has it in `comments`, with files as a batch."""

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema."""
        entries = {"type": "array", "items": {"type": "object"}}
        return {**entries, "type": ["array", "object"], "properties": {"comments": entries}}


def _readers(caller: Caller, project: Record) -> None:
    checks.see_project(caller, project)
    checks.not_vendor(caller)
    checks.not_client(caller)


_studio_members = rules.of_record("project access, neither vendor nor client", PROJECT, "project_id", _readers)
_any_production = rules.of_record("signed in", PROJECT, "project_id")
_administer_project = rules.project_admin()
_administer_task = rules.of_record("admin", TASK, "task_id", rules.about(checks.administer))
_attachment_reader = rules.of_record("task access", ATTACHMENT_FILE, "attachment_file_id", see_attached_file)


# -- posting -----------------------------------------------------------------------------------------------------------
@area.post(
    "/actions/tasks/{task_id}/comment", access=rules.task_actor(), body=NewComment, form=True, answer=_ONE, status=201
)
def post_comment(call: Call) -> Any:
    """Posts a comment on a task; the files of a form become its attachments."""
    body, uploads = call.body, [_upload(file) for file in call.files]
    new = new_comment(
        call.caller,
        body.task_status_id,
        body.comment,
        body.checklist,
        body.links,
        body.person_id,
        body.created_at,
        uploads,
    )
    return presentation.as_posted(call.caller, posting.post(call.subject, new))


@area.post(
    "/actions/projects/{project_id}/tasks/comment-many",
    access=_any_production,
    body=Entries(),
    form=True,
    answer=_SEVERAL,
    status=201,
)
def post_many_comments(call: Call) -> Any:
    """Posts on several tasks of a production; entries that are not for the caller are left out."""
    sent = call.body.get("comments") if isinstance(call.body, dict) else call.body
    entries = sent if isinstance(sent, list) else []
    return batches.post_many(call.caller, call.subject, entries, lambda number: _files_of(call, number))


@area.post(
    "/actions/tasks/{task_id}/batch-comment",
    access=rules.task_actor(),
    body=Batch,
    form=True,
    answer=_SEVERAL,
    status=201,
)
def post_batch_on_task(call: Call) -> Any:
    """Posts several comments on a task, with files."""
    entries = [_entry(call, number, entry, call.subject) for number, entry in enumerate(call.body.comments)]
    return batches.post_batch(call.caller, entries)


@area.post("/actions/tasks/batch-comment", access=rules.signed_in, body=Batch, form=True, answer=_SEVERAL, status=201)
def post_batch(call: Call) -> Any:
    """Posts comments on several tasks, with files."""
    entries = [
        _entry(call, number, entry, batches.task_named(call.caller, entry.task_id or ""))
        for number, entry in enumerate(call.body.comments)
    ]
    return batches.post_batch(call.caller, entries)


def _entry(call: Call, number: int, entry: BatchEntry, task: Record) -> Entry:
    attached, shown = _files_of(call, number)
    new = new_comment(
        call.caller,
        entry.task_status_id,
        entry.text,
        entry.checklist,
        entry.links,
        entry.person_id,
        entry.created_at,
        attached,
    )
    return Entry(task, new, shown)


def _files_of(call: Call, number: int) -> tuple[list[Upload], list[Upload]]:
    """The attachments and the previews that a form brings along for the comment of a number."""
    files: dict[str, list[Upload]] = {"attachment": [], "preview": []}
    for file in call.files:
        found = _NUMBERED.search(file.field)
        if found and int(found[2]) == number:
            files[found[1]].append(_upload(file))
    return files["attachment"], files["preview"]


def _upload(file: Any) -> Upload:
    return Upload(file.filename, file.content_type, file.data)


# -- reading -----------------------------------------------------------------------------------------------------------
@area.get(f"{_TASK}/comments", access=rules.task_reader(), answer=_SEVERAL)
def list_comments(call: Call) -> Any:
    """The comments of a task, newest first, as the caller may read them."""
    return presentation.thread(call.caller, call.subject)


@area.get(_COMMENT, access=access.reader, answer=_ONE)
def get_comment(call: Call) -> Any:
    """A comment of a task."""
    return plain(call.subject.comment)


@area.delete(_COMMENT, access=access.owner, status=204)
def delete_comment(call: Call) -> Answer:
    """Takes a comment away; its task is counted anew."""
    deletion.remove(call.subject.task, call.subject.comment)
    return no_content()


@area.get("/data/projects/{project_id}/comments", access=_studio_members, query=_PAGES, answer=_SEVERAL)
def list_comments_of_production(call: Call) -> Any:
    """The comments of a production, last changed first."""
    return lists.comments(call.caller, call.subject, call.query)


# -- answering ---------------------------------------------------------------------------------------------------------
@area.post(f"{_COMMENT}/reply", access=access.replier, body=Reply)
def reply_to_comment(call: Call) -> Any:
    """Adds a reply to a comment."""
    return replies.reply(call.caller, call.subject.task, call.subject.comment, call.body.text)


@area.delete(f"{_COMMENT}/reply/{{reply_id}}", access=access.task_reader, answer=_ONE)
def delete_reply(call: Call) -> Any:
    """Takes a reply away; the comment without it."""
    task, comment = call.subject
    return plain(replies.remove_reply(call.caller, task, comment, call.params["reply_id"]))


@area.post(f"{_COMMENT}/ack", access=access.acknowledger, answer=_ONE)
def acknowledge_comment(call: Call) -> Any:
    """Acknowledges a comment, or takes that back."""
    task, comment = call.subject
    return presentation.full(replies.acknowledge(call.caller, task, comment))


# -- attachments -------------------------------------------------------------------------------------------------------
@area.post("/actions/tasks/{task_id}/comments/{comment_id}/add-attachment", access=access.owner, files=True, status=201)
def add_attachments(call: Call) -> Any:
    """Attaches files to a comment; whatever the fields of the form are called."""
    made = attachments.add(call.subject.comment, [_upload(file) for file in call.files])
    return [attachments.short(one) for one in made]


@area.delete(f"{_COMMENT}/attachments/{{attachment_id}}", access=access.owner, status=204)
def delete_attachment(call: Call) -> Answer:
    """Takes an attachment off a comment and away."""
    attachments.remove(call.subject.comment, call.params["attachment_id"])
    return no_content()


@area.get(
    "/data/attachment-files/{attachment_file_id}/file/{file_name}",
    access=_attachment_reader,
    answer="application/octet-stream",
)
def get_attachment(call: Call) -> Answer:
    """The file of an attachment, shown in the browser where that is safe."""
    return answer(call, attachments.stored_file(call.subject))


@area.get(f"{_TASK}/attachment-files", access=_administer_task, answer=_FILES)
def list_attachments_of_task(call: Call) -> Any:
    """The attachments of a task's comments."""
    return lists.attachments_of_task(call.subject)


@area.get("/data/projects/{project_id}/attachment-files", access=_administer_project, answer=_FILES)
def list_attachments_of_production(call: Call) -> Any:
    """The attachments of all comments of a production."""
    return lists.attachments_of_production(call.subject)
