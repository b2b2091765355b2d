"""Files sent for previews: with the request, or straight to the bucket where they are large.

Source: docs/contract/files.md 6.3.
"""

from contextlib import suppress
from typing import Any, Final

from chalicelib.access.caller import Caller
from chalicelib.domain.files import formats, preparation, previews, processing, storage, upload_offers, waiting
from chalicelib.errors import Invalid, Unavailable
from chalicelib.media import keys, limits
from chalicelib.media.unreadable import Unreadable
from chalicelib.records import clock
from chalicelib.records.files import PREVIEW_FILE
from chalicelib.records.record import Record
from chalicelib.store import homes, objects, queue, reads

# Pixels to encode inside a request: a JPEG of 2560 x 1440 takes half a second of CPU (docs/operations.md).
COST_IN_REQUEST: Final = 6_500_000


def receive(
    caller: Caller, preview: Record, filename: str, data: bytes, normalize: bool = True, waits: bool = False
) -> Record:
    """Takes the file of a preview; gives the row, `ready` or `processing`.

    Small pictures and files that stay as they are become ready here, movies and large pictures by the queue function.
    waits: what the queue function makes is waited for, some seconds; it is never made here, where memory and time are
    for requests. Errors: Taken for a second upload; Invalid for another extension, and
    the preview is gone then; Invalid for what is no picture, and the preview is broken.
    """
    processing.require_free(preview)
    try:
        name = formats.parse(filename)
    except Invalid:
        previews.remove(preview)
        raise
    if name.extension in formats.PLAIN:
        return _keep_plain(preview, name, data)
    if name.extension in formats.PICTURES and _is_small(preview, data):
        return _make_pictures(preview, name, data)
    upload = {"filename": filename, "normalize": normalize, "person_id": caller.id}
    claimed = _hand_over(preview, upload, data)
    return _awaited(claimed) if waits else claimed


def _keep_plain(preview: Record, name: formats.FileName, data: bytes) -> Record:
    try:
        limits.check(data)
    except Unreadable as problem:
        raise _refused(preview, problem) from None
    return _finish(preview, name, {keys.PLAIN: data}, file_size=len(data))


def _is_small(preview: Record, data: bytes) -> bool:
    from chalicelib.media import pictures

    try:
        return pictures.cost(data) <= COST_IN_REQUEST
    except Unreadable as problem:
        raise _refused(preview, problem) from None


def _make_pictures(preview: Record, name: formats.FileName, data: bytes) -> Record:
    from chalicelib.media import pictures

    try:
        made = pictures.make(data)
    except Unreadable as problem:
        raise _refused(preview, problem) from None
    size = len(made.files[keys.ORIGINAL])
    return _finish(preview, name, made.files, width=made.width, height=made.height, file_size=size)


def _refused(preview: Record, problem: Unreadable) -> Invalid:
    """The preview is broken; as the client is told at once, it may send another file."""
    processing.make_broken(preview.id, None, str(problem))
    return Invalid(str(problem), "file", "a PNG or JPEG picture")


def _finish(preview: Record, name: formats.FileName, files: dict[str, bytes], **values: Any) -> Record:
    found = {"original_name": name.original, "extension": name.kept_as, **values}
    return processing.make_ready(preview, None, storage.put_files(preview, files), found)


def _hand_over(preview: Record, upload: dict[str, Any], data: bytes) -> Record:
    """Stores what was sent; storing it starts the queue function, which may be faster than the rest of this.

    So what the work has to know is noted before: who sent it, and whether it is to be normalised.
    """
    home = homes.of(PREVIEW_FILE, preview)
    key = keys.upload(home, preview.id, upload["filename"])
    noted = {**upload, "key": key}
    processing.offer(preview.id, noted)
    objects.put(key, data)
    return processing.claim(preview.id, noted)


def _awaited(claimed: Record) -> Record:
    """The preview as it is when the queue function is done with it, or when the request has no more time."""

    def done() -> Record | None:
        preview = reads.get(PREVIEW_FILE, claimed.id)
        return None if preview["status"] == "processing" else preview

    return waiting.found_in_time(done) or claimed


def offer(
    caller: Caller, preview: Record, filename: str, size: int, normalize: bool = True, resume: str | None = None
) -> dict[str, Any]:
    """Where to send a file that is too large for a request: `upload_offers.offer`, with `preview_file_id`.

    Errors: Taken, Invalid for an extension no preview has or a size that is none, TooLarge above 5 GB.
    """
    processing.require_free(preview)
    formats.parse(filename)
    key = keys.upload(homes.of(PREVIEW_FILE, preview), preview.id, filename)
    before = preview.get("upload") or {}
    goes_on = before if before.get("key") == key else {}
    made = upload_offers.offer(key, size, resume, goes_on)
    upload = {"key": key, "filename": filename, "size": size, "normalize": normalize, "person_id": caller.id}
    processing.offer(preview.id, {**upload, "upload_id": made.upload_id, "resume": resume, "at": clock.now()})
    if before.get("upload_id") and not made.goes_on_with(before):
        objects.give_up_parts(before["key"], before["upload_id"])
    return {"preview_file_id": preview.id, **made.told}


def complete(preview: Record) -> Record:
    """An offered upload has arrived: joins its parts, and gives the row; harmless when said twice.

    Invalid where no upload was begun, or nothing (or more than announced) arrived.
    """
    upload = preview.get("upload")
    if upload is None:
        if preview["original_name"] is None:
            raise Invalid("No upload was begun for this preview.")
        return preview
    if upload.get("upload_id"):
        objects.finish_parts(upload["key"], upload["upload_id"], upload["size"])
    if objects.size(upload["key"]) is None:
        # The queue function may have been faster.
        current = reads.get(PREVIEW_FILE, preview.id)
        if current.get("upload") is not None:
            raise Invalid("Nothing arrived yet, or more than was announced.", "file", f"{upload['size']} bytes")
        return current
    return processing.claim(preview.id, upload)


def retry(preview: Record) -> Record:
    """Processes the upload of a broken preview once more; Invalid where nothing is left of it."""
    upload = preview.get("upload") or {}
    if not upload or objects.size(upload["key"]) is None:
        raise Invalid("Nothing is left of the upload of this preview; add another preview.")
    started = processing.start_again(preview)
    # It is said to have begun: where the queue takes nothing, the sweep asks again.
    with suppress(Unavailable):
        queue.send(preparation.message_of(upload["key"]))
    return started
