"""Deletions that are too large for one transaction: a mark stands in the table while one is under way.

A request works on it for some seconds; what it leaves, and what was cut off, the sweep takes up. Each piece of the work
may be done twice. When it is done the mark stays until nobody can be under way who saw the record before it went; then
the sweep does the work once more, for what was written meanwhile and names what is gone.
"""

import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Final

from chalicelib.domain.jobs import apart
from chalicelib.records import clock
from chalicelib.records.fields import STAMPS, STUDIO, Kind, boolean, datetime, string, uuid
from chalicelib.records.record import Record
from chalicelib.store import reads, session
from chalicelib.store.changes import Changes, write

# No kind of the API, so it stands here and not among the records.
DELETION: Final = Kind(
    "Deletion",
    "deletion",
    None,
    (
        *STAMPS,
        string("table", nullable=False),
        uuid("record_id", nullable=False, unique=True),
        boolean("has_avatar", False),
        # Who asked for it: the audit tells of them, also where the sweep goes on.
        uuid("caller_id"),
        # When the record was gone; null while it is at work.
        datetime("ended_at"),
    ),
    audited=False,
)
# A request may last 29 s; the piece that is begun last takes some.
SECONDS_OF_A_REQUEST: Final = 15.0
_SECONDS_OF_A_SWEEP: Final = 240.0
# A younger mark is of a request that is still at it.
_ABANDONED_AFTER_MINUTES: Final = 2
# Longer than any function runs, and than a transaction may land of which nobody knows (docs/adr/0007-nothing-lost.md).
LATEST_MINUTES: Final = 16
Resume = Callable[[Record, float], None]


def begin(changes: Changes, record: Record, ended: bool = False) -> Record:
    """Adds the mark of a deletion to a command; the one that stands already where it was begun before.

    ended: the record goes in this very transaction, and all that is left is the look at what came meanwhile.
    """
    ended_at = clock.now() if ended else None
    holder = reads.holder(DELETION, STUDIO, ("record_id",), {"record_id": record.id})
    if holder is not None:
        mark = changes.read(DELETION, holder)
        begins_anew = ended or mark.get("ended_at")
        return changes.update(mark, created_at=clock.now(), ended_at=ended_at) if begins_anew else mark
    values = {
        "table": record.kind.table,
        "record_id": record.id,
        "has_avatar": record.get("has_avatar"),
        "caller_id": session.current().caller_id,
    }
    return changes.create(DELETION, {**values, "ended_at": ended_at})


def proceed(mark: Record, pieces: Iterable[object], end: Callable[[Changes], object], seconds: float) -> None:
    """Works on a deletion for so long; when all pieces are done, `end` is part of the transaction that notes it."""
    until = time.monotonic() + seconds
    for _ in pieces:
        if time.monotonic() > until:
            return

    def finish(changes: Changes) -> None:
        current = changes.read(DELETION, mark.id)
        if current.get("ended_at") is None:
            end(changes)
            changes.update(current, ended_at=clock.now())
        elif is_over(current):
            changes.delete(current)

    write(finish)


def is_over(mark: Record) -> bool:
    """Whether nobody can be under way any more who saw the record."""
    return (mark.get("ended_at") or "9999") < clock.shift(clock.now(), minutes=-LATEST_MINUTES)


def take_up(resume: dict[str, Resume]) -> None:
    """Takes up what was left or cut off, and looks again at what ended some time ago.

    resume: by table, what goes on with a mark for so many seconds.
    """
    abandoned = clock.shift(clock.now(), minutes=-_ABANDONED_AFTER_MINUTES)
    until = time.monotonic() + _SECONDS_OF_A_SWEEP
    marks = reads.query(DELETION, STUDIO)
    left = [one for one in marks if (is_over(one) if one.get("ended_at") else one["created_at"] < abandoned)]

    def go_on(mark: Record) -> None:
        with session.opened(mark.get("caller_id")):
            resume[mark["table"]](mark, until - time.monotonic())

    apart.every((f"The deletion of {mark['record_id']}", partial(go_on, mark)) for mark in left)
