"""What commands have in common: records that are known already, one that may be gone."""

from collections.abc import Sequence

from chalicelib.errors import NotFound
from chalicelib.records.fields import Kind
from chalicelib.records.record import Record
from chalicelib.store import reads
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


class KnownRecords:
    """The same for several records, of any kinds; where the command runs again, those that are gone are left out."""

    def __init__(self, records: Sequence[Record]) -> None:
        self._records = records
        self._tried = False

    def read(self) -> Sequence[Record]:
        """The records, to be changed in this command; the first thing a command does (a read a hundred of a kind)."""
        if self._tried:
            by_kind: dict[Kind, list[str]] = {}
            for record in self._records:
                by_kind.setdefault(record.kind, []).append(record.id)
            self._records = [one for kind, wanted in by_kind.items() for one in reads.get_many(kind, wanted)]
        self._tried = True
        return self._records


def found(changes: Changes, kind: Kind, record_id: str | None) -> Record | None:
    """The record as the command sees it, or None (one read)."""
    if not record_id:
        return None
    try:
        return changes.read(kind, record_id)
    except NotFound:
        return None
