"""The queue of each session of the event stream: what it is told waits there for its next request.

On AWS the gateway itself takes messages out of it, no function runs (docs/adr/0014-live-events.md). So nobody deletes
what was taken: a message is hidden for longer than it is kept, which comes to the same. What a message holds is made by
`events/packets.py`.
"""

import contextlib
import logging
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Final

from chalicelib.errors import Unavailable
from chalicelib.settings import current
from chalicelib.store import reads, sqs

ATTRIBUTES: Final = {
    # Seconds. A client that does not come for so long misses what was said; the journal has it.
    "MessageRetentionPeriod": "60",
    "VisibilityTimeout": "43200",
    "ReceiveMessageWaitTimeSeconds": "20",
}
# As many as there are workers for reads (store/reads.py).
_SIDE_BY_SIDE: Final = 12
_log: Final = logging.getLogger("vulpes.live")


def name_of(session_id: str) -> str:
    """The name of the queue of a session."""
    return f"{current().live_queues}{session_id}"


def create(session_id: str) -> None:
    """Makes the queue of a session; Unavailable where there is none to be had (one request)."""
    made = sqs.call("CreateQueue", {"QueueName": name_of(session_id), "Attributes": ATTRIBUTES})
    sqs.learn(made["QueueUrl"])


def delete(session_id: str) -> None:
    """Takes the queue of a session away, if it is still there (one request)."""
    with contextlib.suppress(sqs.NoSuchQueue):
        sqs.call("DeleteQueue", {"QueueUrl": sqs.address(name_of(session_id))})


def send(session_id: str, bodies: Sequence[str]) -> bool:
    """Puts messages into the queue of a session, in their order; whether it is still there (a request each).

    Raises Unavailable where the queue takes none right now.
    """
    try:
        for body in bodies:
            sqs.call("SendMessage", {"QueueUrl": sqs.address(name_of(session_id)), "MessageBody": body})
    except sqs.NoSuchQueue:
        return False
    return True


def send_all(told: Iterable[tuple[str, Sequence[str]]]) -> int:
    """Puts messages into several queues, side by side; how many took theirs. Failures are noted, none is raised."""
    wanted = list(told)
    shares = [wanted[start::_SIDE_BY_SIDE] for start in range(min(_SIDE_BY_SIDE, len(wanted)))]
    return sum(reads.parallel([partial(_send_share, share) for share in shares]))


def _send_share(share: Iterable[tuple[str, Sequence[str]]]) -> int:
    return sum(_try_to_send(session_id, bodies) for session_id, bodies in share)


def _try_to_send(session_id: str, bodies: Sequence[str]) -> bool:
    try:
        return send(session_id, bodies)
    except Unavailable as problem:
        _log.error("A session was not told: %s", problem)
        return False
