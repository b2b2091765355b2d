"""The short way to services of AWS that speak JSON by POST: a signed request over a kept connection.

boto3 takes 3 ms of CPU a message and a third of a cold start; an event goes to a hundred queues at once. DynamoDB has a
way of its own, whose answers are decoded straight into rows (store/wire.py).
"""

from collections.abc import Callable
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


class Refused(Unavailable):
    """A service refuses what it was asked; `body` is its answer."""

    body: bytes = b""


# What answers requests within this process, by service and endpoint: the local stack spares them signature and way.
# Given the operation and the body; None for what it leaves to the connection.
within: Final[dict[tuple[str, str], Callable[[str, bytes], Reply | None]]] = {}


# By service, endpoint and region; a process speaks to a handful.
_pools: Final[dict[tuple[str, str, str], tuple[Pool, str]]] = {}


def pool_of(service: str, endpoint: str, region: str) -> tuple[Pool, str]:
    """The connections to a service, and its host as requests name it; `endpoint` stands in for that of AWS."""
    place = service, endpoint, region
    if place not in _pools:
        url = urlsplit(endpoint or f"https://{service}.{region}.amazonaws.com")
        secure = url.scheme == "https"
        _pools.setdefault(place, (Pool(secure, url.hostname or "", url.port or (443 if secure else 80)), url.netloc))
    return _pools[place]


def disconnect() -> None:
    """Closes the kept connections to all services; tests and the local stack call it at their end."""
    for pool, _ in list(_pools.values()):
        pool.close()


def call(service: str, operation: str, payload: dict[str, Any], endpoint: str, seconds: float) -> dict[str, Any]:
    """The answer to a request; operation: with the name of its protocol (`AmazonSQS.SendMessage`).

    What is throttled or lost is asked again for that long, so something may be done twice. Raises Refused, and
    Unavailable where no answer comes.
    """
    body, patience = _encode(payload), Patience(seconds)
    while True:
        try:
            reply = send(service, operation, body, endpoint)
        except OSError as problem:
            told = str(problem) or "no answer"
        else:
            if reply.status == 200:
                answered: dict[str, Any] = _decode(reply.body) if reply.body else {}
                return answered
            if failures.of_answer(reply.status, reply.body) == "refused":
                raise _refused(service, reply.body)
            told = reply.body[:300].decode(errors="replace")
        patience.wait(f"{service} does not answer ({told}).")


def _refused(service: str, body: bytes) -> Refused:
    problem = Refused(f"{service} refuses this: {body[:300].decode(errors='replace')}")
    problem.body = body
    return problem


def send(service: str, operation: str, body: bytes, endpoint: str) -> Reply:
    """The answer to one request, whatever it says; OSError where none comes."""
    here = within.get((service, endpoint))
    if here is not None and (answered := here(operation, body)) is not None:
        return answered
    pool, host = pool_of(service, endpoint, current().region)
    return pool.post(signing.signed(service, operation, body, host), body)
