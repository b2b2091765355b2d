"""Reading a record for a command that may not be there any more."""

from chalicelib.errors import NotFound
from chalicelib.records.fields import Kind
from chalicelib.records.record import Record
from chalicelib.store.changes import Changes


def found(changes: Changes, kind: Kind, record_id: str | None) -> Record | None:
    """The record as the command sees it, or None (one read)."""
    if not record_id:
        return None
    try:
        return changes.read(kind, record_id)
    except NotFound:
        return None
