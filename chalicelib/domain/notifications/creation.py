"""Making notifications (docs/contract/tasks.md section 7).

A notification lives with the person it tells. `unread_since` is its date while it is unread and null once it is read:
what is unread is found by a sparse index.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final, Literal

from chalicelib.domain.jobs.job import enqueue, job
from chalicelib.domain.notifications.lookup import notifications_of, with_told
from chalicelib.errors import NotFound
from chalicelib.events.journal import emit_live
from chalicelib.records import clock
from chalicelib.records.people import NOTIFICATION, PERSON
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.store import keys, reads, reference
from chalicelib.store.changes import MOST_ITEMS, Changes, write

Sort = Literal["comment", "mention", "assignation", "reply", "reply-mention"]
# A notification, its event; of a reply, also the guard of what is told once.
_ITEMS: Final = 2
_ITEMS_OF_A_REPLY: Final = 3
_A_WRITE: Final = MOST_ITEMS // _ITEMS_OF_A_REPLY
# What a job is to make stands in its item, half a kilobyte each.
_A_JOB: Final = 300


@dataclass(frozen=True)
class Notice:
    """One thing that one person is told."""

    sort: Sort
    person_id: str
    author_id: str
    task: Record
    comment_id: str | None = None
    reply_id: str | None = None
    change: bool = False
    created_at: str | None = None

    def values(self) -> dict[str, Any]:
        """The values of the notification."""
        moment = self.created_at or clock.now()
        return {
            "notification_type": self.sort,
            "person_id": self.person_id,
            "author_id": self.author_id,
            "task_id": self.task.id,
            "comment_id": self.comment_id,
            "reply_id": self.reply_id,
            "change": self.change,
            "created_at": moment,
            "unread_since": moment,
        }


def notify(changes: Changes, notices: Iterable[Notice]) -> None:
    """Adds notifications to a command, and to each task whom it told.

    What does not fit the transaction follows in jobs once this one has held.
    """
    wanted = _in_order(notice for notice in notices if reference.find(PERSON, notice.person_id) is not None)
    _note(changes, wanted)
    items = _ITEMS_OF_A_REPLY if any(notice.reply_id for notice in wanted) else _ITEMS
    room = MOST_ITEMS - changes.size
    if len(wanted) * items > room:
        room -= math.ceil(len(wanted) / _A_JOB)
    fitting = max(0, room // items)
    _make(changes, wanted[:fitting])
    for start in range(fitting, len(wanted), _A_JOB):
        rest = wanted[start : start + _A_JOB]
        values = [{**notice.values(), "id": _new_id(notice)} for notice in rest]
        enqueue(changes, create_notifications, project_id=rest[0].task["project_id"], notifications=values)


def note_recipient(changes: Changes, notification: Record) -> None:
    """Notes on its task whom a notification tells that was made as a plain row; nothing for a task that is gone."""
    try:
        task = changes.read(TASK, notification["task_id"])
    except NotFound:
        return
    told = with_told(task, [notification["person_id"]])
    if told != notifications_of(task):
        changes.update(task, told=told, updated_at=task["updated_at"])


def _in_order(notices: Iterable[Notice]) -> list[Notice]:
    """What one person is told of one moment comes a microsecond apart, so that it is listed in order."""
    before: Counter[str] = Counter()
    ordered = []
    for notice in notices:
        count = before[notice.person_id]
        before[notice.person_id] += 1
        moment = notice.created_at and clock.shift(notice.created_at, microseconds=count)
        ordered.append(replace(notice, created_at=moment))
    return ordered


def _note(changes: Changes, notices: Sequence[Notice]) -> None:
    """Whom a task told: there its notifications are looked for when they have to go."""
    for known in {notice.task.id: notice.task for notice in notices}.values():
        persons = [notice.person_id for notice in notices if notice.task.id == known.id]
        if set(persons) <= set(notifications_of(known)):
            continue
        task = changes.read(TASK, known.id)
        changes.update(task, told=with_told(task, persons), updated_at=task["updated_at"])


def _make(changes: Changes, notices: Sequence[Notice]) -> None:
    for notice in notices:
        _create(changes, notice.task["project_id"], notice.values(), _new_id(notice))


def _new_id(notice: Notice) -> str:
    return keys.new_id(NOTIFICATION, keys.home_of_owner(notice.person_id))


def _create(changes: Changes, project_id: str, values: Mapping[str, Any], notification_id: str) -> None:
    made = changes.create(NOTIFICATION, dict(values), notification_id)
    emit_live(changes, "notification:new", project_id, notification_id=made.id, person_id=made["person_id"])


@job("create notifications")
def create_notifications(project_id: str, notifications: Sequence[Mapping[str, Any]]) -> None:
    """Makes the notifications that did not fit the transaction that caused them; none twice.

    notifications: their values, each with the `id` that it gets. Persons who are gone meanwhile are told nothing.
    """

    for start in range(0, len(notifications), _A_WRITE):
        part = notifications[start : start + _A_WRITE]
        write(partial(_make_missing, project_id=project_id, notifications=part))


def _make_missing(changes: Changes, project_id: str, notifications: Sequence[Mapping[str, Any]]) -> None:
    made = {one.id for one in reads.get_many(NOTIFICATION, [one["id"] for one in notifications])}
    for values in notifications:
        if values["id"] not in made and reference.find(PERSON, values["person_id"]) is not None:
            _create(changes, project_id, values, values["id"])
