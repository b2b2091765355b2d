"""Seals: while a record of the reference data is about to go, nobody begins to name it (docs/adr/0010-seals.md).

A deletion looks whether anything names its record, and what comes between that look and its commit would name nothing
from then on. So it seals the record before it looks, every command that newly names one requires that there is no
seal, and the deletion commits on condition that the seal is still its own.

A seal is some items of which a command asks one by chance, so that all who create tasks of a type at the same moment
do not wait for the same item. It says until when it holds: whoever is cut off blocks nobody for longer than that.
"""

import secrets
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from chalicelib.errors import Invalid, WriteConflict
from chalicelib.records import clock
from chalicelib.records.fields import CASCADE, DROP_ENTRY, PROTECT, SET_NULL, Kind, Values
from chalicelib.records.people import PERSON
from chalicelib.records.production import PROJECT
from chalicelib.records.registry import KINDS
from chalicelib.records.relations import Relation, leading_to, of_kind
from chalicelib.store import keys
from chalicelib.store.entry import Condition, Entry, Operation

PARTS: Final = 8
# Longer than a look and the attempt that follows on it.
_SECONDS: Final = 60
# How much of that may be over when the deletion is committed; its attempt takes some.
_SECONDS_TO_LOOK: Final = 30
# What was read before the deletion may be named so long: longer than any function runs.
_SECONDS_AFTERWARDS: Final = 960
_DAY: Final = 86_400


@cache
def is_sealed(kind: Kind) -> bool:
    """Whether records of a kind are sealed before they go: reference data that others name.

    Persons and productions are not: whatever is done names some of these, and their deletion looks again once nobody
    can be under way who saw them (domain/jobs/deletions.py).
    """
    return kind.reference and kind not in (PERSON, PROJECT) and any(_names(one) for one in leading_to(kind.table))


@dataclass(frozen=True, slots=True)
class Seal:
    """A seal that was put on a record; `holder` is what its items hold."""

    record_id: str
    holder: str
    until: str


def new(record_id: str) -> Seal:
    """A seal to be put on a record."""
    moment = clock.now()
    holder = f"{clock.shift(moment, seconds=_SECONDS)}#{secrets.token_hex(8)}"
    return Seal(record_id, holder, clock.shift(moment, seconds=_SECONDS_TO_LOOK))


def putting(seal: Seal) -> Iterator[Operation]:
    """Puts a seal where there is none that holds."""
    for key in _keys(seal.record_id):
        yield Operation("put", _entry(key, seal.holder), Condition("free", clock.now()))


def keeping(seal: Seal) -> Iterator[Operation]:
    """Belongs to the deletion: it holds if the seal does, which stays for those who read the record before.

    Raises WriteConflict where the look took too long.
    """
    moment = clock.now()
    if moment > seal.until:
        raise WriteConflict("It took too long to find out what names this record; nothing was deleted.")
    afterwards = clock.shift(moment, seconds=_SECONDS_AFTERWARDS)
    for key in _keys(seal.record_id):
        yield Operation("put", _entry(key, afterwards), Condition("holder", seal.holder))


def lifting(seal: Seal) -> Iterator[Operation]:
    """Takes a seal away whose record stays."""
    for key in _keys(seal.record_id):
        yield Operation("delete", Entry(*key), Condition("holder", seal.holder))


def breaking(record_id: str) -> Iterator[Operation]:
    """Takes away what the deletion of an earlier record of that id left."""
    for key in _keys(record_id):
        yield Operation("delete", Entry(*key))


def asking(record_id: str, part: int) -> Operation:
    """The condition of whoever newly names a record; refused, the command begins again."""
    return Operation("check", Entry(*keys.seal(record_id, part)), Condition("free", clock.now()))


def newly_named(old: Values | None, new_: Values | None, kind: Kind) -> dict[str, Relation]:
    """The sealed records that a record names and did not name before, by id."""
    if new_ is None:
        return {}
    found: dict[str, Relation] = {}
    for relation in _relations(kind):
        before = set(relation.ids_in(old)) if old is not None else ()
        found |= {one: relation for one in relation.ids_in(new_) if one not in before}
    return found


def refuse_crowd(asked: Mapping[str, str], room: int) -> None:
    """Raises Invalid where a client's list newly names more than a transaction has room for.

    asked: by id, the field that names it; room: how many such items would fit.
    """
    field, count = Counter(asked.values()).most_common(1)[0] if asked else ("", 0)
    rest = len(asked) - count
    if room > rest:
        raise Invalid(f"{field}: {count} are too many at once.", field, f"at most {room - rest} new ones in a request")


def gone(relation: Relation) -> Invalid:
    """What is said of a record that went while it was named."""
    return Invalid(f"{relation.name}: the {relation.table} is gone.", relation.name, "the id of a record")


def _names(relation: Relation) -> bool:
    return relation.on_delete in (PROTECT, CASCADE, SET_NULL, DROP_ENTRY)


@cache
def _relations(kind: Kind) -> tuple[Relation, ...]:
    if kind.table not in KINDS:
        return ()
    return tuple(one for one in of_kind(kind) if _names(one) and one.table in KINDS and is_sealed(KINDS[one.table]))


def _keys(record_id: str) -> Iterator[tuple[str, str]]:
    return (keys.seal(record_id, part) for part in range(PARTS))


def _entry(key: tuple[str, str], holder: str) -> Entry:
    ends: Any = clock.epoch(clock.now()) + _DAY
    return Entry(*key, at=holder, ttl=ends)
