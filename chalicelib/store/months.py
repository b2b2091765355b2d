"""The months that homes have of kinds that grow without end: each month is a partition (docs/adr/0012-months.md).

A list in the table names those of a home, as their partitions are called: `2026-11-ordered`, `2026-11` where the ids of
records do not tell their moments. It is written with the first record of a month, by each container once an hour; so
lists go down the months that hold something, and through none that does not.
"""

import threading
import time
from collections.abc import Iterable
from typing import Final

from chalicelib.records import clock
from chalicelib.records.fields import Kind, Values
from chalicelib.store import keys
from chalicelib.store.entry import Entry

Place = tuple[str, str, str]
# A list that another container took away, with its production, is whole again after that.
_WRITTEN_SECONDS: Final = 3600.0
# What a container read of a list it reads again after this: a backup may have brought older months.
_READ_SECONDS: Final = 600.0
_written: dict[Place, float] = {}
_read: dict[tuple[str, str], tuple[float, frozenset[str]]] = {}
_lock = threading.Lock()


def unlisted(made: Iterable[tuple[str, Kind, Values]]) -> set[Place]:
    """The months, by home and table, of records that are about to be written and that no list is known to have."""
    found = set()
    for home, kind, values in made:
        if kind.monthly and (month := keys.month_of(home, kind, values)):
            place = (home, kind.table, month)
            if time.monotonic() - _written.get(place, -_WRITTEN_SECONDS) >= _WRITTEN_SECONDS:
                found.add(place)
    return found


def entries(places: Iterable[Place]) -> list[Entry]:
    """The items that list these months."""
    return [Entry(*keys.month_marker(*place), at=place[2]) for place in sorted(places)]


def note_written(places: Iterable[Place]) -> None:
    """Notes what the lists have now."""
    with _lock:
        _written.update(dict.fromkeys(places, time.monotonic()))


def note_read(home: str, kind: Kind, listed: Iterable[str]) -> list[str]:
    """Notes the months that the list of a home has; gives them with the present one, oldest first."""
    months = frozenset(listed)
    with _lock:
        _read[home, kind.table] = (time.monotonic(), months)
    return _with_present(months)


def known(home: str, kind: Kind) -> list[str] | None:
    """The months of a home, oldest first, as far as this container has read of them lately; None where it has not."""
    read_at, months = _read.get((home, kind.table), (-_READ_SECONDS, frozenset()))
    return _with_present(months) if time.monotonic() - read_at < _READ_SECONDS else None


def _with_present(months: frozenset[str]) -> list[str]:
    """With those in which others may have begun to write since the list was read, whatever their clocks say."""
    now = clock.now()
    present = {clock.shift(now, seconds=seconds)[:7] for seconds in (-2 * _READ_SECONDS, 0, 60)}
    return sorted(months.union(map(keys.ordered, present)))


def forget() -> None:
    """Drops what this container knows; tests that change tables call it."""
    with _lock:
        _written.clear()
        _read.clear()
