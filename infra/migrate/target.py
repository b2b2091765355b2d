"""The studio here that records of another one are written to: what is there is compared, and only what differs written.

No events are written: nobody is told by mail of what happened elsewhere, and the journal begins here. What is written
over and over is the same, so a run may end anywhere and begin again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from chalicelib.records.entities import ENTITY_TYPE
from chalicelib.records.fields import STUDIO, Kind
from chalicelib.records.people import DEPARTMENT, ORGANISATION, PERSON
from chalicelib.records.production import PROJECT, PROJECT_STATUS, TASK_STATUS, TASK_TYPE
from chalicelib.records.record import Record
from chalicelib.store import bulk_writing, reads, reference
from chalicelib.store.changes import Changes, write
from chalicelib.store.record_items import guards
from infra.migrate.rows import OF_HERE, Row, is_newer_here, is_same, record_of, strange
from infra.migrate.source import SourceProblem

_BATCH: Final = 400
# What a new studio is filled with makes room for what the other one has in its place.
_DEFAULT_DATA: Final = (TASK_TYPE, TASK_STATUS, ENTITY_TYPE, DEPARTMENT, PROJECT_STATUS, ORGANISATION)


@dataclass
class Tally:
    """What became of a list: how many rows there were over there, how many records are here now, what differs."""

    there: int = 0
    here: int = 0
    written: int = 0
    differs: list[str] = field(default_factory=list)
    # Lists that the other server does not have.
    missing: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Counts another list of the same kind in."""
        self.there += other.there
        self.here += other.here
        self.written += other.written
        self.differs += other.differs
        self.missing += [one for one in other.missing if one not in self.missing]


class Collection:
    """The records of a kind in a home, as they are here; those that rows tell are written beside or over them."""

    def __init__(self, kind: Kind, home: str, of_project: str | None = None) -> None:
        """of_project: of what lives in the studio, those of this production alone."""
        self.kind = kind
        self.home = home
        self._of_project = of_project
        self.records: dict[str, Record] = {record.id: record for record in self._here()}
        self.tally = Tally()
        self._seen: set[str] = set()
        self._written: set[str] = set()
        self._pending: dict[str, tuple[Record | None, Record]] = {}
        self._strange: set[str] = set()

    def lack(self, path: str) -> Tally:
        """Tells that the other server has no such list: what is here stays, and nothing is compared."""
        self.tally.here = len(self.records)
        self.tally.missing.append(path)
        return self.tally

    def take(self, row: Row, **more: Any) -> Record:
        """Takes a row in; gives the record that it is here. `more`: fields that the row does not tell."""
        self._count(row["id"])
        for name in strange(self.kind, row) - self._strange:
            self._strange.add(name)
            self.tally.differs.append(f"{self.kind.name} {row['id']}: {name} is of another sort there, and left out")
        old = self.records.get(row["id"])
        made = record_of(self.kind, row, self.home, old, **more)
        if old is None or not is_same(made, old):
            if old is not None and is_newer_here(old, row):
                if not is_same({**made, "updated_at": old["updated_at"]}, old):
                    self.tally.differs.append(f"{self.kind.name} {old.id}: changed here since, and left as it is")
                return old
            self.put(made)
        return self.records[made.id]

    def put(self, record: Record) -> None:
        """Writes a record over the one that is here, with others later on."""
        old, _ = self._pending.get(record.id, (self.records.get(record.id), None))
        self._pending[record.id] = (old, record)
        self.records[record.id] = record
        if len(self._pending) >= _BATCH:
            self.flush()

    def flush(self) -> None:
        """Writes what waits."""
        bulk_writing.write_records(list(self._pending.values()))
        self._written |= self._pending.keys()
        self._pending.clear()

    def finish(self, here_alone: bool = True) -> Tally:
        """Writes what waits and tells what became of all: what is here is read once more.

        here_alone: whether what is here and not there counts; else it is of something that is not moved.
        """
        self.flush()
        here = {record.id for record in self._here()}
        here = here if here_alone else here & self._seen
        self.tally.here += len(here)
        self.tally.written += len(self._written)
        name = self.kind.name
        self.tally.differs += [f"{name} {one}: not here" for one in sorted(self._seen - here)]
        self.tally.differs += [f"{name} {one}: here alone" for one in sorted(here - self._seen)]
        return self.tally

    def _here(self) -> list[Record]:
        found = reads.query(self.kind, self.home)
        return found if self._of_project is None else [one for one in found if one["project_id"] == self._of_project]

    def _count(self, record_id: str) -> None:
        if record_id not in self._seen:
            self._seen.add(record_id)
            self.tally.there += 1


class Conflict(SourceProblem):
    """Something of this studio stands where a record of the other one has to go."""


def make_room(kind: Kind, rows: Sequence[Row]) -> None:
    """Sees to it that nothing else here holds a unique value of these rows.

    In a studio without productions its default data goes, and whoever has the address of somebody of the other studio
    becomes that one, who signs in as before. Elsewhere a Conflict is raised.
    """
    in_the_way = _in_the_way(kind, rows)
    unused = not reference.every(PROJECT) and (kind in _DEFAULT_DATA or kind is PERSON)
    if in_the_way and not unused:
        told = ", ".join(sorted(f"{one.id} ({one.get('name') or one.get('email')})" for one, _ in in_the_way))
        raise Conflict(f"This studio has its own {kind.name} of the same name: {told}. Move into an empty studio.")
    if kind is PERSON:
        # Without the address, which is taken until the other one is gone; the row brings it back.
        adopted = [record_of(kind, row, STUDIO, None, **_sign_in(old), email=None) for old, row in in_the_way]
        bulk_writing.write_records([(None, one) for one in adopted])
    going = [old for old, _ in in_the_way]
    if unused and kind is not PERSON:
        there = {row["id"] for row in rows}
        going = [one for one in reads.query(kind, STUDIO) if one.id not in there]
    for record in going:
        write(partial(Changes.delete, record=record))


def _in_the_way(kind: Kind, rows: Sequence[Row]) -> list[tuple[Record, Row]]:
    """The records here that hold a unique value of a row, and are in no row themselves, each with that row."""
    wanted = {key: row for row in rows for key in guards(STUDIO, record_of(kind, row, STUDIO, None))}
    held = {key: row.at.S for key, row in reads.items(list(wanted)).items() if row.at}
    rows_of = {holder: wanted[key] for key, holder in held.items()}
    there = {row["id"] for row in rows}
    return [(one, rows_of[one.id]) for one in reads.get_many(kind, rows_of.keys() - there)]


def _sign_in(person: Record) -> Row:
    """What somebody signs in with: what no list of the other studio tells."""
    names = {*PERSON.private, *OF_HERE[PERSON.table]} - {"jti"}
    return {name: person[name] for name in names if not PERSON.by_name[name].computed}
