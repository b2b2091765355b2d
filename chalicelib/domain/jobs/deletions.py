"""Deletions that are too large for one transaction: a mark stands in the table while one is under way.

A request works on it for some seconds; what it leaves, and what was cut off, the sweep takes up. Each piece of the work
may be done twice.
"""

import time
from collections.abc import Callable, Iterable
from typing import Final

from chalicelib.records import clock
from chalicelib.records.fields import STAMPS, STUDIO, Kind, boolean, string, uuid
from chalicelib.records.record import Record
from chalicelib.store import reads
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
    ),
)
# A request may last 29 s; the piece that is begun last takes some.
SECONDS_OF_A_REQUEST: Final = 15.0
_SECONDS_OF_A_SWEEP: Final = 240.0
# A younger mark is of a request that is still at it.
_ABANDONED_AFTER_MINUTES: Final = 2
Resume = Callable[[Record, float], None]


def begin(changes: Changes, record: Record) -> Record:
    """Adds the mark of a deletion to a command; the one that stands already where it was begun before."""
    holder = reads.holder(DELETION, STUDIO, ("record_id",), {"record_id": record.id})
    if holder is not None:
        return changes.read(DELETION, holder)
    values = {"table": record.kind.table, "record_id": record.id, "has_avatar": record.get("has_avatar")}
    return changes.create(DELETION, values)


def proceed(mark: Record, pieces: Iterable[object], end: Callable[[Changes], object], seconds: float) -> None:
    """Works on a deletion for so long; when all pieces are done, `end` and the mark go in one transaction."""
    until = time.monotonic() + seconds
    for _ in pieces:
        if time.monotonic() > until:
            return

    def finish(changes: Changes) -> None:
        changes.delete(changes.read(DELETION, mark.id))
        end(changes)

    write(finish)


def take_up(resume: dict[str, Resume]) -> None:
    """Takes up what was left or cut off. resume: by table, what goes on with a mark for so many seconds."""
    abandoned = clock.shift(clock.now(), minutes=-_ABANDONED_AFTER_MINUTES)
    until = time.monotonic() + _SECONDS_OF_A_SWEEP
    for mark in reads.query(DELETION, STUDIO):
        if mark["created_at"] < abandoned:
            resume[mark["table"]](mark, until - time.monotonic())
