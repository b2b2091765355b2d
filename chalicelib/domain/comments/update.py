"""Changing a comment (docs/contract/tasks.md 6.7)."""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.access.comments import see_comment
from chalicelib.domain.commands import Known
from chalicelib.domain.comments import mentions
from chalicelib.domain.comments.validation import checked
from chalicelib.domain.counters import progress as counted
from chalicelib.domain.crud import references
from chalicelib.domain.news.creation import follow_status
from chalicelib.domain.notifications.creation import Notice, notify
from chalicelib.domain.notifications.deletion import delete_after
from chalicelib.domain.notifications.lookup import of_comment
from chalicelib.domain.notifications.recipients import filter_recipients
from chalicelib.domain.tasks import progress
from chalicelib.domain.workflow import task_statuses
from chalicelib.errors import Forbidden, Invalid
from chalicelib.events.journal import emit
from chalicelib.records.production import PROJECT, TASK_STATUS
from chalicelib.records.record import Record
from chalicelib.records.tasks import COMMENT
from chalicelib.records.validation import change_values
from chalicelib.store import reference
from chalicelib.store.changes import Changes, write

# Kept by routes of their own: a client that sends a whole record back must not take away what came in meanwhile.
_KEPT_BY_OTHERS: Final = frozenset({"replies", "acknowledgements", "previews", "attachment_files"})
# Written by this module and by attachments; what a body says of them may be stale.
_SET_HERE: Final = ("editor_id", "attachment_files")
_NOBODYS: Final = frozenset({"person_id", "object_id", "object_type"})


def change(caller: Caller, comment: Record, task: Record, body: Mapping[str, Any]) -> Record:
    """Writes what a body changes of a comment; `task` is the comment's.

    The task is counted anew, unless the body names the status that the comment has already. Raises Forbidden where the
    caller may not change one of the fields, Invalid for a malformed value.
    """
    values = _values(caller, comment, body)
    _refuse(caller, comment, task, values)
    known, known_task = Known(comment), Known(task)

    def command(changes: Changes) -> Record:
        old = known.read(changes)
        new = changes.update(old, **{**values, "editor_id": caller.id})
        if "task_status_id" not in body or new["task_status_id"] != old["task_status_id"]:
            _recount(changes, known_task.read(changes), old, new)
        if new["text"] != old["text"]:
            new = _mention_anew(changes, task, new)
        emit(changes, "comment:update", task["project_id"], new, comment_id=new.id)
        return new

    return write(command)


def _values(caller: Caller, comment: Record, body: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a body that differ from the comment."""
    given = references.resolve(COMMENT, change_values(COMMENT, references.meant(comment, body)))
    for name in _SET_HERE:
        given.pop(name, None)
    for name in () if caller.is_manager else _KEPT_BY_OTHERS:
        given.pop(name, None)
    values = {name: value for name, value in checked(given).items() if value != comment[name]}
    if "object_id" in values or "object_type" in values:
        _refuse_move(caller)
    references.refuse_to_leave(comment, values)
    return values


def _refuse_move(caller: Caller) -> None:
    if not caller.is_manager:
        raise Forbidden("A comment stays where it was made.")
    raise Invalid("A comment stays on its task.", "object_id", "the task it was made on")


def _refuse(caller: Caller, comment: Record, task: Record, values: Mapping[str, Any]) -> None:
    """Raises Forbidden unless the caller may change all of these fields."""
    status = reference.find(TASK_STATUS, values.get("task_status_id"))
    if caller.is_admin:
        return
    checks.see_task(caller, task)
    if caller.is_manager:
        return
    # The answer shows the comment, also where nothing changes.
    see_comment(caller, task, comment)
    leads, own = checks.leads_task(caller, task), comment["person_id"] == caller.id
    for name in values:
        if name in _NOBODYS:
            raise Forbidden("This stays as it is.")
        allowed = leads if name == "pinned" else own
        if name == "checklist" and not own:
            allowed = (leads or caller.id in task["assignees"]) and _only_ticks(comment["checklist"], values[name])
        if not allowed:
            raise Forbidden(f"You may not change {name} of this comment.")
    if status is not None:
        task_statuses.refuse(caller, status)


def _only_ticks(old: Any, new: Any) -> bool:
    """Whether two checklists are the same but for what is checked."""
    return bool(_unticked(old) == _unticked(new))


def _unticked(checklist: Any) -> Any:
    if not isinstance(checklist, list):
        return []
    return [{**entry, "checked": None} if isinstance(entry, dict) else entry for entry in checklist]


def _mention_anew(changes: Changes, task: Record, comment: Record) -> Record:
    """Mentions are found in the new text, and all who are mentioned are told again, with the date of the comment."""
    project = reference.get(PROJECT, task["project_id"] or "")
    found = mentions.find(comment["text"], project)
    comment = changes.update(comment, **found.fields())
    former = [one for one in of_comment(task, comment.id) if one["notification_type"] == "mention"]
    delete_after(changes, former)
    author, moment = comment["person_id"], comment["created_at"]
    told = filter_recipients(project, found.everybody)
    notify(changes, [Notice("mention", one, author, task, comment.id, created_at=moment) for one in told])
    return comment


def _recount(changes: Changes, task: Record, old: Record, new: Record) -> None:
    """The task is counted anew from the thread with the comment as it is now; another status is told."""
    thread = [new if comment.id == new.id else comment for comment in counted.thread_of(task)]
    counted.recount(changes, task, thread)
    before, after = old["task_status_id"], new["task_status_id"]
    if before != after:
        follow_status(changes, new)
        progress.emit_status_change(changes, task, before, after, new["person_id"])
