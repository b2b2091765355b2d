"""Partitions held in a container: read once, then kept true by asking what changed since.

Every record carries the time of its last write in the change index, and a delete leaves a tombstone there, so one
strongly consistent query brings a held partition up to date (docs/adr/0004-change-index.md).
"""

import logging
import math
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Mapping
from typing import Final, NamedTuple

from chalicelib.records import clock
from chalicelib.records.fields import Kind
from chalicelib.records.record import Record
from chalicelib.settings import current
from chalicelib.store import keys, partition_states, reads, rehearsal, session
from chalicelib.store.large_partitions import Packed, PackedRecords, Streamed

# Writers stamp their clock, then commit, within 12 s (store/transaction.py) and with clocks that agree to seconds:
# what another container wrote within this span may still surface.
OVERLAP_SECONDS: Final = 60
# Nobody was told that it is written what lands later than that, so it is enough to look so far back once in a while.
LONGEST_LANDING_SECONDS: Final = partition_states.LONGEST_LANDING_SECONDS
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
        # The records, and the state of the partition that they are (store/partition_states.py), replaced together.
        self.content: tuple[Mapping[str, Record], str | None] = ({}, None)
        self._recent: dict[str, str] = {}
        self._state_moved = False
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
            elif self.is_streamed:
                # Nobody knows what changed: whoever made something of it makes it again.
                self.records = Streamed(self.kind, self.home)
                self.serial += 1
            else:
                self._catch_up(look_back)
            if self._state_moved or self.content[0] is not self.records:
                self.content = (self.records, None if self.is_streamed else partition_states.told_by(self._recent))
                self._state_moved = False
            grew = self.bytes > before
        if grew:
            _make_room(self)
        return self

    def _load(self) -> None:
        """Reads all of it, page by page; what turns out larger than its share becomes smaller on the way."""
        started = _Look.now()
        whole: dict[str, Record] = {}
        packed: PackedRecords = {}
        written: dict[str, str] = {}
        gone: dict[str, str] = {}
        size, share, is_packed = 0, _share(self.kind), False
        for page in reads.pages(keys.partition(self.home, self.kind)):
            for row in page:
                if (record := reads.record_if_there(self.kind, row)) is not None:
                    written[record.id] = row.w.S if row.w else ""
                    size += (_packed_size if is_packed else _size)(record)
                    if is_packed:
                        packed[record.id] = (record.texts, record.version)
                    else:
                        whole[record.id] = record
                elif row.w is not None:
                    gone[row.sk.S] = row.w.S
            if size > share and not is_packed:
                size, is_packed = sum(map(_packed_size, whole.values())), True
                while whole:
                    record_id, record = whole.popitem()
                    packed[record_id] = (record.texts, record.version)
            if size > share:
                self._stream()
                break
        else:
            self.records = Packed(self.kind, self.home, packed) if is_packed else whole
            self._written, self.bytes = written, size
            self._recent, self._state_moved = partition_states.recent({**gone, **written}), True
        self._loaded = self._looked = self._looked_back = started
        self.serial += 1

    @property
    def is_streamed(self) -> bool:
        """Whether it is larger than its share of the memory in any form, so that nothing of it is held."""
        return isinstance(self.records, Streamed)

    def _stream(self) -> None:
        _log.info("%s is larger than its share of the memory, and is streamed.", keys.partition(self.home, self.kind))
        self.records, self._written, self._recent, self.bytes = Streamed(self.kind, self.home), {}, {}, 0

    def _take_in(self, changed: Mapping[str, Record | None]) -> None:
        """Adds, replaces and takes away records; in a smaller form where they have grown beyond their share."""
        size = _packed_size if isinstance(self.records, Packed) else _size
        self.bytes += sum(size(record) - size(self.records.get(one)) for one, record in changed.items())
        if isinstance(self.records, Packed):
            self.records = self.records.merged(changed)
        else:
            merged = {**self.records, **changed}
            self.records = {one: record for one, record in merged.items() if record is not None}
            if self.bytes > _share(self.kind):
                self.bytes = sum(map(_packed_size, self.records.values()))
                self.records = Packed.of(self.kind, self.home, self.records.values())
        if self.bytes > _share(self.kind):
            self._stream()

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
        seen: dict[str, str] = {}
        for page in reads.pages(keys.partition(self.home, self.kind), "w", (">", since)):
            for row in page:
                record_id, written = row.sk.S, row.w.S if row.w else ""
                seen[record_id] = written
                if self._written.get(record_id) == written or (row.doc is None and record_id not in self._written):
                    continue
                self._note_if_ahead(record_id, written, started)
                changed[record_id] = reads.record_if_there(self.kind, row)
                stamps[record_id] = written
        if changed:
            self._take_in(changed)
            if not self.is_streamed:
                self._written = {one: at for one, at in {**self._written, **stamps}.items() if one in self.records}
            self.serial += 1
        if any(self._recent.get(one) != at for one, at in seen.items()):
            self._recent = partition_states.recent({**self._recent, **seen})
            self._state_moved = True
        return started

    def _note_if_ahead(self, record_id: str, written: str, started: _Look) -> None:
        if written > clock.shift(started.moment, seconds=_AHEAD_SECONDS):
            _log.warning("%s %s was written by a clock that is ahead: %s", self.kind.name, record_id, written)


def _packed_size(record: Record | None) -> int:
    """The same of its texts alone; those of other alphabets take up to four bytes a character."""
    if record is None:
        return 0
    texts = (record.texts.doc, record.texts.ids, record.texts.own)
    return _BYTES_A_RECORD + sum(len(one) if one.isascii() else _BYTES_A_CHARACTER * len(one) for one in texts)


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


def _share(kind: Kind) -> float:
    """How much of the room one partition may take; reference data takes what it needs."""
    return math.inf if kind.reference else most_bytes() // 2


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

    What is larger than half of the room became smaller before: its texts are held alone, or it is streamed. Those that
    are not held are read by each request that needs them, once. Reference data stays: every request needs it.
    """
    key, most = (grown.home, grown.kind.table), most_bytes()
    with _lock:
        if _held.get(key) is not grown:
            return
        while sum(one.bytes for one in _held.values()) > most:
            others = [
                one for one, held in _held.items() if held is not grown and held.bytes and not held.kind.reference
            ]
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
        return known is not None and known.serial > 0 and not known.is_streamed


def held(kind: Kind, home: str) -> Held:
    """The records of a kind in a home, as they are now."""
    found, rehearsed = unrefreshed(kind, home).refresh(), rehearsal.current()
    told = rehearsed.serial(kind, home) if rehearsed is not None else None
    if rehearsed is None or told is None:
        return found
    shown = Held(kind, home)
    shown.records, shown.serial = rehearsed.over(kind, home, found.records), told
    shown.content = (shown.records, None)
    return shown


def forget() -> None:
    """Drops everything held; tests that change tables call it."""
    with _lock:
        _held.clear()
        _uses.clear()
        session.current().borrowed.clear()
