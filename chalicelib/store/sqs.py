"""Requests to SQS."""

from typing import Any, Final

from chalicelib.settings import current
from chalicelib.store import json_services

# How long a request is tried again.
_SECONDS: Final = 4.0
_NO_QUEUE: Final = (b"QueueDoesNotExist", b"NonExistentQueue")


class NoSuchQueue(Exception):
    """There is no queue of that name, or none any more."""


def call(operation: str, payload: dict[str, Any]) -> dict[str, Any]:
    """The answer to a request; NoSuchQueue, or Unavailable where it is refused or none comes within seconds.

    A message may be sent twice where an answer is lost.
    """
    try:
        return json_services.call("sqs", f"AmazonSQS.{operation}", payload, current().sqs_endpoint, _SECONDS)
    except json_services.Refused as refusal:
        if any(word in refusal.body for word in _NO_QUEUE):
            raise NoSuchQueue from None
        raise


# The addresses of queues differ in their names alone.
_bases: Final[dict[tuple[str, str], str]] = {}


def address(name: str) -> str:
    """The address of a queue; one request where none of the account's queues is known yet, NoSuchQueue then."""
    if _place() not in _bases:
        learn(call("GetQueueUrl", {"QueueName": name})["QueueUrl"])
    return f"{_bases[_place()]}/{name}"


def learn(known: str) -> None:
    """Notes the address of a queue, from which those of the others are made."""
    _bases[_place()] = known.rpartition("/")[0]


def _place() -> tuple[str, str]:
    return current().sqs_endpoint, current().region
