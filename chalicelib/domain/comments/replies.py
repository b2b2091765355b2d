"""Replies and acknowledgements: what people add to somebody's comment (docs/contract/tasks.md 6.9).

Both are lists in the comment, written on condition that it is as it was read: of two replies at the same moment none
is lost.
"""

import uuid
from typing import Any

from chalicelib.access.caller import Caller
from chalicelib.domain.commands import Known
from chalicelib.domain.comments import mentions
from chalicelib.domain.notifications.creation import Notice, Sort, notify
from chalicelib.domain.notifications.deletion import delete_after
from chalicelib.domain.notifications.lookup import of_comment
from chalicelib.domain.notifications.recipients import TaskContext
from chalicelib.errors import Forbidden, NotFound
from chalicelib.events.journal import emit, emit_live
from chalicelib.records import clock
from chalicelib.records.record import Record
from chalicelib.store.changes import Changes, write


def reply(caller: Caller, task: Record, comment: Record, text: str) -> dict[str, Any]:
    """Adds a reply and tells all who took part; its `mentions` hold the members of mentioned departments, too."""
    known, around = Known(comment), TaskContext(task)
    found = mentions.find(text, around.project)
    reply_id = str(uuid.uuid4())

    def command(changes: Changes) -> dict[str, Any]:
        current = known.read(changes)
        moment = clock.now()
        made = {
            "id": reply_id,
            "date": clock.shown(moment),
            "created_at": clock.shown(moment),
            "person_id": caller.id,
            "text": text,
            **found.fields(),
        }
        changes.update(current, replies=[*(current["replies"] or ()), made])
        payload = {"task_id": task.id, "comment_id": comment.id, "reply_id": reply_id}
        emit(changes, "comment:reply", task["project_id"], current, **payload)
        told: list[tuple[Sort, str]] = [
            *(("reply", person_id) for person_id in _taking_part(around, task, current)),
            *(("reply-mention", person_id) for person_id in around.admitted(found.everybody)),
        ]
        notify(
            changes,
            [
                Notice(sort, person_id, caller.id, task, comment.id, reply_id, created_at=moment)
                for sort, person_id in told
                if person_id != caller.id
            ],
        )
        return {**made, "mentions": found.everybody}

    return write(command)


def _taking_part(around: TaskContext, task: Record, comment: Record) -> list[str]:
    """Who is told of a reply: as of a comment, and the authors of the comment and of the replies to it."""
    authors = [reply["person_id"] for reply in comment["replies"] or ()]
    return around.admitted([*around.following(task), *authors, comment["person_id"]])


def remove_reply(caller: Caller, task: Record, comment: Record, reply_id: str) -> Record:
    """Takes a reply away with its notifications: its author, or an admin.

    Raises NotFound for an unknown reply, Forbidden for others.
    """
    known = Known(comment)

    def command(changes: Changes) -> Record:
        current = known.read(changes)
        found = next((one for one in current["replies"] or () if one["id"] == reply_id), None)
        if found is None:
            raise NotFound(f"The comment has no reply with the id {reply_id!r}.", {"id": reply_id})
        if not caller.is_admin and found["person_id"] != caller.id:
            raise Forbidden("This reply is not yours.")
        changed = changes.update(current, replies=[one for one in current["replies"] if one["id"] != reply_id])
        payload = {"task_id": task.id, "comment_id": comment.id, "reply_id": reply_id}
        emit_live(changes, "comment:delete-reply", task["project_id"], current, **payload)
        delete_after(changes, [one for one in of_comment(task, comment.id) if one["reply_id"] == reply_id])
        return changed

    return write(command)


def acknowledge(caller: Caller, task: Record, comment: Record) -> Record:
    """The caller acknowledges a comment, or takes that back."""
    known = Known(comment)

    def command(changes: Changes) -> Record:
        current = known.read(changes)
        others = [one for one in current["acknowledgements"] if one != caller.id]
        taken_back = len(others) < len(current["acknowledgements"])
        changed = changes.update(current, acknowledgements=others if taken_back else [*others, caller.id])
        verb = "unacknowledge" if taken_back else "acknowledge"
        payload = {"comment_id": comment.id, "person_id": caller.id}
        emit_live(changes, f"comment:{verb}", task["project_id"], current, **payload)
        return changed

    return write(command)
