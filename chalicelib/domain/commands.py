"""What commands have in common: a record that is known already, one that may be gone."""

from chalicelib.errors import NotFound
from chalicelib.records.fields import Kind
from chalicelib.records.record import Record
from chalicelib.store.changes import Changes


class Known:
    """Spares the first run of a command a read of what its request has read for the access rule.

    The transaction holds only if the record is still as it was read; when the command has to run again, it reads.
    """

    def __init__(self, record: Record) -> None:
        self._record = record
        self._tried = False

    def read(self, changes: Changes) -> Record:
        """The record, to be changed in this command; the first thing a command does."""
        if self._tried:
            return changes.read(self._record.kind, self._record.id)
        self._tried = True
        return self._record


def found(changes: Changes, kind: Kind, record_id: str | None) -> Record | None:
    """The record as the command sees it, or None (one read)."""
    if not record_id:
        return None
    try:
        return changes.read(kind, record_id)
    except NotFound:
        return None
