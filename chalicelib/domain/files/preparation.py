"""What was uploaded is prepared: its pictures and movies are made, and work that nobody took up is taken up again.

Everything here may be done twice, by two functions at a time (docs/contract/files.md 6.3). What cannot be decoded ends
as broken at once; other failures are raised, and are worth another attempt.
"""

import json
import tempfile
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final

from chalicelib.domain.files import derivation, formats, orphans, processing
from chalicelib.domain.jobs import apart
from chalicelib.errors import Invalid, NotFound
from chalicelib.media import keys
from chalicelib.media.unreadable import Unreadable
from chalicelib.records.files import PREVIEW_FILE
from chalicelib.records.record import Record
from chalicelib.store import objects, queue, reads

# Over all messages of an upload: one that kills the function each time must come to an end, too.
MOST_ATTEMPTS: Final = 6
STUCK_SECONDS: Final = 15 * 60
# What was sent for a preview that broke is kept for another try this long.
KEPT_SECONDS: Final = 30 * 86_400


def message_of(upload_key: str) -> str:
    """The message that makes an upload be processed, as S3 would send it."""
    record = {"eventSource": "aws:s3", "eventName": "ObjectCreated:Again", "s3": {"object": {"key": upload_key}}}
    return json.dumps({"Records": [record]})


def process(preview_file_id: str, upload_key: str) -> None:
    """Makes of an upload what its preview needs; the preview is ready or broken afterwards.

    Nothing happens where the preview is gone, done, or has another upload; raises what is worth another attempt. An
    upload that is nobody's stays for the sweep, which asks again: it is the last that is left of what somebody sent.
    """
    try:
        preview = processing.begin(preview_file_id, upload_key)
    except (NotFound, Invalid):
        return
    try:
        _process(preview, upload_key)
    except Unreadable as problem:
        with suppress(NotFound, Invalid):
            processing.make_broken(preview_file_id, upload_key, str(problem))


def _process(preview: Record, upload_key: str) -> None:
    upload = preview["upload"]
    if upload["attempts"] > MOST_ATTEMPTS:
        raise Unreadable(f"Preparing the file was given up after {MOST_ATTEMPTS} attempts.")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "source"
        if not objects.fetch(upload_key, str(source)):
            raise Unreadable("The uploaded file is not there any more.")
        derived = _derived(preview, source)
    # Somebody else may have been faster, or have taken the preview away.
    with suppress(NotFound, Invalid):
        processing.make_ready(preview, upload_key, derived.made, derived.values)


def _derived(preview: Record, source: Path) -> derivation.Derived:
    """What is made of the file of a preview, stored."""
    upload = preview["upload"]
    extension = formats.parse(upload["filename"]).extension
    if extension in formats.MOVIES:
        return derivation.movie(preview, source, upload.get("normalize", True))
    if extension in formats.PICTURES:
        return derivation.picture(preview, source)
    return derivation.plain(preview, source)


def retry_stuck() -> None:
    """Has uploads processed again that wait for longer than any run takes, and clears away what nobody needs.

    What lies under `uploads/` is exactly what is not done: the bucket itself is the list (a list request a thousand
    objects, a batch read a hundred previews).
    """
    now = time.time()
    waiting: dict[str, list[objects.Listed]] = {}
    for found in objects.listed(keys.UPLOADS):
        told = keys.uploaded(found.key)
        if told is not None and now - found.modified > STUCK_SECONDS:
            waiting.setdefault(told[0], []).append(found)
    previews = {preview.id: preview for preview in reads.get_many(PREVIEW_FILE, waiting)}
    apart.every(
        (f"Taking up {found.key}", partial(_take_up, previews.get(preview_id), found, now))
        for preview_id, uploads in waiting.items()
        for found in uploads
    )


def _take_up(preview: Record | None, found: objects.Listed, now: float) -> None:
    if preview is None or _is_orphan(preview, found):
        if now - found.modified > orphans.ORPHAN_SECONDS:
            objects.discard([found.key])
    elif _is_forgotten(preview, found, now):
        objects.discard([found.key])
    elif preview["status"] == "processing" and preview.get("upload"):
        _ask_again(preview, found, now)


def _is_orphan(preview: Record, found: objects.Listed) -> bool:
    """Whether another file was taken for the preview, or this one is done."""
    return preview["original_name"] is not None and (preview.get("upload") or {}).get("key") != found.key


def _is_forgotten(preview: Record, found: objects.Listed, now: float) -> bool:
    return preview["status"] != "processing" and now - found.modified > KEPT_SECONDS


def _ask_again(preview: Record, found: objects.Listed, now: float) -> None:
    """Asks for work again, each time after twice as long: the queue may just be full. In the end it is given up."""
    upload = preview["upload"]
    resent = upload.get("resent", 0)
    if now - upload.get("resent_at", found.modified) < STUCK_SECONDS * 2**resent:
        return
    with suppress(NotFound, Invalid):
        if resent >= MOST_ATTEMPTS:
            processing.make_broken(preview.id, found.key, "Nobody took up the work on the uploaded file.")
            return
        processing.note_resent(preview.id, found.key, now)
        queue.send(message_of(found.key))
