"""What is in a working file: sent with a request, or straight to the bucket where it is large.

Source: docs/contract/files.md section 4; the way of large ones: docs/operations.md.
"""

from functools import partial
from typing import Any

from chalicelib.domain.commands import Known
from chalicelib.domain.files import storage, upload_offers
from chalicelib.domain.files.downloads import StoredFile
from chalicelib.errors import Invalid, NotFound
from chalicelib.events.journal import emit_for
from chalicelib.media import keys
from chalicelib.media.content_types import BYTES
from chalicelib.records import clock
from chalicelib.records.files import WORKING_FILE
from chalicelib.records.record import Record
from chalicelib.store import homes, objects
from chalicelib.store.changes import Changes, write


def replace(file: Record, filename: str, data: bytes) -> Record:
    """Gives a working file its content, in the place of what it had before; the row."""
    made = _generation(file, len(data))
    (key,) = made.keys
    objects.put(key, data)
    return _take(file, made, filename)


def stored_file(file: Record) -> StoredFile:
    """The content of a working file; NotFound where nothing was sent yet."""
    stored = file.get("stored")
    entry = keys.entry(stored, keys.PLAIN)
    if stored is None or entry is None:
        raise NotFound("Nothing was sent for this working file yet.", {"id": file.id})
    return StoredFile(entry.key, entry.size, entry.tag, BYTES, file["updated_at"], stored.get("name"), inline=False)


def offer(file: Record, filename: str, size: int, resume: str | None = None) -> dict[str, Any]:
    """Where to send content that is too large for a request: `upload_offers.offer`, with `working_file_id`.

    Errors: Invalid for a size that is none, TooLarge above 5 GB.
    """
    (key,) = _generation(file, size).keys
    made = upload_offers.offer(key, size, resume, file.get("upload"))
    upload = {"key": made.key, "filename": filename, "size": size, "upload_id": made.upload_id, "resume": resume}
    known = Known(file)

    def command(changes: Changes) -> dict[str, Any]:
        now = known.read(changes)
        changes.update(now, upload={**upload, "at": clock.now()}, updated_at=now["updated_at"])
        return now.get("upload") or {}

    before = write(command)
    if not made.goes_on_with(before):
        _give_up(before)
    return {"working_file_id": file.id, **made.told}


def complete(file: Record) -> Record:
    """The content was sent: the row. Harmless when said twice.

    Invalid where no upload was begun, or nothing (or more than announced) arrived.
    """
    upload = file.get("upload")
    if upload is None:
        if file.get("stored") is None:
            raise Invalid("No upload was begun for this working file.")
        return file
    if upload["upload_id"]:
        objects.finish_parts(upload["key"], upload["upload_id"], upload["size"])
    size = objects.size(upload["key"])
    if size is None:
        raise Invalid("Nothing arrived yet, or more than was announced.", "file", f"{upload['size']} bytes")
    at, name, _ = upload["key"].rsplit("/", 2)
    return _take(file, keys.Generation(at, name, {keys.PLAIN: size}), upload["filename"], offered=upload["key"])


def _generation(file: Record, size: int) -> keys.Generation:
    return keys.Generation(
        keys.working_file(homes.of(WORKING_FILE, file), file.id), keys.generation(), {keys.PLAIN: size}
    )


def _take(file: Record, made: keys.Generation, filename: str, offered: str | None = None) -> Record:
    """Notes the content that was stored, and lets go of what was there before, or was to come.

    offered: the key of the upload that has arrived; where another content came meanwhile, that one stays.
    """
    known = Known(file)

    def command(changes: Changes) -> Record:
        now = known.read(changes)
        if offered is not None and (now.get("upload") or {}).get("key") != offered:
            return now
        stored = {**made.onto(None), "name": filename[:250]}
        changes.afterwards(partial(objects.discard, storage.replaced(now.get("stored"), stored)))
        if (waiting := now.get("upload") or {}).get("key") not in (None, *made.keys):
            changes.afterwards(partial(_drop, waiting))
        changed = changes.update(now, stored=stored, upload=None)
        emit_for(changes, changed, "update")
        return changed

    return write(command, undo=partial(objects.discard, made.keys) if offered is None else None)


def _drop(upload: dict[str, Any]) -> None:
    _give_up(upload)
    objects.discard([upload["key"]])


def _give_up(upload: dict[str, Any]) -> None:
    if upload.get("upload_id"):
        objects.give_up_parts(upload["key"], upload["upload_id"])
