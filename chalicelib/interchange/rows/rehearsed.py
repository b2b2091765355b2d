"""Dry runs of imports of records: the import runs as ever, as a rehearsal, and tells what becomes of each entry.

An import asks `current()` whether somebody wants to know, and notes each entry that it is through with.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from chalicelib.errors import VulpesError
from chalicelib.interchange.rows.kept import is_kept
from chalicelib.interchange.rows.planned import Action, Planned, refused
from chalicelib.records.record import Record
from chalicelib.store import rehearsal
from chalicelib.store.rehearsal import Rehearsal

# What an entry is called by, whichever of these it has first.
_NAMES: Final = ("name", "code", "cached_display_name", "full_name", "email", "id")
# What moves with each write.
_STAMPS: Final = ("updated_at",)
_LEFT_OUT: Final = "It lacks something that is needed, or names what is not here."
_LINKED: Final = "entity_in_id"


class Report:
    """What becomes of the entries of an import, by their places in its list."""

    def __init__(self, type_name: str, tried: Rehearsal) -> None:
        self._type_name = type_name
        self._tried = tried
        self._rows: dict[int, Planned] = {}
        self._records: dict[int, str] = {}

    def begin(self) -> None:
        """The next entries begin: what follows becomes of these."""
        self._tried.steps.clear()

    def skip(self, position: int, entry: Mapping[str, Any], why: str = "") -> None:
        """An entry that is left out, and why."""
        self._note(position, entry, "skip", why or _LEFT_OUT)

    def refuse(self, position: int, entry: Mapping[str, Any], problem: VulpesError) -> None:
        """An entry that is wrong; what is said of its place in the list goes, the row tells it."""
        row = refused(position + 1, self._type_name, _name_of(entry), problem)
        place = f"[{position}]"
        row.message = row.message.replace(f"{place}.", "").replace(place, "The entry")
        row.column = row.column.removeprefix(place).removeprefix(".") or None if row.column else None
        self._rows[position] = row

    def take(self, position: int, entry: Mapping[str, Any], record: Record) -> None:
        """An entry that became a record since `begin`, or left it as it is."""
        old, new = self._tried.steps.get(record.id, (record, record))
        action: Action = "update" if old is not None and new is not None and _differs(old, new) else "unchanged"
        if old is None:
            # Of two entries that become one record the second changes what the first makes.
            action = "update" if record.id in self._records.values() else "create"
        self._note(position, entry, action)
        self._records[position] = record.id

    def _note(self, position: int, entry: Mapping[str, Any], action: Action, message: str = "") -> None:
        self._rows[position] = Planned(position + 1, action, self._type_name, _name_of(entry), message)

    def shown(self) -> list[dict[str, Any]]:
        """One object an entry, as dry runs of files show rows."""
        changed = self._tried.changed_ends(_LINKED)
        for position, record_id in self._records.items():
            row = self._rows[position]
            if row.action == "unchanged" and record_id in changed:
                row.action, row.message = "update", "What it casts changes."
        return [self._rows[position].shown() for position in sorted(self._rows)]


def _name_of(entry: Mapping[str, Any]) -> str:
    return next((str(entry[name]) for name in _NAMES if entry.get(name) not in (None, "")), "")


def _differs(old: Record, new: Record) -> bool:
    return not all(is_kept(old, name, value) for name, value in new.items() if name not in _STAMPS)


_current: ContextVar[Report | None] = ContextVar("report", default=None)


def current() -> Report | None:
    """Who wants to know what becomes of entries; None where an import is in earnest."""
    return _current.get()


def rows_of(type_name: str, import_entries: Callable[[Report], object]) -> list[dict[str, Any]]:
    """What would become of each entry; nothing is written. Raises Invalid for what is no list of entries.

    type_name: what the rows are about, `Shot`. import_entries: notes each entry that it is through with.
    """
    with rehearsal.opened() as tried, _reported(Report(type_name, tried)) as report:
        import_entries(report)
        return report.shown()


@contextmanager
def _reported(report: Report) -> Iterator[Report]:
    token = _current.set(report)
    try:
        yield report
    finally:
        _current.reset(token)
