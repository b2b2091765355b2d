"""What queries fetch from the table beside what their index holds, in read units as AWS counts them.

By the rules that AWS documents, each item that an index of keys leads to is a read of its own: a unit for each begun
four kilobytes of it. The engine counts all that a query fetches as one read, also where there is nothing.
"""

import contextlib
import json
import math
from collections.abc import Iterator
from typing import Any, Final

from chalicelib.store import session, wire
from chalicelib.store.transport import Reply
from infra.bench.write_units import size_of

_PAGE: Final = 4096


@contextlib.contextmanager
def counted() -> Iterator[None]:
    """Has the sessions that the body opens count fetches as AWS does."""
    send = wire.send

    def adding(operation: str, body: bytes) -> Reply:
        reply = send(operation, body)
        if operation == "Query" and b'"ALL_ATTRIBUTES"' in body and reply.status == 200:
            items = json.loads(reply.body)["Items"]
            session.current().units += units_of(items) - _units(sum(map(size_of, items)))
        return reply

    wire.send = adding
    try:
        yield
    finally:
        wire.send = send


def units_of(items: list[Any]) -> int:
    """The units of fetching these items, strongly consistent."""
    return sum(_units(size_of(item)) for item in items)


def _units(size: int) -> int:
    return max(1, math.ceil(size / _PAGE))
