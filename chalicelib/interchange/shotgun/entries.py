"""Entries of ShotGrid: what stands in them, and how one is refused (docs/contract/interchange.md section 5).

All entries of a request are read before any is written: what is of the wrong sort refuses the request by its place in
the list and its key, `[3].project.id`, and nothing is written.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeVar

from chalicelib.errors import Invalid
from chalicelib.interchange.rows import rehearsed
from chalicelib.interchange.rows.rehearsed import Report
from chalicelib.records.fields import Field, integer
from chalicelib.records.validation import value_of

T = TypeVar("T")
_NUMBER: Final = integer("id")


class Entry:
    """One entry of a request; `position` is its place in the list."""

    def __init__(self, position: int, given: Mapping[str, Any]) -> None:
        self.position = position
        self.given = given
        self.is_object = True
        self.lacking: list[str] = []

    @property
    def number(self) -> int | None:
        """The id that the entry has in ShotGrid."""
        return self.number_at("id")

    def has(self, *keys: str) -> bool:
        """Whether these keys are there, be they null."""
        return all(key in self.given for key in keys)

    def has_needed(self, *keys: str) -> bool:
        """The same of keys without which nothing comes of an entry; a dry run tells those that are missing."""
        self.lacking = [key for key in keys if key not in self.given]
        return not self.lacking

    def require_object(self) -> None:
        """Raises Invalid for an entry that was none."""
        if not self.is_object:
            raise self.wrong("", "an object")

    def at(self, path: str) -> Any:
        """What stands at a path, `project.id`; None where anything on the way is missing or null."""
        found: Any = self.given
        for depth, key in enumerate(path.split(".")):
            if found is None:
                return None
            if not isinstance(found, Mapping):
                raise self.wrong(".".join(path.split(".")[:depth]), "an object")
            found = found.get(key)
        return found

    def value(self, path: str, field: Field) -> Any:
        """What stands at a path, as a field of a record keeps it; None for null."""
        given = self.at(path)
        try:
            return None if given is None else value_of(field, given)
        except Invalid as problem:
            raise self.wrong(path, (problem.data or {}).get("expected") or "another value") from None

    def number_at(self, path: str) -> int | None:
        """The id of ShotGrid that stands at a path."""
        found: int | None = self.value(path, _NUMBER)
        return found

    def numbers_at(self, path: str) -> list[int]:
        """The ids of a list of references."""
        given = self.at(path)
        if given is None:
            return []
        if not isinstance(given, list):
            raise self.wrong(path, "a list of references")
        found = [Entry(self.position, {path: one}).number_at(f"{path}.id") for one in given]
        return list(dict.fromkeys(one for one in found if one is not None))

    def wrong(self, path: str, expected: str) -> Invalid:
        """The refusal of what stands at a path."""
        where = f"[{self.position}].{path}" if path else f"[{self.position}]"
        return Invalid(f"{where} is not {expected}.", where, expected)


def read(sent: Any, reader: Callable[[Entry], T | None]) -> list[T]:
    """What a request asks for, in its order; entries that miss something are left out.

    Raises Invalid for anything but a list of objects, and for a value of the wrong sort.
    """
    report = rehearsed.current()
    if report is None:
        return [one for entry in _entries(sent) if (one := reader(entry)) is not None]
    return [one for entry in _entries(sent) if (one := _read_for(report, entry, reader)) is not None]


def _read_for(report: Report, entry: Entry, reader: Callable[[Entry], T | None]) -> T | None:
    """The same of one entry in a dry run: on after a wrong one, and left out until something becomes of it."""
    try:
        entry.require_object()
        one = reader(entry)
        lacking = ", ".join(entry.lacking)
        report.skip(entry.position, entry.given, f"It lacks {lacking}." if lacking else "")
        return one
    except Invalid as problem:
        report.refuse(entry.position, entry.given, problem)
        return None


def _entries(sent: Any) -> Iterator[Entry]:
    if not isinstance(sent, list):
        raise Invalid("What is imported is no list of entries.", "body", "a list of entries of ShotGrid")
    for position, given in enumerate(sent):
        entry = Entry(position, given if isinstance(given, Mapping) else {})
        if not isinstance(given, Mapping):
            entry.is_object = False
            if rehearsed.current() is None:
                entry.require_object()
        yield entry
