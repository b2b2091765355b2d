"""The last revision of one task, brought to a comment on another.

Source: docs/contract/tasks.md 6.4, `import_last_revision`.
"""

import secrets
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from chalicelib.domain.counters import main_previews
from chalicelib.domain.files import main_preview, previews, storage
from chalicelib.domain.jobs.job import job
from chalicelib.events.journal import emit
from chalicelib.media import keys
from chalicelib.records.files import PREVIEW_FILE
from chalicelib.records.record import Record
from chalicelib.records.tasks import COMMENT, TASK
from chalicelib.store import homes, objects, reads
from chalicelib.store import keys as record_keys
from chalicelib.store.changes import Changes, write

_KEPT: Final = ("original_name", "extension", "file_size", "width", "height", "duration", "annotations", "person_id")


class _HasPreviews(Exception):
    """The comment has its previews already: the job ran twice side by side."""


@dataclass(frozen=True, slots=True)
class _Copy:
    """A preview to be made of another one; its files are copied already."""

    source: Record
    preview_id: str
    made: keys.Generation


def copy_last_revision(cause: Record, task: Record, comment_id: str) -> list[Record]:
    """Makes the files of the highest revision of the task `cause` the next revision of `task`, on a comment of it.

    The stored files are copied inside the bucket; what is not ready is left out.
    """
    sources = _last_revision(cause)
    copies = reads.parallel([partial(_copied, source, homes.of(TASK, task)) for source in sources])
    if not copies:
        return []
    made = [key for copy in copies for key in copy.made.keys]
    try:
        command = partial(_place, task=task, comment_id=comment_id, copies=copies)
        return write(command, undo=partial(objects.discard, made))
    except _HasPreviews:
        return []


@job("copy the last revision")
def copy_for_automation(cause_task_id: str, task_id: str, comment_id: str) -> None:
    """Brings the last revision of one task to the comment that an automation posted on another, once.

    Nothing where one of them is gone meanwhile, or the comment has its previews.
    """
    cause, task, comment = reads.find(TASK, cause_task_id), reads.find(TASK, task_id), reads.find(COMMENT, comment_id)
    if cause is not None and task is not None and comment is not None and not comment["previews"]:
        copy_last_revision(cause, task, comment_id)


def _last_revision(task: Record) -> list[Record]:
    found = [one for one in main_previews.of_task(task.id) if one["status"] == "ready"]
    highest = max((one["revision"] or 0 for one in found), default=0)
    return sorted((one for one in found if one["revision"] == highest), key=lambda one: one["position"] or 0)


def _copied(source: Record, home: str) -> _Copy:
    preview_id = record_keys.new_id(PREVIEW_FILE, home)
    stored = source.get("stored") or {"files": {}}
    sizes = {name: size for name, (_, size) in stored["files"].items()}
    made = keys.Generation(keys.folder(home, preview_id), keys.generation(), sizes)
    for name in sizes:
        entry = keys.entry(stored, name)
        if entry is not None:
            objects.copy(entry.key, keys.variant(made.at, made.name, name), storage.content_type(name))
    return _Copy(source, preview_id, made)


def _place(changes: Changes, task: Record, comment_id: str, copies: list[_Copy]) -> list[Record]:
    comment = changes.read(COMMENT, comment_id)
    if comment["previews"]:
        raise _HasPreviews
    current = changes.read(TASK, task.id)
    changes.update(current, updated_at=current["updated_at"])
    revision = 1 + max((one["revision"] or 0 for one in main_previews.of_task(task.id)), default=0)
    made = [
        changes.create(PREVIEW_FILE, _values(copy, task, comment, revision, position), copy.preview_id)
        for position, copy in enumerate(copies, 1)
    ]
    ids = [preview.id for preview in made]
    changes.update(comment, previews=[*comment["previews"], *ids], updated_at=comment["updated_at"])
    for preview_id in ids:
        payload = {"preview_file_id": preview_id, "comment_id": comment.id}
        emit(changes, "preview-file:new", task["project_id"], **payload)
    emit(changes, "comment:update", task["project_id"], comment_id=comment.id)
    main_preview.become_last(changes, made[0], changes.read(TASK, task.id))
    return made


def _values(copy: _Copy, task: Record, comment: Record, revision: int, position: int) -> dict[str, Any]:
    return {
        **{name: copy.source[name] for name in _KEPT},
        "name": secrets.token_hex(7),
        "source": previews.SOURCE,
        "status": "ready",
        "revision": revision,
        "position": position,
        "task_id": task.id,
        "comments": [comment.id],
        "stored": copy.made.onto(None),
    }
