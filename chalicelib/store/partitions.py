"""Partitions held in a container: read once, then kept true by asking what changed since.

Every record carries the time of its last write in the change index, and a delete leaves a tombstone there, so one
strongly consistent query brings a held partition up to date (docs/adr/0004-change-index.md).
"""

import logging
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Mapping
from typing import Final, NamedTuple

from chalicelib.records import clock
from chalicelib.records.fields import Kind
from chalicelib.records.record import Record
from chalicelib.settings import current
from chalicelib.store import keys, reads, session

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
# Of the function's memory; the rest is for the app, answers, and what is held besides of boards.
_SHARE: Final = 0.4
# A record in memory, per character of its texts, and what comes on top (docs/adr/0009-bytes-held.md).
_BYTES_A_CHARACTER: Final = 4
_BYTES_A_RECORD: Final = 300
# So much more often must a partition be asked for than the one that goes for it.
_LEAD: Final = 8
# After so many uses they count half: what was used a lot once is not kept for ever.
_USES_AT_MOST: Final = 10_000
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
        self.bytes = 0
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
            before = self.bytes
            if self._loaded is None or _is_over(self._loaded, hours=_HELD_AT_MOST_HOURS):
                self._load()
            else:
                self._catch_up(look_back)
            grew = self.bytes > before
        if grew:
            _make_room(self)
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
        self.bytes = sum(map(_size, found.values()))
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
            self.bytes += sum(_size(record) - _size(self.records.get(one)) for one, record in changed.items())
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


def _size(record: Record | None) -> int:
    """About how many bytes of memory a record takes."""
    if record is None:
        return 0
    texts = record.texts
    return _BYTES_A_RECORD + _BYTES_A_CHARACTER * (len(texts.doc) + len(texts.ids) + len(texts.own))


_held: OrderedDict[tuple[str, str], Held] = OrderedDict()
_uses: Counter[tuple[str, str]] = Counter()
_lock = threading.Lock()


def most_bytes() -> int:
    """How many bytes of records this container holds."""
    return int(current().memory * 1_000_000 * _SHARE)


def unrefreshed(kind: Kind, home: str) -> Held:
    """The held partition as it is; the caller refreshes it, or knows that nothing changed."""
    assert kind.held, f"No container learns of what is written of {kind.table}."
    key = (home, kind.table)
    with _lock:
        _count_use(key)
        held = _held.get(key) or session.current().borrowed.get(key)
        if held is None:
            held = _held[key] = Held(kind, home)
        if key in _held:
            _held.move_to_end(key)
        return held


def _count_use(key: tuple[str, str]) -> None:
    _uses[key] += 1
    if _uses.total() > _USES_AT_MOST:
        for one in list(_uses):
            _uses[one] //= 2
        for one in [one for one, uses in _uses.items() if not uses]:
            del _uses[one]


def _make_room(grown: Held) -> None:
    """Lets go of the least used partitions until what is held fits, of the grown one itself where it is that.

    What is larger than half of the room is not held at all: it would drive out all others. Those that are not held
    are read by each request that needs them, once. Reference data stays: every request needs it.
    """
    key, most = (grown.home, grown.kind.table), most_bytes()
    with _lock:
        if _held.get(key) is not grown:
            return
        if grown.bytes > most // 2 and not grown.kind.reference:
            _let_go(key, grown)
        while sum(one.bytes for one in _held.values()) > most:
            others = [one for one, held in _held.items() if held is not grown and not held.kind.reference]
            least = min(others, key=_uses.__getitem__, default=None)
            if least is not None and _uses[key] >= _uses[least] + _LEAD:
                del _held[least]
            elif key in _held and not grown.kind.reference:
                _let_go(key, grown)
            elif least is not None:
                del _held[least]
            else:
                return


def _let_go(key: tuple[str, str], held: Held) -> None:
    del _held[key]
    here = session.current()
    if here.until is None:
        # Who is not waited for may go through all productions, one after the other.
        here.borrowed.clear()
    here.borrowed[key] = held


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
        _uses.clear()
        session.current().borrowed.clear()
