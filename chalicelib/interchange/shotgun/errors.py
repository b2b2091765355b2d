"""What went wrong in an import, as scripts note it (docs/contract/interchange.md 5.2)."""

from typing import Any

from chalicelib.errors import Invalid
from chalicelib.records.fields import STUDIO
from chalicelib.records.production import DATA_IMPORT_ERROR
from chalicelib.records.record import Record
from chalicelib.store import reads
from chalicelib.store.changes import Changes, write


def listed() -> list[Record]:
    """All errors that somebody noted, oldest first (one query)."""
    found = [one for one in reads.query(DATA_IMPORT_ERROR, STUDIO) if one["source"] == "shotgun"]
    return sorted(found, key=lambda one: (one["created_at"], one.id))


def note(event: Any) -> Record:
    """Keeps an error; `event` is any JSON but null."""
    if event is None:
        raise Invalid("There is nothing to keep.", "body", "JSON that tells what went wrong")
    values = {"event_data": event, "source": "shotgun"}

    def command(changes: Changes) -> Record:
        return changes.create(DATA_IMPORT_ERROR, values)

    return write(command)


def remove(error: Record) -> None:
    """Takes an error away."""
    write(lambda changes: changes.delete(changes.read(DATA_IMPORT_ERROR, error.id)))
