"""Making notifications (docs/contract/tasks.md section 7).

A notification lives with the person it tells. `unread_since` is its date while it is unread and null once it is read:
what is unread is found by a sparse index.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final, Literal

from chalicelib.domain.jobs.side_effects import follow
from chalicelib.domain.notifications.lookup import notifications_of, with_told
from chalicelib.errors import NotFound
from chalicelib.events.journal import emit_live
from chalicelib.records import clock
from chalicelib.records.people import NOTIFICATION, PERSON
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.store import reference
from chalicelib.store.changes import MOST_ITEMS, Changes, write

Sort = Literal["comment", "mention", "assignation", "reply", "reply-mention"]
# A notification, its event; of a reply, also the guard of what is told once.
_ITEMS: Final = 2
_ITEMS_OF_A_REPLY: Final = 3
_A_WRITE: Final = MOST_ITEMS // _ITEMS_OF_A_REPLY


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

    What does not fit the transaction follows in transactions of its own once this one has held.
    """
    wanted = _in_order(notice for notice in notices if reference.find(PERSON, notice.person_id) is not None)
    _note(changes, wanted)
    items = _ITEMS_OF_A_REPLY if any(notice.reply_id for notice in wanted) else _ITEMS
    fitting = max(0, (MOST_ITEMS - changes.size) // items)
    _make(changes, wanted[:fitting])
    for start in range(fitting, len(wanted), _A_WRITE):
        rest = partial(_make, notices=wanted[start : start + _A_WRITE])
        follow(changes, partial(write, rest), "notifications for very many")


def note_row(changes: Changes, notification: Record) -> None:
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
        made = changes.create(NOTIFICATION, notice.values())
        told = {"notification_id": made.id, "person_id": notice.person_id}
        emit_live(changes, "notification:new", notice.task["project_id"], **told)
