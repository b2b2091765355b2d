"""The work of the queue function: what was uploaded becomes pictures and movies (spec/files.md 6.3).

A message comes at least once, maybe twice, maybe to two functions at a time: everything here may be done again. What
cannot be decoded ends as broken at once; any other failure is tried again by the queue, ends as broken with the last
attempt, and leaves its message in the dead-letter queue.
"""

import json
import logging
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote_plus

from chalicelib.domain.files import formats, frames, processing, storage
from chalicelib.errors import Invalid, NotFound
from chalicelib.media import derive, keys
from chalicelib.media.unreadable import Unreadable
from chalicelib.records.files import PREVIEW_FILE
from chalicelib.records.record import Record
from chalicelib.store import objects, queue, reads

_log = logging.getLogger("vulpes.media")
# As often the queue gives a message out (infra/aws/resources.py, infra/local/queues.py).
ATTEMPTS: Final = 3
# Over all messages of an upload: one that kills the function each time must come to an end, too.
MOST_ATTEMPTS: Final = 6
STUCK_SECONDS: Final = 15 * 60
# What was sent for a preview that broke is kept for another try this long.
KEPT_SECONDS: Final = 30 * 86_400
_RETRY_SECONDS: Final = 30


@dataclass(frozen=True, slots=True)
class _Job:
    """One piece of work out of a message: an upload, or a frame that somebody waits for."""

    preview_id: str
    upload_key: str = ""
    frame: dict[str, Any] | None = None


def handle_queue_event(event: dict[str, Any]) -> None:
    """Does the work of the messages in an SQS event; raises where one failed, so that the queue gives it out again."""
    for message in event.get("Records", ()):
        attempt = int(message.get("attributes", {}).get("ApproximateReceiveCount", "1"))
        for job in jobs_in(message.get("body", "")):
            try:
                _do(job)
            except Exception as problem:
                _log.exception("The work on preview %s failed, attempt %s.", job.preview_id, attempt)
                _failed(job, attempt, message.get("receiptHandle", ""))
                raise problem from None


def jobs_in(body: str) -> Iterator[_Job]:
    """The jobs of a message: S3's notifications of uploads, and our own; S3's test message holds none.

    Raises ValueError for a body that is no JSON.
    """
    told = json.loads(body)
    if "frame" in told:
        yield _Job(told["frame"]["preview_file_id"], frame=told["frame"])
    for record in told.get("Records", ()):
        if not record.get("eventName", "ObjectCreated:").startswith("ObjectCreated"):
            continue
        key = unquote_plus(record["s3"]["object"]["key"])
        found = keys.uploaded(key)
        if found is None:
            _log.warning("An upload that belongs to no preview is left alone: %s", key)
        else:
            yield _Job(found[0], key)


def message_of(upload_key: str) -> str:
    """The message that makes an upload be processed, as S3 would send it."""
    record = {"eventSource": "aws:s3", "eventName": "ObjectCreated:Again", "s3": {"object": {"key": upload_key}}}
    return json.dumps({"Records": [record]})


def _do(job: _Job) -> None:
    if job.frame is not None:
        frames.serve(job.frame)
    else:
        process(job.preview_id, job.upload_key)


def _failed(job: _Job, attempt: int, receipt: str) -> None:
    """Has a failed message come again soon; after the last attempt the preview is broken."""
    if attempt < ATTEMPTS:
        # Otherwise the message rests as long as the slowest run might take.
        with suppress(Exception):
            queue.give_back(receipt, _RETRY_SECONDS * attempt)
    elif job.upload_key:
        with suppress(NotFound, Invalid):
            processing.make_broken(job.preview_id, job.upload_key, f"Preparing the file failed {attempt} times.")


def process(preview_file_id: str, upload_key: str) -> None:
    """Makes of an upload what its preview needs; the preview is ready or broken afterwards.

    Nothing happens where the preview is gone, done, or has another upload; raises what is worth another attempt.
    """
    try:
        preview = processing.begin(preview_file_id, upload_key)
    except (NotFound, Invalid):
        storage.discard([upload_key])
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


def _derived(preview: Record, source: Path) -> derive.Derived:
    """What is made of the file of a preview, stored."""
    upload = preview["upload"]
    extension = formats.parse(upload["filename"]).extension
    if extension in formats.MOVIES:
        return derive.movie(preview, source, upload.get("normalize", True))
    if extension in formats.PICTURES:
        return derive.picture(preview, source)
    return derive.plain(preview, source)


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
    for preview_id, uploads in waiting.items():
        for found in uploads:
            _take_up(previews.get(preview_id), found, now)


def _take_up(preview: Record | None, found: objects.Listed, now: float) -> None:
    if preview is None or _is_orphan(preview, found) or _is_forgotten(preview, found, now):
        storage.discard([found.key])
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
