"""Pictures of persons, productions and the studio (docs/contract/files.md section 7)."""

from functools import partial
from typing import Final

from chalicelib.domain.files import formats
from chalicelib.domain.production.project_events import emit_project_event
from chalicelib.errors import Invalid, NotFound
from chalicelib.events.journal import emit, emit_for
from chalicelib.media import keys
from chalicelib.media.unreadable import Unreadable
from chalicelib.records.people import ORGANISATION, PERSON
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record
from chalicelib.store import objects
from chalicelib.store.changes import Changes, write

# Events besides `<kind>:set-thumbnail`.
_ALSO_UPDATED: Final = (ORGANISATION, PROJECT)


def store_avatar(record: Record, filename: str, data: bytes) -> dict[str, str]:
    """Gives a record its picture; the address under which it is found. Invalid for what is no PNG or JPEG."""
    from chalicelib.media import pictures

    if filename.rpartition(".")[2].lower() not in formats.PICTURES:
        raise Invalid("This is no picture.", "file", "a PNG or JPEG picture")
    try:
        picture = pictures.avatar(data)
    except Unreadable as problem:
        raise Invalid(str(problem), "file", "a PNG or JPEG picture") from None
    objects.put(key_of(record), picture, "image/png")
    write(partial(_note, record=record))
    return {"thumbnail_path": f"pictures/thumbnails/{record.kind.table}s/{record.id}.png"}


def _note(changes: Changes, record: Record) -> None:
    current = changes.update(changes.read(record.kind, record.id), has_avatar=True)
    name = f"{record.kind.table}:set-thumbnail"
    if record.kind is PROJECT:
        emit_project_event(changes, current, "set-thumbnail")
        emit(changes, "project:update", record.id)
        return
    emit(changes, name, **{record.kind.id_name: record.id})
    if record.kind in _ALSO_UPDATED:
        emit_for(changes, current, "update")


def delete_avatar(person: Record) -> None:
    """Takes the picture of a person away."""

    def command(changes: Changes) -> None:
        current = changes.update(changes.read(PERSON, person.id), has_avatar=False)
        emit_for(changes, current, "update")
        changes.afterwards(partial(objects.discard, [key_of(person)]))

    write(command)


def key_of(record: Record) -> str:
    """The key of the picture of a record."""
    return keys.avatar(record.kind.table, record.id)


def content(record: Record) -> bytes:
    """The picture of a record; NotFound where it has none."""
    data = objects.get(key_of(record)) if record["has_avatar"] else None
    if data is None:
        raise NotFound(f"This {record.kind.name} has no picture.", {"id": record.id})
    return data
