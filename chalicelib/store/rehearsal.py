"""A rehearsal: commands run as ever, and what they would write is kept beside the table instead of in it.

What reads by id, by index or whole partitions sees both, so a command finds what those before it would have made.
Refusals that tell of the records themselves come as ever: a value that is taken, a record that is gone. Races are not
rehearsed, nor what follows a transaction. Whatever else would leave this machine is refused.
"""

import itertools
from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from chalicelib.errors import Duplicate
from chalicelib.records.fields import Kind
from chalicelib.records.record import Record
from chalicelib.store import keys
from chalicelib.store.entry import Entry, Operation, Refused
from chalicelib.store.wire import Row, row_of

Key = tuple[str, str]
# A record before and after; None: not there.
Step = tuple[Record | None, Record | None]
_serials: Final = itertools.count(1)


class Rehearsal:
    """What the commands of a rehearsal would have written so far."""

    def __init__(self) -> None:
        self._rows: dict[Key, Row | None] = {}
        # By home and table, the records that are other than in the table; None: taken away.
        self._records: dict[Key, dict[str, Record | None]] = {}
        self._serials: dict[Key, int] = {}
        # What came or went.
        self._moved: list[Record] = []
        # By id, what commands would have done since somebody last emptied this.
        self.steps: dict[str, Step] = {}

    def take(
        self, operations: Sequence[Operation], steps: Mapping[Key, Step], rows_of: Callable[[list[Key]], dict[Key, Row]]
    ) -> None:
        """Keeps the operations of a command, and the records they are of; raises as the database would refuse them.

        rows_of: the items that are there, by their keys.
        """
        asked = [one for one in operations if one.refusal is not None]
        there = rows_of([(one.entry.pk, one.entry.sk) for one in asked])
        for one in asked:
            _refuse(one, there.get((one.entry.pk, one.entry.sk)))
        for one in operations:
            self._keep(one)
        for (pk, record_id), (old, new) in steps.items():
            known = new or old
            if known is None:
                continue
            place = pk.split("#", 1)[0], known.kind.table
            self._records.setdefault(place, {})[record_id] = new
            self._serials[place] = next(_serials)
            if old is None or new is None:
                self._moved.append(known)
            if record_id not in self.steps:
                self.steps[record_id] = old, new
            else:
                # A record that moves goes in one place and comes in another.
                before, after = self.steps[record_id]
                self.steps[record_id] = before or (old if after is None else None), new or after

    def _keep(self, operation: Operation) -> None:
        entry = operation.entry
        if operation.verb in ("put", "delete"):
            gone = operation.verb == "delete" or _is_tombstone(entry)
            self._rows[entry.pk, entry.sk] = None if gone else row_of(entry)

    def changed_ends(self, field: str) -> set[str]:
        """What records name in a field that come or go in the rehearsal."""
        return {str(one[field]) for one in self._moved if one.get(field)}

    # -- what reads ask ------------------------------------------------------------------------------------------------
    def knows(self, key: Key) -> bool:
        """Whether an item is other than in the table."""
        return key in self._rows

    def row(self, key: Key) -> Row | None:
        """The item, where it is known; None: it is gone."""
        return self._rows.get(key)

    def serial(self, kind: Kind, home: str) -> int | None:
        """Moves with each command that writes such a record, and is that of nobody else; None before the first."""
        found = self._serials.get((home, kind.table))
        return -found if found is not None else None

    def over(self, kind: Kind, home: str, records: Mapping[str, Record]) -> Mapping[str, Record]:
        """The records of a home as the rehearsal has left them."""
        other = self._records.get((home, kind.table))
        if not other:
            return records
        made = {record_id: record for record_id, record in other.items() if record is not None}
        if len(made) == len(other):
            return ChainMap(made, records)  # type: ignore[arg-type]
        return {record_id: one for record_id, one in {**records, **made}.items() if other.get(record_id, one)}

    def found(
        self, kind: Kind, home: str, by: str | None, condition: tuple[str, ...] | None, stored: list[Record]
    ) -> list[Record]:
        """The records that a query leads to: of those stored what is still so, then what the rehearsal has made."""
        other = self._records.get((home, kind.table))
        if not other:
            return stored
        made = [one for one in other.values() if one is not None and _is_led_to(one, by, condition)]
        return [one for one in stored if one.id not in other] + made


def _refuse(operation: Operation, there: Row | None) -> None:
    """Raises what a condition that does not hold means, where it tells of records and not of a race."""
    sort = operation.condition.sort if operation.condition else None
    assert operation.refusal is not None
    if sort == "a record" and (there is None or there.doc is None):
        raise operation.refusal
    if sort == "no item" and there is not None and isinstance(operation.refusal, Duplicate):
        raise Refused(operation.refusal)


def _is_tombstone(entry: Entry) -> bool:
    return entry.doc is None and entry.at is None and entry.big is None


def _is_led_to(record: Record, by: str | None, condition: tuple[str, ...] | None) -> bool:
    value = keys.index_value(record, record.kind.sorted_by(by).fields) if by else record.id
    if value is None or condition is None:
        return value is not None
    sign, first, last = condition[0], condition[1], condition[-1]
    tests = {
        "=": value == keys.whole(first),
        "^": value.startswith(keys.beginning(first)),
        "<": value < first,
        ">": value > first,
        "..": first <= value <= last,
    }
    return tests[sign]


_current: ContextVar[Rehearsal | None] = ContextVar("rehearsal", default=None)


def current() -> Rehearsal | None:
    """The rehearsal that this request is in; None where it is in earnest."""
    return _current.get()


@contextmanager
def opened() -> Iterator[Rehearsal]:
    """Rehearses the commands of the body."""
    made = Rehearsal()
    token = _current.set(made)
    try:
        yield made
    finally:
        _current.reset(token)


def refuse() -> None:
    """Called by whatever writes elsewhere than in a command."""
    assert _current.get() is None, "A rehearsal writes nothing."
