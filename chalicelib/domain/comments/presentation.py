"""How comments are shown: one, as posted, the whole thread of a task (docs/contract/tasks.md 6.1 and 6.6)."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Final

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.access.comments import reads_picture, reads_whole
from chalicelib.domain.comments.posting import Posted
from chalicelib.domain.counters import progress as counted
from chalicelib.domain.counters.main_previews import of_task as previews_of_task
from chalicelib.domain.files import attachments
from chalicelib.domain.tasks.presentation import person_row
from chalicelib.records.fields import Kind
from chalicelib.records.files import PREVIEW_FILE
from chalicelib.records.people import PERSON
from chalicelib.records.production import TASK_STATUS
from chalicelib.records.record import Record, plain, shown
from chalicelib.store import reads, reference

_PREVIEW: Final = (
    "id",
    "task_id",
    "revision",
    "extension",
    "width",
    "height",
    "duration",
    "status",
    "validation_status",
    "original_name",
    "position",
    "annotations",
)
_PERSON: Final = ("id", "first_name", "last_name", "has_avatar")
_STATUS: Final = ("id", "name", "short_name", "color")
# What a client sees of the studio's words.
_SILENCED: Final[Mapping[str, Any]] = {"text": "", "attachment_files": [], "checklist": [], "replies": []}


def with_relations(comment: Record) -> dict[str, Any]:
    """A comment with its lists of ids; `attachment_files` are ids."""
    return shown(comment, True, attachment_files=attachments.ids_of(comment))


def full(comment: Record) -> dict[str, Any]:
    """A comment with its lists of ids; `attachment_files` in short form (one read where there are any)."""
    return shown(comment, True, attachment_files=_short(attachments.attached_to([comment])))


def as_posted(caller: Caller, posted: Posted) -> dict[str, Any]:
    """The answer to a posting: `mentions` holds the members of mentioned departments, too."""
    comment = posted.comment
    status = reference.find(TASK_STATUS, comment["task_status_id"])
    author = reference.find(PERSON, comment["person_id"])
    return shown(
        comment,
        True,
        mentions=posted.mentions.everybody,
        attachment_files=_short(posted.attached),
        task_status=plain(status) if status else None,
        person=person_row(caller, author) if author else None,
    )


def thread(caller: Caller, task: Record) -> list[dict[str, Any]]:
    """The comments of a task as the caller may read them, newest first.

    Comments and previews are read side by side, one query each; then the attachments, one read a hundred.
    """
    queries = [partial(counted.thread_of, task), partial(previews_of_task, task.id)]
    comments, found = reads.parallel(queries)
    project = checks.project_of(task)
    seen = [
        comment
        for comment in reversed(comments)
        if reads_whole(caller, project, comment) or reads_picture(caller, comment)
    ]
    previews = _previews(found, seen)
    attached = _by_comment(attachments.attached_to(seen))
    return [_in_thread(caller, project, comment, previews, attached.get(comment.id, ())) for comment in seen]


def _previews(found: Iterable[Record], comments: Iterable[Record]) -> dict[str, Record]:
    """The previews on these comments, by id; those of other tasks than the thread's are read."""
    known = {preview.id: preview for preview in found}
    missing = [one for comment in comments for one in comment["previews"] if one not in known]
    return {**known, **{preview.id: preview for preview in reads.get_many(PREVIEW_FILE, missing)}}


def _by_comment(attached: Iterable[Record]) -> dict[str, list[Record]]:
    by_comment: dict[str, list[Record]] = {}
    for attachment in attached:
        by_comment.setdefault(attachment["comment_id"], []).append(attachment)
    return by_comment


def _in_thread(
    caller: Caller, project: Record, comment: Record, previews: Mapping[str, Record], attached: Sequence[Record]
) -> dict[str, Any]:
    shown_previews = [previews[one] for one in comment["previews"] if one in previews]
    if caller.is_client:
        shown_previews = [preview for preview in shown_previews if preview["validation_status"] != "rejected"]
    editor = _part(PERSON, comment["editor_id"], _PERSON)
    values = shown(
        comment,
        True,
        person=_part(PERSON, comment["person_id"], _PERSON),
        task_status=_part(TASK_STATUS, comment["task_status_id"], _STATUS),
        previews=[{name: preview[name] for name in _PREVIEW} for preview in shown_previews],
        attachment_files=_short(attached),
        **({"editor": editor} if editor else {}),
    )
    return values if reads_whole(caller, project, comment) else {**values, **_SILENCED}


def _part(kind: Kind, record_id: str | None, fields: Sequence[str]) -> dict[str, Any] | None:
    found = reference.find(kind, record_id)
    return {name: found[name] for name in fields} if found else None


def _short(attached: Iterable[Record]) -> list[dict[str, Any]]:
    return [attachments.short(one) for one in attached]
