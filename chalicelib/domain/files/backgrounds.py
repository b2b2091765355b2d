"""The panoramas that 3D previews stand in: Radiance HDR files (docs/contract/files.md section 7)."""

from functools import partial
from typing import Final

from chalicelib.domain.files import storage
from chalicelib.errors import Invalid, NotFound
from chalicelib.events.journal import emit
from chalicelib.media import keys, radiance
from chalicelib.media.unreadable import Unreadable
from chalicelib.records.files import PREVIEW_BACKGROUND_FILE
from chalicelib.records.record import Record
from chalicelib.store import objects
from chalicelib.store.changes import Changes, write

EXTENSION: Final = "hdr"
FILE: Final = keys.BACKGROUND
THUMBNAIL_SIZE: Final = (300, 200)


def store_background(background: Record, filename: str, data: bytes) -> Record:
    """Gives a background its file; the row. Invalid for anything but an HDR, and the row is gone then."""
    from chalicelib.media import pictures

    original, _, extension = filename.rpartition(".")
    try:
        if extension.lower() != EXTENSION:
            raise Unreadable("A background is a Radiance HDR picture (.hdr).")
        thumbnail = pictures.from_pixels(*THUMBNAIL_SIZE, radiance.picture(data, *THUMBNAIL_SIZE))
    except Unreadable as problem:
        write(partial(_delete, background_id=background.id))
        raise Invalid(str(problem), "file", "a Radiance HDR picture") from None
    objects.put(keys.background(background.id, FILE), data, storage.content_type(FILE))
    objects.put(keys.background(background.id, keys.THUMBNAIL), thumbnail, "image/png")
    values = {"original_name": original[:250], "extension": EXTENSION, "file_size": len(data)}
    return write(partial(_note, background_id=background.id, values=values))


def _delete(changes: Changes, background_id: str) -> None:
    changes.delete(changes.read(PREVIEW_BACKGROUND_FILE, background_id))
    emit(changes, "preview-background-file:delete", preview_background_file_id=background_id)


def _note(changes: Changes, background_id: str, values: dict[str, object]) -> Record:
    new = changes.update(changes.read(PREVIEW_BACKGROUND_FILE, background_id), **values)
    payload = {"preview_background_file_id": new.id}
    emit(changes, "preview-background-file:update", **payload)
    emit(changes, "preview-background-file:add-file", **payload, extension=EXTENSION)
    return new


def content(background: Record, extension: str) -> bytes:
    """The HDR file; NotFound for another extension, or where there is none."""
    data = None
    if background["extension"] and extension.lower() == background["extension"]:
        data = objects.get(keys.background(background.id, FILE))
    return _there(background, data)


def thumbnail(background: Record) -> bytes:
    """The small picture; NotFound where there is none."""
    data = objects.get(keys.background(background.id, keys.THUMBNAIL)) if background["extension"] else None
    return _there(background, data)


def _there(background: Record, data: bytes | None) -> bytes:
    if data is None:
        raise NotFound("There is no such file of this background.", {"id": background.id})
    return data
