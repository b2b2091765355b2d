"""Asking the audit: of a record, of a person, of a production, or all of it; newest first, page by page.

Managers see what is of their productions, as in the journal; everything else, people's own data above all, is for
administrators.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, groupby, islice
from typing import Any, Final, NamedTuple

from chalicelib.access import checks, events
from chalicelib.access.caller import Caller
from chalicelib.domain.audit import items
from chalicelib.domain.audit.entries import AuditEntry
from chalicelib.domain.crud.pagination import whole_number
from chalicelib.domain.journal.feed import moment_asked
from chalicelib.errors import Invalid
from chalicelib.records.production import PROJECT
from chalicelib.records.registry import KINDS
from chalicelib.store import keys, reads, reference
from chalicelib.store.wire import Row

_USUAL: Final = 100
_MOST: Final = 1000
# A page that few entries pass the filters of ends after so many, and says where to go on.
_MOST_READ: Final = 2000
_AT_ONCE: Final = 100
_LEAST_PAGE: Final = 20
_FIRST: Final = "0000"
_LAST: Final = "9999"
# What people keep for themselves: filters, subscriptions.
_PERSONAL: Final = frozenset(kind.name for kind in KINDS.values() if events.is_of_a_person(kind))
_CURSOR: Final = re.compile(r"[0-9T:.\-]*#?[0-9T:.\-]*#\d{40}")


class Read(NamedTuple):
    """An entry, and where it stands in the order of its list; None where it is there no more."""

    position: str
    entry: AuditEntry | None


@dataclass(frozen=True)
class Asked:
    """What is asked for; positions and moments are in the order of stored ones."""

    record_id: str | None
    person_id: str | None
    project_id: str | None
    table: str | None
    after: str
    before: str
    cursor: str | None
    limit: int

    def holds(self, entry: AuditEntry) -> bool:
        """Whether an entry is one of these."""
        return (
            self.record_id in (None, entry.record_id)
            and self.person_id in (None, entry.person_id)
            and self.project_id in (None, entry.project_id)
            and (self.table is None or KINDS[self.table].name == entry.kind)
            and self.after < entry.created_at < self.before
        )


def of(caller: Caller, query: Mapping[str, str]) -> dict[str, Any]:
    """A page of the audit, newest first: `{data, limit, next_cursor}`; `next_cursor` is null at its end.

    query: `record_id`, `person_id`, `project_id`, `kind` (a table: `task`), `before`, `after` (a day or a moment,
    neither included), `limit` (100), `cursor`. Raises Invalid for a malformed one.
    """
    asked = _asked(query)
    may_know = _known_to(caller)
    found: list[AuditEntry] = []
    last, more = "", False
    # One more than asked for tells whether there is more.
    for number, (position, entry) in enumerate(_entries(caller, asked)):
        fits = entry is not None and asked.holds(entry) and may_know(entry)
        if number >= _MOST_READ or (fits and len(found) >= asked.limit):
            more = True
            break
        last = position
        found += [entry] if fits and entry is not None else []
    return {"data": found, "limit": asked.limit, "next_cursor": last if more else None}


def _entries(caller: Caller, asked: Asked) -> Iterator[Read]:
    if asked.record_id is not None:
        return _of_record(asked.record_id, asked.cursor)
    span = asked.after, min(asked.before, asked.cursor or _LAST)
    if asked.person_id is not None:
        return _led_to(_of_person(asked.person_id, span, asked.limit))
    return _led_to(_of_homes(_homes(caller, asked.project_id), span, asked.limit))


def _of_record(record_id: str, cursor: str | None) -> Iterator[Read]:
    condition = ("<", cursor) if cursor else None
    for page in reads.pages(keys.audit_of(record_id), condition=condition, descending=True, limit=_AT_ONCE):
        yield from (Read(row.sk.S, items.entry_in(row)) for row in page)


def _led_to(leading: Iterator[Row]) -> Iterator[Read]:
    """The entries that items lead to, in their order, a hundred a read."""
    while part := list(islice(leading, _AT_ONCE)):
        found = reads.items([items.place_led_to(row) for row in part])
        for row in part:
            there = found.get(items.place_led_to(row))
            yield Read(row.sk.S, items.entry_in(there) if there is not None else None)


def _of_person(person_id: str, span: tuple[str, str], limit: int) -> Iterator[Row]:
    for month in [row.sk.S for page in reads.pages(keys.audit_months(person_id), descending=True) for row in page]:
        if span[0][:7] <= month <= span[1][:7]:
            yield from chain.from_iterable(_pages(person_id, month, span, min(limit + 1, _AT_ONCE)))


def _of_homes(homes: frozenset[str] | None, span: tuple[str, str], limit: int) -> Iterator[Row]:
    """What leads to the entries of these homes (None: all), from the newest month down, merged by their moments."""
    listed = [
        row.sk.S.split("#") for page in reads.pages(keys.audit_months(items.HOMES), descending=True) for row in page
    ]
    for month, places in groupby(listed, key=lambda place: place[0]):
        wanted = [home for _, home in places if homes is None or home in homes]
        if not span[0][:7] <= month <= span[1][:7] or not wanted:
            continue
        # Of many homes few hold the newest entries, so little is read of each at first.
        page = min(_AT_ONCE, max(_LEAST_PAGE, 2 * limit // len(wanted)))
        yield from reads.merged([_pages(home, month, span, page) for home in wanted], lambda row: row.sk.S)


def _pages(subject: str, month: str, span: tuple[str, str], page: int) -> Iterator[Sequence[Row]]:
    after, before = span
    condition = ("..", after, before)
    for rows in reads.pages(keys.audit_in(subject, month), condition=condition, descending=True, limit=page):
        # The cursor itself was answered before, and a moment is not included.
        yield [row for row in rows if not (row.sk.S.startswith(before) or items.is_over(row))]


def _homes(caller: Caller, project_id: str | None) -> frozenset[str] | None:
    if project_id is not None:
        project = reference.find(PROJECT, project_id)
        if project is not None:
            checks.see_project(caller, project)
        # What was done in a production that is gone is known to administrators still.
        return frozenset({keys.home_of_owner(project_id)}) if project is not None or caller.is_admin else frozenset()
    if caller.is_admin:
        return None
    return frozenset(map(keys.home_of_owner, _projects(caller)))


def _projects(caller: Caller) -> set[str]:
    return {project.id for project in checks.projects_of(caller, open_only=False)}


def _known_to(caller: Caller) -> Callable[[AuditEntry], bool]:
    if caller.is_admin:
        return lambda _: True
    mine = _projects(caller)
    return lambda entry: entry.project_id in mine and (entry.person_id == caller.id or entry.kind not in _PERSONAL)


def _asked(query: Mapping[str, str]) -> Asked:
    limit = whole_number(query, "limit", _USUAL)
    if not 1 <= limit <= _MOST:
        raise Invalid("limit is out of range.", "limit", f"a number from 1 to {_MOST}")
    cursor = query.get("cursor") or None
    if cursor is not None and not _CURSOR.fullmatch(cursor):
        raise Invalid("There is no such place.", "cursor", "what next_cursor said")
    table = query.get("kind") or None
    if table is not None and (table not in KINDS or not KINDS[table].audited):
        raise Invalid(f"The audit tells of no {table}.", "kind", "a table: task, comment, entity")
    return Asked(
        _id(query, "record_id"),
        _id(query, "person_id"),
        _id(query, "project_id"),
        table,
        moment_asked(query, "after", _FIRST),
        moment_asked(query, "before", _LAST),
        cursor,
        limit,
    )


def _id(query: Mapping[str, str], name: str) -> str | None:
    value = query.get(name) or None
    if value is not None and not keys.is_id(value):
        raise Invalid(f"{name} is not an id.", name, "an id")
    return value and value.lower()
