"""The short way to SQS: a signed request over a kept connection, as the one to DynamoDB (store/wire.py).

boto3 takes 3 ms of CPU a message and a third of a cold start; an event goes to a hundred queues at once.
"""

from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

from chalicelib.errors import Unavailable
from chalicelib.settings import current
from chalicelib.store import failures, signing
from chalicelib.store.patience import Patience
from chalicelib.store.transport import Pool, Reply

_encode: Final = msgspec.json.Encoder().encode
_decode: Final = msgspec.json.Decoder().decode
# How long a request is tried again.
_SECONDS: Final = 4.0
_NO_QUEUE: Final = (b"QueueDoesNotExist", b"NonExistentQueue")


class NoSuchQueue(Exception):
    """There is no queue of that name, or none any more."""


@lru_cache(maxsize=4)
def _endpoint(given: str, region: str) -> tuple[Pool, str]:
    url = urlsplit(given or f"https://sqs.{region}.amazonaws.com")
    secure = url.scheme == "https"
    return Pool(secure, url.hostname or "", url.port or (443 if secure else 80)), url.netloc


def call(operation: str, payload: dict[str, Any]) -> dict[str, Any]:
    """The answer to a request; NoSuchQueue, or Unavailable where it is refused or none comes within seconds.

    A message may be sent twice where an answer is lost.
    """
    body, patience = _encode(payload), Patience(_SECONDS)
    while True:
        try:
            reply = _send(operation, body)
        except OSError as problem:
            told = str(problem) or "no answer"
        else:
            if reply.status == 200:
                answered: dict[str, Any] = _decode(reply.body) if reply.body else {}
                return answered
            if any(word in reply.body for word in _NO_QUEUE):
                raise NoSuchQueue
            told = reply.body[:300].decode(errors="replace")
            if failures.of_answer(reply.status, reply.body) == "refused":
                raise Unavailable(f"The queue does not take this: {told}")
        patience.wait(f"The queues do not answer ({told}).")


def _send(operation: str, body: bytes) -> Reply:
    known = current()
    pool, host = _endpoint(known.sqs_endpoint, known.region)
    return pool.post(signing.signed("sqs", f"AmazonSQS.{operation}", body, host), body)
