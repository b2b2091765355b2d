"""What entries of another Kitsu have in common: who may write them, what of them is kept, under which id.

An entry that the sender may not write is left out silently; a wrong one refuses the request, what was written before it
stays.
"""

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.domain.crud import references
from chalicelib.domain.dependents import moving
from chalicelib.errors import Forbidden, Invalid, NotFound
from chalicelib.interchange.rows.rehearsed import Report
from chalicelib.records import clock
from chalicelib.records.entities import ENTITY_LINK
from chalicelib.records.fields import Field, Kind, OnDelete, datetime
from chalicelib.records.files import PREVIEW_FILE
from chalicelib.records.people import PERSON
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record
from chalicelib.records.validation import creation_values, is_null, value_of
from chalicelib.store import chosen_ids, homes, keys, reads, reference
from chalicelib.store.changes import Changes, TooManyItems, write

Entry = Mapping[str, Any]
# A record, a pointer, a guard, an event, and the edges of some assignees each.
_ENTRIES_A_WRITE: Final = 12
_STAMPS: Final = ("created_at", "updated_at")
# What a record cannot do without: a null leaves these as they are.
_ESSENTIAL: Final = ("project_id", "project_status_id", "entity_id", "task_type_id", "task_status_id")
# Pictures come after the records that show them.
_PICTURES: Final = ("preview_file_id", "last_preview_file_id")


@dataclass(frozen=True)
class Taking:
    """How an entry is written: what the transaction holds, and what follows it.

    alone: whether it needs a transaction of its own.
    """

    command: Callable[[Changes], Record]
    follow_up: Callable[[Record], object] | None = None
    alone: bool = False


Prepare = Callable[[Caller, Entry], Taking]


class Run:
    """The import of a list of entries, as far as it got.

    sent: what came; Invalid where that is no such list. Some are prepared side by side and written in one transaction;
    where anything is in the way of that, each of them is taken by itself, in its turn.
    """

    def __init__(self, caller: Caller, sent: Any, prepare: Prepare) -> None:
        if not isinstance(sent, list) or not all(isinstance(entry, Mapping) for entry in sent):
            raise Invalid("What is imported is no list of records.", "body", "a list of records")
        self._caller = caller
        self._prepare = prepare
        self.left: list[Entry] = sent
        self.taken: list[Record] = []

    def go(self, seconds: float = math.inf) -> bool:
        """Takes entries for so long, some at least; whether all are through. Those that may not be are left out."""
        until = time.monotonic() + seconds
        for some in _apart(self.left):
            together = _taken_together(self._caller, some, self._prepare)
            if together is not None:
                self.taken += together
                self.left = self.left[len(some) :]
            else:
                self._go_one_by_one(some, until)
            if time.monotonic() > until:
                break
        return not self.left

    def _go_one_by_one(self, some: Sequence[Entry], until: float) -> None:
        for entry in some:
            with suppress(Forbidden, NotFound):
                taking = self._prepare(self._caller, entry)
                record = write(taking.command)
                if _is_followed_up(taking, record):
                    self.taken.append(record)
            self.left = self.left[1:]
            if time.monotonic() > until:
                break

    def rehearse(self, report: Report) -> None:
        """Tells what would become of each entry."""
        self.taken = list(_rehearsed(self._caller, self.left, self._prepare, report))


def _rehearsed(caller: Caller, sent: Sequence[Entry], prepare: Prepare, report: Report) -> Iterator[Record]:
    """The same in a dry run: on after a wrong one, and with the reason why one is left out."""
    position = 0
    for some in _apart(sent):
        report.begin()
        together = _taken_together(caller, some, prepare, at_all=True)
        if together is None:
            yield from _rehearsed_one_by_one(caller, some, prepare, report, position)
        else:
            for place, (entry, record) in enumerate(zip(some, together, strict=True), position):
                report.take(place, entry, record)
            yield from together
        position += len(some)


def _rehearsed_one_by_one(
    caller: Caller, some: Sequence[Entry], prepare: Prepare, report: Report, first: int
) -> Iterator[Record]:
    for position, entry in enumerate(some, first):
        report.begin()
        try:
            taking = prepare(caller, entry)
            record = write(taking.command)
            if taking.follow_up is not None:
                taking.follow_up(record)
        except (Forbidden, NotFound) as problem:
            report.skip(position, entry, problem.message)
        except Invalid as problem:
            report.refuse(position, entry, problem)
        else:
            report.take(position, entry, record)
            yield record


def _apart(sent: Sequence[Entry]) -> Iterator[list[Entry]]:
    """The entries in their order, some at a time, none of which has the id of another one."""
    some: list[Entry] = []
    ids: set[str] = set()
    for entry in sent:
        own = str(entry.get("id") or "").lower()
        if len(some) == _ENTRIES_A_WRITE or own in ids:
            yield some
            some, ids = [], set()
        some.append(entry)
        ids |= {own} - {""}
    if some:
        yield some


def _taken_together(
    caller: Caller, some: Sequence[Entry], prepare: Prepare, at_all: bool = False
) -> list[Record] | None:
    """The records of entries that are written in one transaction; None where they are not, and nothing is.

    at_all: all of them, or none.
    """
    if len(some) < 2:
        return None
    try:
        prepared = reads.parallel([partial(_prepared, caller, entry, prepare) for entry in some])
        takings = [taking for taking in prepared if taking is not None]
        if any(taking.alone for taking in takings) or (at_all and len(takings) < len(some)):
            return None
        records = write(lambda changes: [taking.command(changes) for taking in takings])
    except (Invalid, Forbidden, NotFound, TooManyItems):
        return None
    return [record for taking, record in zip(takings, records, strict=True) if _is_followed_up(taking, record)]


def _prepared(caller: Caller, entry: Entry, prepare: Prepare) -> Taking | None:
    try:
        return prepare(caller, entry)
    except (Forbidden, NotFound):
        return None


def _is_followed_up(taking: Taking, record: Record) -> bool:
    try:
        if taking.follow_up is not None:
            taking.follow_up(record)
    except (Forbidden, NotFound):
        return False
    return True


def project_of(caller: Caller, entry: Entry) -> Record:
    """The production of an entry, of which the sender is a manager."""
    project = reference.get(PROJECT, str(entry.get("project_id") or ""))
    checks.manage_project(caller, project)
    return project


def existing(caller: Caller, kind: Kind, entry: Entry, project: Record) -> Record | None:
    """The record that has the id of an entry already; from another production of the sender's it moves here."""
    record_id = id_of(entry)
    known = reads.find(kind, record_id) if record_id else None
    if known is not None and known["project_id"] != project.id:
        checks.manage_project(caller, checks.project_of(known))
    return known


def id_of(entry: Entry) -> str | None:
    """The id that an entry has, if it has one; Invalid for what is none."""
    given = entry.get("id")
    if given is not None and not keys.is_id(given):
        raise Invalid(f"{given!r} is not an id.", "id", "an id")
    return given.lower() if given else None


def values_of(kind: Kind, given: Entry, known: Record | None) -> dict[str, Any]:
    """The values of an entry that records of the kind keep; of a new one those that are required are there.

    Of one that is there a null empties what may be empty. An id of a picture or of who did something is dropped where
    this studio has no such record: people have other ids elsewhere, and scripts map the assignees alone.
    """
    told = {
        field.asked_as: None if is_null(field, given[field.asked_as]) else given[field.asked_as]
        for field in kind.fields
        if field.asked_as in given
        and not (field.derived or field.computed or field.internal or field.secret)
        and not _is_unknown(field, given[field.asked_as])
    }
    stamps = {name: value_of(datetime(name), told[name]) for name in _STAMPS if told.get(name) is not None}
    if known is None:
        values = creation_values(kind, told)
    else:
        named = {name: value for name, value in told.items() if name not in ("id", *_STAMPS)}
        values = {name: value_of(kind.by_name[name], value) for name, value in named.items() if value is not None}
        values |= {name: None for name, value in named.items() if value is None and _may_be_empty(kind.by_name[name])}
    return {**references.resolve(kind, values), **stamps}


def _is_unknown(field: Field, given: Any) -> bool:
    if field.name in _PICTURES:
        return reads.find(PREVIEW_FILE, str(given or "")) is None
    is_doer = field.relation == PERSON.table and field.on_delete is OnDelete.SET_NULL
    return is_doer and keys.is_id(given) and reference.find(PERSON, given) is None


def _may_be_empty(field: Field) -> bool:
    return field.nullable and field.default is None and field.name not in _ESSENTIAL


class Target:
    """What an entry is written over, or where it is new: looked for before its command, again where that begins anew.

    known: the record that has its id, or is found otherwise. Raises Invalid where something else has the id.
    """

    def __init__(self, kind: Kind, values: Mapping[str, Any], record_id: str | None, known: Record | None) -> None:
        self._kind = kind
        self._home = homes.of(kind, values)
        self._record_id = record_id
        self._known = known
        self._seen = known or self._holder(Changes())
        self._tried = False

    def store(self, changes: Changes, values: Mapping[str, Any]) -> Record:
        """Writes the values of an entry: over the record that is there, or as a new one of that id."""
        current = self._current(changes) if self._tried else self._seen
        self._tried = True
        if current is None:
            return changes.create(self._kind, dict(values), self._record_id)
        values = {"updated_at": clock.now(), **values}
        if values.get("project_id", current.get("project_id")) != current.get("project_id"):
            return moving.move(changes, current, **values)
        return changes.update(current, **values)

    def _current(self, changes: Changes) -> Record | None:
        return changes.read(self._kind, self._known.id) if self._known is not None else self._holder(changes)

    def _holder(self, changes: Changes) -> Record | None:
        """Somebody else may import the same: the command that begins again finds what it lost the race to."""
        if self._record_id is None:
            return None
        holder = chosen_ids.holder(changes, self._kind, self._home, self._record_id)
        # A link is known by its ends: another one that has the id is not this one.
        if holder is not None and self._kind is ENTITY_LINK:
            raise chosen_ids.taken(self._record_id)
        return holder


def verb(record: Record) -> str:
    """What an event says of a record that a command has written: whether it was stored before."""
    return "update" if record.version else "new"
