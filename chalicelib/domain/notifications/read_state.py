"""What a person has read of what they were told (docs/contract/people.md section 13)."""

from collections.abc import Sequence

from chalicelib.access.caller import Caller
from chalicelib.domain.commands import Known
from chalicelib.records.people import NOTIFICATION
from chalicelib.records.record import Record
from chalicelib.store import keys, reads
from chalicelib.store.changes import MOST_ITEMS, Changes, write


def set_read(notification: Record, read: bool) -> Record:
    """Notes that a notification was read, or that it is to count as unread again."""
    known = Known(notification)

    def command(changes: Changes) -> Record:
        return _mark(changes, known.read(changes), read)

    return write(command)


def mark_all(caller: Caller) -> None:
    """Notes that the caller has read everything: one query, and a transaction a hundred unread ones.

    Cut off half-way, the older ones are read, and the same request goes on.
    """
    unread = reads.query(NOTIFICATION, keys.home_of_owner(caller.id), "unread_since")
    for start in range(0, len(unread), MOST_ITEMS):
        write(_Marking(unread[start : start + MOST_ITEMS]))


class _Marking:
    """A command on notifications as they were read, and as they are now when it has to run again."""

    def __init__(self, unread: Sequence[Record]) -> None:
        self._unread = unread
        self._tried = False

    def __call__(self, changes: Changes) -> None:
        if self._tried:
            self._unread = reads.get_many(NOTIFICATION, [one.id for one in self._unread])
        self._tried = True
        for one in self._unread:
            _mark(changes, one, read=True)


def _mark(changes: Changes, notification: Record, read: bool) -> Record:
    since = None if read else notification["created_at"]
    return changes.update(notification, read=read, unread_since=since)
