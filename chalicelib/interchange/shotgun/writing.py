"""Writing what ShotGrid sent: several entries in one transaction, nothing where nothing changed.

Nothing in the database keeps two records of a kind from having the same id in ShotGrid, so imports of a kind into a
home take turns: whoever writes says so in its transaction, and who was overtaken looks again before it goes on.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final, Generic, NamedTuple, Protocol, TypeVar

from chalicelib.errors import Duplicate, Invalid
from chalicelib.interchange.rows import rehearsed
from chalicelib.interchange.rows.kept import is_kept
from chalicelib.interchange.rows.rehearsed import Report
from chalicelib.interchange.shotgun import time_limit
from chalicelib.interchange.shotgun.entries import Entry
from chalicelib.records.fields import Kind
from chalicelib.records.record import Record
from chalicelib.store import keys, reads
from chalicelib.store.changes import Changes, write

# Of the hundred items of a transaction; the rest is for the turn, and for what records newly name.
_ROOM: Final = 80
# A record, a guard that goes and one that comes.
_ITEMS_A_RECORD: Final = 3


class Wanted(Protocol):
    """What one entry asks for."""

    @property
    def entry(self) -> Entry:
        """Where it comes from."""


class Plan(NamedTuple):
    """What becomes of an entry: the record that is there, and the values it gets; None: a new one."""

    known: Record | None
    values: Mapping[str, Any]


W = TypeVar("W", bound=Wanted)


class Writer(Generic[W]):
    """Writes entries as records of a kind into a home.

    look: finds what is there (again). plan: what an entry becomes, or None where nothing does. note: takes in what was
    written. also: what else a transaction with new records writes. at_once: how many entries a transaction may have.
    """

    def __init__(
        self,
        kind: Kind,
        home: str,
        look: Callable[[], object],
        plan: Callable[[W], Plan | None],
        note: Callable[[Record], None],
        also: Callable[[Changes, Sequence[Record]], None] | None = None,
        at_once: int = 25,
    ) -> None:
        self._kind = kind
        self._look = look
        self._plan = plan
        self._note = note
        self._also = also
        self._at_once = at_once
        # Ids of records that were not there before.
        self.made: set[str] = set()
        self._turn = keys.claim(home, kind, "shotgun")
        # Who had the turn when this looked at what is there; None too where nobody had.
        self._seen: str | None = None
        self._has_looked = False

    def write(self, wanted: Sequence[W]) -> list[Record]:
        """Writes entries in their order; gives the records that they became, each once.

        Raises Invalid where the database refuses one, OutOfTime where there is no time for the rest; what was written
        before stays.
        """
        found: dict[str, Record] = {}
        rest = list(wanted)
        report, limit = rehearsed.current(), time_limit.current()
        while rest:
            done = self._write_some(rest, self._at_once) if report is None else self._rehearse_some(rest, report)
            found |= {record.id: record for record in done if record is not None}
            rest = rest[len(done) :]
            if limit is not None:
                limit.note(done)
                if rest:
                    limit.check()
        return list(found.values())

    def _write_some(self, wanted: Sequence[W], at_once: int) -> list[Record | None]:
        """Writes as many as fit one transaction; of one whose name is taken, those before it."""

        def command(changes: Changes) -> list[Record | None]:
            if not self._has_looked:
                self._seen = reads.claimant(self._turn)
                self._look()
            # A command that has to run again was overtaken, or what it read has changed.
            self._has_looked = False
            done = self._apply(changes, wanted[:at_once])
            seen = self._seen
            if changes.size:
                # Another one each time: who looked between two of these transactions is overtaken by the second.
                holder = secrets.token_hex(8)
                changes.claim(self._turn, holder, seen)
                seen = holder
            changes.afterwards(partial(self._note_turn, seen))
            return done

        try:
            return write(command)
        except Duplicate as problem:
            if at_once == 1:
                field = str((problem.data or {}).get("field") or "id")
                raise wanted[0].entry.wrong(field, "one that is not taken") from None
            return self._write_some(wanted, 1)

    def _rehearse_some(self, wanted: Sequence[W], report: Report) -> list[Record | None]:
        """The same in a dry run, which tells what becomes of each, and goes on after one that is refused."""
        report.begin()
        try:
            done = self._write_some(wanted, self._at_once)
        except Invalid:
            try:
                done = self._write_some(wanted, 1)
            except Invalid as problem:
                report.refuse(wanted[0].entry.position, wanted[0].entry.given, problem)
                return [None]
        for one, record in zip(wanted, done, strict=False):
            if record is not None:
                report.take(one.entry.position, one.entry.given, record)
        return done

    def _note_turn(self, seen: str | None) -> None:
        self._has_looked, self._seen = True, seen

    def _apply(self, changes: Changes, wanted: Sequence[W]) -> list[Record | None]:
        room = _ROOM
        done: list[Record | None] = []
        new: list[Record] = []
        for one in wanted:
            plan = self._plan(one)
            room -= _size(self._kind, plan)
            if done and room < 0:
                break
            done.append(self._store(changes, plan, new) if plan is not None else None)
        if self._also is not None and new:
            self._also(changes, new)
        return done

    def _store(self, changes: Changes, plan: Plan, new: list[Record]) -> Record:
        known = plan.known
        if known is None:
            record = changes.create(self._kind, dict(plan.values))
            self.made.add(record.id)
            new.append(record)
        else:
            changed = {name: value for name, value in plan.values.items() if not is_kept(known, name, value)}
            record = changes.update(known, **changed) if changed else known
        self._note(record)
        return record


def _size(kind: Kind, plan: Plan | None) -> int:
    """How many items the writing of an entry takes at most."""
    if plan is None:
        return 0
    sides = [plan.values, plan.known or {}]
    return _ITEMS_A_RECORD + sum(len(side.get(edge.field) or ()) for edge in kind.edges for side in sides)
