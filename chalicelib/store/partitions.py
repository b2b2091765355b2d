"""Partitions held in a container: read once, then kept true by asking what changed since.

Every record carries the time of its last write in the change index, and a delete leaves a tombstone there, so one
strongly consistent query brings a held partition up to date (docs/adr/0004-change-index.md).
"""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import Final

from chalicelib.records import clock
from chalicelib.records.fields import Kind
from chalicelib.records.record import Record
from chalicelib.store import keys, reads

# Writers stamp their clock, then commit: what another container wrote within this span may still surface.
OVERLAP_SECONDS: Final = 20
# Tombstones live a day; an older holding cannot learn of deletes any more.
_HELD_AT_MOST_HOURS: Final = 20
_MOST_RECORDS: Final = 200_000


class Held:
    """One partition in memory. `records` is replaced, never changed; `serial` counts the replacements."""

    def __init__(self, kind: Kind, home: str) -> None:
        self.kind = kind
        self.home = home
        self.records: Mapping[str, Record] = {}
        self.serial = 0
        self.seen = ""
        self._written: dict[str, str] = {}
        self._loaded = ""
        self._lock = threading.Lock()

    def refresh(self) -> "Held":
        """Brings the records up to date: one query, or a full read the first time and after a day."""
        with self._lock:
            if not self._loaded or clock.shift(self._loaded, hours=_HELD_AT_MOST_HOURS) < clock.now():
                self._load()
            else:
                self._catch_up()
        return self

    def _load(self) -> None:
        started = clock.now()
        found: dict[str, Record] = {}
        self._written = {}
        for row in reads.rows(keys.partition(self.home, self.kind)):
            found[row.sk.S] = reads.record_of(self.kind, row)
            self._written[row.sk.S] = row.w.S if row.w else ""
        self.records = found
        self._loaded = self.seen = started
        self.serial += 1

    def _catch_up(self) -> None:
        started = clock.now()
        since = clock.shift(self.seen, seconds=-OVERLAP_SECONDS)
        changed: dict[str, Record] | None = None
        for page in reads.pages(keys.partition(self.home, self.kind), "w", (">", since)):
            for row in page:
                record_id, written = row.sk.S, row.w.S if row.w else ""
                self.seen = max(self.seen, written)
                if self._written.get(record_id) == written or (row.doc is None and record_id not in self._written):
                    continue
                changed = dict(self.records) if changed is None else changed
                if row.doc is None:
                    changed.pop(record_id, None)
                    self._written.pop(record_id, None)
                else:
                    changed[record_id] = reads.record_of(self.kind, row)
                    self._written[record_id] = written
        self.seen = max(self.seen, started)
        if changed is not None:
            self.records = changed
            self.serial += 1


_held: OrderedDict[tuple[str, str], Held] = OrderedDict()
_lock = threading.Lock()


def unrefreshed(kind: Kind, home: str) -> Held:
    """The held partition as it is; the caller refreshes it, or knows that nothing changed."""
    with _lock:
        key = (home, kind.table)
        held = _held.get(key)
        if held is None:
            held = _held[key] = Held(kind, home)
        _held.move_to_end(key)
        while len(_held) > 1 and sum(len(one.records) for one in _held.values()) > _MOST_RECORDS:
            _held.popitem(last=False)
        return held


def is_held(kind: Kind, home: str) -> bool:
    """Whether this container holds the partition."""
    with _lock:
        known = _held.get((home, kind.table))
        return known is not None and known.serial > 0


def held(kind: Kind, home: str) -> Held:
    """The records of a kind in a home, as they are now."""
    return unrefreshed(kind, home).refresh()


def forget() -> None:
    """Drops everything held; tests that change tables call it."""
    with _lock:
        _held.clear()
