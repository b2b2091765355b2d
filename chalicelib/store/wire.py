"""The short way to DynamoDB: a signed request; the answers of reads are decoded straight into rows.

pynamodb builds attribute objects for each item, which costs ten times the CPU of what a list needs
(docs/adr/0003-short-reads.md). What it builds for writes goes this way too (store/connection.py).
"""

import datetime
import logging
import time
from functools import lru_cache
from typing import Any, TypeVar

import msgspec

from chalicelib.errors import Unavailable
from chalicelib.records import clock
from chalicelib.settings import current
from chalicelib.store import failures, session, signing
from chalicelib.store.entry import Entry
from chalicelib.store.json_services import pool_of
from chalicelib.store.patience import Patience
from chalicelib.store.transport import Pool, Reply

T = TypeVar("T", bound="_Answer")

_encode = msgspec.json.Encoder().encode
_log = logging.getLogger("vulpes.store")
# An answer that took longer says nothing of what time it is now.
_PROMPT_SECONDS = 1.0
_TEXTS = ("doc", "ids", "own", "big", "at", "w")


class _Text(msgspec.Struct):
    S: str = ""


class _Number(msgspec.Struct):
    N: str = "0"


class Row(msgspec.Struct):
    """An item as it comes over the wire; the texts are not parsed."""

    pk: _Text
    sk: _Text
    v: _Number = msgspec.field(default_factory=_Number)
    doc: _Text | None = None
    ids: _Text | None = None
    own: _Text | None = None
    big: _Text | None = None
    at: _Text | None = None
    w: _Text | None = None
    ttl: _Number | None = None


def row_of(entry: Entry) -> Row:
    """An item as it would come over the wire, were it written."""
    texts: dict[str, Any] = {name: _Text(value) for name in _TEXTS if (value := getattr(entry, name)) is not None}
    return Row(_Text(entry.pk), _Text(entry.sk), _Number(str(entry.v or 0)), **texts)


class _Capacity(msgspec.Struct):
    CapacityUnits: float = 0.0


class _Answer(msgspec.Struct):
    pass


class Page(_Answer):
    """An answer to a Query."""

    Items: list[Row] = []
    Count: int = 0
    LastEvaluatedKey: dict[str, Any] | None = None
    ConsumedCapacity: _Capacity | None = None


class Got(_Answer):
    """An answer to a GetItem."""

    Item: Row | None = None
    ConsumedCapacity: _Capacity | None = None


class Batch(_Answer):
    """An answer to a BatchGetItem."""

    Responses: dict[str, list[Row]] = {}
    UnprocessedKeys: dict[str, Any] = {}
    ConsumedCapacity: list[_Capacity] = []


_DECODERS: dict[Any, Any] = {answer: msgspec.json.Decoder(answer).decode for answer in (Page, Got, Batch)}


def _endpoint() -> tuple[Pool, str]:
    return pool_of("dynamodb", current().dynamodb_endpoint, current().region)


def call(operation: str, payload: dict[str, Any], answer: type[T]) -> T:
    """One read request; throttled, lost and failed ones are tried again with growing, jittered pauses.

    Raises Unavailable when the engine cannot be reached within the time, or refuses.
    """
    body, patience = _encode({**payload, "ReturnConsumedCapacity": "TOTAL"}), Patience()
    while True:
        try:
            reply = send(operation, body)
        except OSError as problem:
            told = str(problem) or "no answer"
        else:
            if reply.status == 200:
                decoded: T = _DECODERS[answer](reply.body)
                session.count(operation, getattr(decoded, "ConsumedCapacity", None))
                return decoded
            told = reply.body[:300].decode(errors="replace")
            if failures.of_answer(reply.status, reply.body) == "refused":
                _log.error("The database refuses %s: %s", operation, told)
                raise Unavailable("The database does not answer this.")
        _log.info("%s is tried again: %s", operation, told)
        patience.wait("The database does not answer.")


def send(operation: str, body: bytes) -> Reply:
    """The answer to one request, whatever it says; OSError where none comes (NotConnected: nothing was sent)."""
    pool, host = _endpoint()
    sent = time.monotonic()
    reply = pool.post(signing.signed("dynamodb", f"DynamoDB_20120810.{operation}", body, host), body)
    if reply.date and time.monotonic() - sent < _PROMPT_SECONDS:
        clock.agree(_moment_told(reply.date))
    return reply


@lru_cache(maxsize=2)
def _moment_told(date: bytes) -> datetime.datetime:
    """The moment that an answer tells; the same for all within a second."""
    import email.utils

    told = email.utils.parsedate_to_datetime(date.decode("latin-1"))
    return told.astimezone(datetime.UTC).replace(tzinfo=None)
