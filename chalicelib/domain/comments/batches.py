"""Several comments in one request: all are checked first, then each is a posting of its own.

Source: docs/contract/tasks.md 6.10.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.domain.comments.permissions import may_post_among_many, new_comment
from chalicelib.domain.comments.posting import NewComment, Posted, post
from chalicelib.domain.comments.presentation import as_posted
from chalicelib.domain.files import previews, uploads
from chalicelib.domain.files.attachments import Upload
from chalicelib.errors import VulpesError
from chalicelib.records.files import PREVIEW_FILE
from chalicelib.records.record import Record, plain
from chalicelib.records.tasks import TASK
from chalicelib.store import reads

_log = logging.getLogger("vulpes.comments")
_REQUIRED: Final = ("object_id", "task_status_id", "comment")


# The attachments and the previews that came along with the entry of a number.
FilesOf = Callable[[int], tuple[Sequence[Upload], Sequence[Upload]]]


@dataclass(frozen=True)
class Entry:
    """A comment of a batch: on which task, what, and the files that become its previews."""

    task: Record
    new: NewComment
    previews: Sequence[Upload] = ()


def post_many(caller: Caller, project: Record, values: Sequence[Any], files: FilesOf) -> list[dict[str, Any]]:
    """Posts on tasks of a production, in the caller's name.

    files: what came along with the entry of a number. Entries that lack a field or are not for the caller are left out.
    Raises NotFound for an unknown status, Forbidden for one that the caller may not set; nothing is posted then.
    """
    whole = [(number, told) for number, one in enumerate(values) if (told := _whole(one)) is not None]
    tasks = {task.id: task for task in reads.get_many(TASK, (told["object_id"] for _, told in whole))}
    entries = []
    for number, told in whole:
        task = tasks.get(told["object_id"].lower())
        if task is None or task["project_id"] != project.id or not may_post_among_many(caller, task):
            continue
        links = told["links"] if isinstance(told.get("links"), list) else []
        attached, shown = files(number)
        new = new_comment(caller, told["task_status_id"], told["comment"], links=links, uploads=attached)
        entries.append(Entry(task, new, shown))
    return post_batch(caller, entries)


def _whole(value: Any) -> Mapping[str, Any] | None:
    """An entry that has all it needs, else None; gazu 1.x calls the fields as those of the other batches."""
    if not isinstance(value, Mapping):
        return None
    told = {**value, "object_id": value.get("object_id") or value.get("task_id")}
    told["comment"] = value.get("comment", value.get("text"))
    return told if all(isinstance(told.get(name), str) for name in _REQUIRED) else None


def task_named(caller: Caller, task_id: str) -> Record:
    """The task an entry of a batch names; raises NotFound, and Forbidden where the caller may not comment on it."""
    task = reads.get(TASK, task_id)
    checks.act_on_task(caller, task)
    return task


def post_batch(caller: Caller, entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """Posts entries that were checked; each answer has the rows of its `preview_files`, too."""
    return [_with_previews(caller, entry, posted) for entry, posted in _each(entries)]


def _each(entries: Iterable[Entry]) -> Iterator[tuple[Entry, Posted]]:
    """Posts one after the other; a task that was posted on before is read as that left it."""
    posted_on: set[str] = set()
    for entry in entries:
        task = reads.get(TASK, entry.task.id) if entry.task.id in posted_on else entry.task
        posted_on.add(task.id)
        yield entry, post(task, entry.new)


def _with_previews(caller: Caller, entry: Entry, posted: Posted) -> dict[str, Any]:
    made = [preview for upload in entry.previews if (preview := _preview(caller, entry.task, posted, upload))]
    return {**as_posted(caller, posted), "preview_files": [plain(preview) for preview in made]}


def _preview(caller: Caller, task: Record, posted: Posted, upload: Upload) -> Record | None:
    """A file as a preview of the comment; one that cannot be kept is dropped, the comment stays."""
    preview = previews.add(caller, task, posted.comment.id)
    try:
        return uploads.receive(caller, preview, upload.name, upload.data)
    except VulpesError as problem:
        _log.info("A file of a batch of comments was dropped: %s", problem.message)
    left = reads.get_many(PREVIEW_FILE, [preview.id])
    if left:
        previews.remove(left[0])
    return None
