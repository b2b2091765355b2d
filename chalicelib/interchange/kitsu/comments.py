"""Taking comments from another Kitsu (docs/contract/interchange.md section 4).

They come as they are: the task keeps its status and its dates, nobody is notified. Its previews know the comment, as
those of a comment that was posted here; of its attachments those count that are here.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.domain.commands import found
from chalicelib.domain.comments.validation import checked
from chalicelib.errors import Invalid
from chalicelib.events.journal import emit
from chalicelib.interchange.kitsu import entries
from chalicelib.interchange.kitsu.entries import Entry, Taking, Target
from chalicelib.records.files import ATTACHMENT_FILE, PREVIEW_FILE
from chalicelib.records.record import Record
from chalicelib.records.tasks import COMMENT, TASK
from chalicelib.store import keys, reads
from chalicelib.store.changes import Changes

# Each is an item of the transaction; the rest is for the comment, its pointer, its event, and what it newly names.
_MOST_PREVIEWS: Final = 60


def comment(caller: Caller, entry: Entry) -> Taking:
    """A comment on a task of the sender's productions."""
    task = reads.get(TASK, str(entry.get("object_id") or ""))
    checks.manage_project(caller, checks.project_of(task))
    record_id = entries.id_of(entry)
    known = reads.find(COMMENT, record_id) if record_id else None
    if known is not None and known["object_id"] != task.id:
        raise Invalid(f"{known.id} is on another task.", "id", "an id of a comment on this task, or a new one")
    given = checked({**entry, "object_id": task.id, "object_type": TASK.name})
    values = entries.values_of(COMMENT, given, known)
    if "previews" in values:
        values["previews"] = _of_task(task, values["previews"])
    if values.get("preview_file_id"):
        values["preview_file_id"] = next(iter(_of_task(task, [values["preview_file_id"]])), None)
    attached = entry.get("attachment_files") if isinstance(entry.get("attachment_files"), list) else None
    alone = bool(values.get("previews") or (known is not None and known["previews"]))
    command = partial(_write, task=task, values=values, record_id=record_id, known=known, attached=attached)
    return Taking(command, alone=alone)


def _write(
    changes: Changes,
    task: Record,
    values: Mapping[str, Any],
    record_id: str | None,
    known: Record | None,
    attached: Sequence[Any] | None,
) -> Record:
    current = changes.read(COMMENT, known.id) if known is not None else None
    own = {} if attached is None or current is None else {"attached": _kept(current, attached)}
    record = Target(COMMENT, {"object_id": task.id}, record_id, current).store(changes, {**values, **own})
    # Nobody's comment stays where its task went meanwhile.
    changes.require(task)
    before = set(current["previews"]) if current is not None else set()
    for preview_id in before ^ set(record["previews"]):
        preview = found(changes, PREVIEW_FILE, preview_id)
        if preview is not None:
            others = [one for one in preview["comments"] if one != record.id]
            names = [*others, record.id] if preview_id in record["previews"] else others
            changes.update(preview, comments=names, updated_at=preview["updated_at"])
    payload = {"comment_id": record.id, "task_id": task.id, "task_status_id": record["task_status_id"]}
    emit(changes, f"comment:{entries.verb(record)}", task["project_id"], record, **payload)
    return record


def _of_task(task: Record, preview_ids: Sequence[str]) -> list[str]:
    """Those of the previews that are of the task; Invalid for more than one comment may have."""
    if len(preview_ids) > _MOST_PREVIEWS:
        raise Invalid("These are too many previews.", "previews", f"at most {_MOST_PREVIEWS}")
    return [one.id for one in reads.get_many(PREVIEW_FILE, preview_ids) if one["task_id"] == task.id]


def _kept(comment: Record, attached: Sequence[Any]) -> list[str]:
    """Those of the attachments that are here; an entry tells their ids, or them by their ids."""
    told = [one.get("id") if isinstance(one, Mapping) else one for one in attached]
    wanted = {keys.id_in(one) for one in told}
    there = reads.get_many(ATTACHMENT_FILE, comment.get("attached") or ())
    return [one.id for one in there if one.id in wanted]
