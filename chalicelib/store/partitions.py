"""Partitions held in a container: read once, then kept true by asking what changed since.

Every record carries the time of its last write in the change index, and a delete leaves a tombstone there, so one
strongly consistent query brings a held partition up to date (docs/adr/0004-change-index.md).
"""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from typing import Final, NamedTuple

from chalicelib.records import clock
from chalicelib.records.fields import Kind
from chalicelib.records.record import Record
from chalicelib.store import keys, reads

# Writers stamp their clock, then commit, within 12 s (store/transaction.py) and with clocks that agree to seconds:
# what another container wrote within this span may still surface.
OVERLAP_SECONDS: Final = 60
# What was given up may land later, as long as its signature is valid. Nobody was told that it is written, so it is
# enough to look back so far once in a while.
LONGEST_LANDING_SECONDS: Final = 900
_LOOK_BACK_EVERY_SECONDS: Final = 60
# A stamp so far ahead is of a clock that is wrong.
_AHEAD_SECONDS: Final = 5
# Tombstones live a day; an older holding cannot learn of deletes any more.
_HELD_AT_MOST_HOURS: Final = 20
_MOST_RECORDS: Final = 200_000
_log = logging.getLogger("vulpes.store")


class _Look(NamedTuple):
    """When this container looked: by the clock, and by the ticks that go on when the clock is set."""

    moment: str
    tick: float

    @classmethod
    def now(cls) -> "_Look":
        return cls(clock.now(), time.monotonic())

    def at_latest(self) -> str:
        """The moment of the look by the clock of now; the earlier one where clock and ticks disagree.

        A clock may have been set meanwhile, and ticks stop while a function is frozen.
        """
        return min(self.moment, clock.shift(clock.now(), seconds=self.tick - time.monotonic()))


class Held:
    """One partition in memory. `records` is replaced, never changed; `serial` counts the replacements."""

    def __init__(self, kind: Kind, home: str) -> None:
        self.kind = kind
        self.home = home
        self.records: Mapping[str, Record] = {}
        self.serial = 0
        self._written: dict[str, str] = {}
        self._loaded: _Look | None = None
        self._looked: _Look | None = None
        self._looked_back: _Look | None = None
        self._lock = threading.Lock()

    def refresh(self, look_back: bool = False) -> "Held":
        """Brings the records up to date: one query, or a full read the first time and after a day.

        look_back: for what may have landed late as well, which else is looked for once a minute.
        """
        with self._lock:
            if self._loaded is None or _is_over(self._loaded, hours=_HELD_AT_MOST_HOURS):
                self._load()
            else:
                self._catch_up(look_back)
        return self

    def _load(self) -> None:
        started = _Look.now()
        found: dict[str, Record] = {}
        written: dict[str, str] = {}
        for row in reads.rows(keys.partition(self.home, self.kind)):
            if (record := reads.record_if_there(self.kind, row)) is not None:
                found[record.id] = record
                written[record.id] = row.w.S if row.w else ""
        self.records, self._written = found, written
        self._loaded = self._looked = self._looked_back = started
        self.serial += 1

    def _catch_up(self, look_back: bool) -> None:
        assert self._looked is not None
        assert self._looked_back is not None
        started = _Look.now()
        if look_back or _is_over(self._looked_back, seconds=_LOOK_BACK_EVERY_SECONDS):
            since = clock.shift(self._looked_back.at_latest(), seconds=-LONGEST_LANDING_SECONDS)
            self._looked_back = self._apply(since, started)
        else:
            self._apply(clock.shift(self._looked.at_latest(), seconds=-OVERLAP_SECONDS), started)
        # Only now, and by one's own clock: a query that failed is asked again, and no stamp of others blinds this.
        self._looked = started

    def _apply(self, since: str, started: _Look) -> _Look:
        """Takes in what was written since then, all or nothing of it; gives the look that this was."""
        changed: dict[str, Record | None] = {}
        stamps: dict[str, str] = {}
        for page in reads.pages(keys.partition(self.home, self.kind), "w", (">", since)):
            for row in page:
                record_id, written = row.sk.S, row.w.S if row.w else ""
                if self._written.get(record_id) == written or (row.doc is None and record_id not in self._written):
                    continue
                self._note_if_ahead(record_id, written, started)
                changed[record_id] = reads.record_if_there(self.kind, row)
                stamps[record_id] = written
        if changed:
            merged = {**self.records, **changed}
            self.records = {record_id: record for record_id, record in merged.items() if record is not None}
            self._written = {one: at for one, at in {**self._written, **stamps}.items() if one in self.records}
            self.serial += 1
        return started

    def _note_if_ahead(self, record_id: str, written: str, started: _Look) -> None:
        if written > clock.shift(started.moment, seconds=_AHEAD_SECONDS):
            _log.warning("%s %s was written by a clock that is ahead: %s", self.kind.name, record_id, written)


def _is_over(look: _Look, **span: float) -> bool:
    return clock.shift(look.at_latest(), **span) < clock.now()


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
