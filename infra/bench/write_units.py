"""What writes cost on AWS, in write units: counted from the items, since the embedded engine does not tell it.

By the rules that AWS documents: a unit for each begun kilobyte of an item, of the larger of what was there and what
comes; the same for each entry of a local index that is written, by its own size (whole items, or keys alone, as the
index is declared): where it enters or leaves, twice where its place changes, and where something else of it does. All
of it twice in a transaction. A condition check costs as much as a write of what it looks at.
"""

import contextlib
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from chalicelib.store import wire
from chalicelib.store.indexes import INDEXES
from chalicelib.store.transport import Reply

_KILOBYTE: Final = 1024
Item = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Write:
    """One item of a transaction or batch: its table (`comment`, `guard`), bytes, units, and units of its indexes."""

    verb: str
    table: str
    size: int
    units: int
    of_indexes: int


@dataclass
class Meter:
    """What was written while it ran; refused transactions are not counted."""

    writes: list[Write] = field(default_factory=list)

    @property
    def units(self) -> int:
        """All of it."""
        return sum(one.units for one in self.writes)

    def by_table(self) -> dict[str, int]:
        """The units of each table."""
        found: dict[str, int] = {}
        for one in self.writes:
            found[one.table] = found.get(one.table, 0) + one.units
        return found


@contextlib.contextmanager
def metered() -> Iterator[Meter]:
    """Counts what the body writes. What is there before is read for it, past the counts of the session."""
    meter, send = Meter(), wire.send

    def counted(operation: str, body: bytes) -> Reply:
        asked = _writes_in(operation, body)
        before = [_there(send, table, one.get("Item") or one["Key"]) for table, _, one in asked]
        reply = send(operation, body)
        if reply.status == 200:
            factor = 2 if operation == "TransactWriteItems" else 1
            meter.writes += [_write(verb, one, old, factor) for (_, verb, one), old in zip(asked, before, strict=True)]
        return reply

    wire.send = counted
    try:
        yield meter
    finally:
        wire.send = send


def _writes_in(operation: str, body: bytes) -> list[tuple[str, str, dict[str, Any]]]:
    """Table, verb and the rest of each write that a request asks for."""
    asked = json.loads(body)
    if operation == "TransactWriteItems":
        return [(one["TableName"], verb, one) for each in asked["TransactItems"] for verb, one in each.items()]
    if operation == "BatchWriteItem":
        return [
            (table, verb, one)
            for table, requests in asked["RequestItems"].items()
            for each in requests
            for verb, one in each.items()
        ]
    if operation in ("PutItem", "UpdateItem", "DeleteItem"):
        return [(asked["TableName"], operation, asked)]
    return []


def _there(send: Any, table: str, item: Item) -> Item:
    key = {name: item[name] for name in ("pk", "sk")}
    payload = {"TableName": table, "Key": key, "ConsistentRead": True}
    found: Item = json.loads(send("GetItem", json.dumps(payload).encode()).body).get("Item", {})
    return found


def _write(verb: str, asked: dict[str, Any], old: Item, factor: int) -> Write:
    new: Item = asked.get("Item", old if verb in ("Update", "ConditionCheck") else {})
    size = max(size_of(old), size_of(new))
    table = (asked.get("Item") or asked["Key"])["pk"]["S"].rpartition("#")[2]
    of_indexes = sum(units_of_index(attribute, old, new) for attribute in INDEXES)
    return Write(verb, table, size, factor * (_units(size) + of_indexes), factor * of_indexes)


def units_of_index(attribute: str, old: Item, new: Item) -> int:
    """The units of the index that sorts by an attribute, when an item takes the place of another (empty: of none)."""
    before, after = _entry(attribute, old), _entry(attribute, new)
    if before == after:
        return 0
    if before and after and before[attribute] == after[attribute]:
        return _units(max(size_of(before), size_of(after)))
    return sum(_units(size_of(entry)) for entry in (before, after) if entry)


def _entry(attribute: str, item: Item) -> Item:
    """What an index holds of an item; nothing of one that has not what it sorts by."""
    if attribute not in item:
        return {}
    return item if INDEXES[attribute].is_whole else {name: item[name] for name in ("pk", "sk", attribute)}


def _units(size: int) -> int:
    return max(1, math.ceil(size / _KILOBYTE))


def size_of(item: Item) -> int:
    """The bytes of an item as DynamoDB counts them: names and values."""
    return sum(len(name) + _size_of_value(value) for name, value in item.items())


def _size_of_value(value: Mapping[str, Any]) -> int:
    ((sort, held),) = value.items()
    return len(held.encode()) if sort == "S" else (len(held.strip("-.")) + 1) // 2 + 1
