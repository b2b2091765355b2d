"""The work of the queue function: what was uploaded becomes pictures and movies (docs/contract/files.md 6.3).

A message comes at least once, maybe twice, maybe to two functions at a time: everything here may be done again. What
cannot be decoded ends as broken at once; any other failure is tried again by the queue, ends as broken with the last
attempt, and leaves its message in the dead-letter queue.
"""

import json
import logging
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote_plus

from chalicelib.domain.files import frames, preparation, processing
from chalicelib.errors import Invalid, NotFound
from chalicelib.media import keys
from chalicelib.store import queue

_log = logging.getLogger("vulpes.media")
# As often the queue gives a message out (infra/aws/resources.py, infra/local/queues.py).
ATTEMPTS: Final = 3
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


def _do(job: _Job) -> None:
    if job.frame is not None:
        frames.serve(job.frame)
    else:
        preparation.process(job.preview_id, job.upload_key)


def _failed(job: _Job, attempt: int, receipt: str) -> None:
    """Has a failed message come again soon; after the last attempt the preview is broken."""
    if attempt < ATTEMPTS:
        # Otherwise the message rests as long as the slowest run might take.
        with suppress(Exception):
            queue.give_back(receipt, _RETRY_SECONDS * attempt)
    elif job.upload_key:
        with suppress(NotFound, Invalid):
            processing.make_broken(job.preview_id, job.upload_key, f"Preparing the file failed {attempt} times.")
