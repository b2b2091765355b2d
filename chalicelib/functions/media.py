"""The work of the queue function: uploads become pictures and movies, playlists archives and
movies; what imports have no time for.

A message comes at least once, maybe twice, maybe to two functions at a time: everything here may be done again. What
cannot be decoded ends as broken at once; any other failure is tried again by the queue, ends as broken with the last
attempt, and leaves its message in the dead-letter queue.
"""

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from urllib.parse import unquote_plus

from chalicelib.domain.files import frames, preparation, processing
from chalicelib.domain.playlists import archives, building
from chalicelib.errors import Invalid, NotFound
from chalicelib.interchange.csv_imports import continuation as csv_continuation
from chalicelib.interchange.kitsu import continuation as kitsu_continuation
from chalicelib.interchange.shotgun import continuation as shotgun_continuation
from chalicelib.media import keys
from chalicelib.store import queue

_log = logging.getLogger("vulpes.media")
# As often the queue gives a message out (infra/aws/resources.py, infra/local/queues.py).
ATTEMPTS: Final = 3
_RETRY_SECONDS: Final = 30


@dataclass(frozen=True, slots=True)
class _Job:
    """One piece of work out of a message: what the log calls it, what does it, and what follows where it fails."""

    name: str
    do: Callable[[], None]
    give_up: Callable[[int], None]


Asked = dict[str, Any]
_HANDOVERS: Final = tuple(one.HANDOVER for one in (csv_continuation, kitsu_continuation, shotgun_continuation))
# What requests ask for, by the key of the message; each takes the value.
_ASKED_FOR: Final[Mapping[str, Callable[[Asked], None]]] = {
    "frame": frames.serve,
    "archive": archives.serve,
    "build": building.serve,
    **{one.word: one.serve for one in _HANDOVERS},
}
# What is told where it failed for good; a request that waits for the others asks again.
_GIVEN_UP: Final[Mapping[str, Callable[[Asked, int], None]]] = {
    "build": building.give_up,
    **{one.word: one.give_up for one in _HANDOVERS},
}


def handle_queue_event(event: dict[str, Any]) -> None:
    """Does the work of the messages in an SQS event; raises where one failed, so that the queue gives it out again."""
    for message in event.get("Records", ()):
        attempt = int(message.get("attributes", {}).get("ApproximateReceiveCount", "1"))
        for job in jobs_in(message.get("body", "")):
            try:
                job.do()
            except Exception as problem:
                _log.exception("The work on %s failed, attempt %s.", job.name, attempt)
                _failed(job, attempt, message.get("receiptHandle", ""))
                raise problem from None


def jobs_in(body: str) -> Iterator[_Job]:
    """The jobs of a message: S3's notifications of uploads, and our own; S3's test message holds none.

    Raises ValueError for a body that is no JSON.
    """
    told = json.loads(body)
    for word, serve in _ASKED_FOR.items():
        if word in told:
            given_up = partial(_GIVEN_UP[word], told[word]) if word in _GIVEN_UP else _nothing
            yield _Job(f"{word} {told[word]}", partial(serve, told[word]), given_up)
    for record in told.get("Records", ()):
        if not record.get("eventName", "ObjectCreated:").startswith("ObjectCreated"):
            continue
        key = unquote_plus(record["s3"]["object"]["key"])
        found = keys.uploaded(key)
        if found is None:
            _log.warning("An upload that belongs to no preview is left alone: %s", key)
        else:
            preview_id = found[0]
            process = partial(preparation.process, preview_id, key)
            yield _Job(f"preview {preview_id}", process, partial(_break, preview_id, key))


def _nothing(attempts: int) -> None:
    """Nobody is told."""


def _break(preview_id: str, key: str, attempts: int) -> None:
    with suppress(NotFound, Invalid):
        processing.make_broken(preview_id, key, f"Preparing the file failed {attempts} times.")


def _failed(job: _Job, attempt: int, receipt: str) -> None:
    """Has a failed message come again soon; after the last attempt it is given up."""
    if attempt < ATTEMPTS:
        # Otherwise the message rests as long as the slowest run might take.
        with suppress(Exception):
            queue.give_back(receipt, _RETRY_SECONDS * attempt)
    else:
        job.give_up(attempt)
