"""Records by the ids they have in ShotGrid, as a request finds them and leaves them.

A few are looked for one by one in the index of these ids; for many the partition is held, as boards hold it.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Final

from chalicelib.domain.dependents.places import all_productions
from chalicelib.domain.workflow.entity_types import kind_name
from chalicelib.records.entities import ENTITY
from chalicelib.records.fields import Index, Kind
from chalicelib.records.record import Record
from chalicelib.store import keys, partitions, reads, reference

# Of ids of assets and of shots some are equal: their kind tells them apart.
Key = tuple[str, int]
_FEW: Final = 8


def key_of(record: Record) -> Key:
    """What a record is found by."""
    word = kind_name(record["entity_type_id"]) if record.kind is ENTITY else ""
    return word, record["shotgun_id"]


def older(record: Record, other: Record | None) -> Record:
    """Of two records that have the same id in ShotGrid, the one that had it first."""
    if other is None or (record["created_at"], record.id) < (other["created_at"], other.id):
        return record
    return other


class Known:
    """The records of a kind in a home that a request asks for, by their ids in ShotGrid.

    numbers: the ids that it will ask for. `look` is called before anything is asked, and again when somebody else
    may have written.
    """

    def __init__(self, kind: Kind, home: str, numbers: Iterable[int | None]) -> None:
        self._kind = kind
        self._home = home
        self._numbers = {number for number in numbers if number is not None}
        self._found: dict[Key, Record] = {}
        self._noted: dict[str, Record] = {}
        # By an index and what it is asked for, the records that hold it: all of the partition, or those noted.
        self._buckets: dict[tuple[str, ...], dict[str, Record]] = {}
        self._whole = False

    def look(self) -> None:
        """Finds what is there now: of a few a query each, else the partition."""
        self._found, self._noted, self._buckets = {}, {}, {}
        self._whole = not self._kind.reference and is_held_for(self._kind, self._home, self._numbers)
        if self._whole:
            for record in partitions.held(self._kind, self._home).records.values():
                self._sort_in(record)
        for record in in_home(self._kind, self._home, self._numbers):
            key = key_of(record)
            self._found[key] = older(record, self._found.get(key))

    def find(self, number: int | None, word: str = "") -> Record | None:
        """The record that has an id in ShotGrid; of entities those of the kind `word`."""
        return None if number is None else self._found.get((word, number))

    def where(self, field: str, values: Sequence[str]) -> list[Record]:
        """The records that an index leads to, as this request has left them (a query where the partition is not held).

        field: the one that the index begins with. values: of its fields, in their order.
        """
        index = self._kind.sorted_by(field)
        found = dict(self._buckets.get((field, *values), {}))
        if not self._whole:
            asked = keys.index_value(dict(zip(index.fields, values, strict=True)), index.fields)
            stored = reads.query(self._kind, self._home, field, ("=", asked)) if asked else []
            found = {one.id: one for one in stored} | found
        now = (self._noted.get(one.id, one) for one in found.values())
        return [one for one in now if _held_at(index, one) == (field, *values)]

    def note(self, record: Record) -> None:
        """Takes in what this request has written."""
        self._found[key_of(record)] = record
        self._noted[record.id] = record
        self._sort_in(record)

    def _sort_in(self, record: Record) -> None:
        for index in self._kind.indexes:
            self._buckets.setdefault(_held_at(index, record), {})[record.id] = record


def _held_at(index: Index, record: Record) -> tuple[str, ...]:
    return (index.fields[0], *(record[name] for name in index.fields))


def is_held_for(kind: Kind, home: str, numbers: Collection[int]) -> bool:
    """Whether the partition is held for so many ids, rather than asked for each."""
    return partitions.is_held(kind, home) or len(numbers) > _FEW


def in_home(kind: Kind, home: str, numbers: Collection[int]) -> Sequence[Record]:
    """The records of a kind in a home that have one of these ids in ShotGrid."""
    if kind.reference:
        return _among(reference.every(kind).values(), numbers)
    if is_held_for(kind, home, numbers):
        return _among(partitions.held(kind, home).records.values(), numbers)
    return _asked_for(kind, home, numbers)


def _asked_for(kind: Kind, home: str, numbers: Collection[int]) -> list[Record]:
    """The same by the index of these ids, a query each, side by side."""
    looks = [partial(reads.query, kind, home, "shotgun_id", ("=", str(number))) for number in numbers]
    return [record for part in reads.parallel(looks) for record in part]


def anywhere(kind: Kind, numbers: Collection[int]) -> list[Record]:
    """The same in all productions: one look a production, side by side."""
    looks: list[Callable[[], Any]] = [partial(in_home, kind, home, numbers) for home in all_productions()]
    return [record for part in reads.parallel(looks) for record in part]


def with_id(kind: Kind, number: int | None) -> Record | None:
    """The record of the reference data that has an id in ShotGrid."""
    return _by_number(kind).get(number) if number is not None else None


# By kind, the records as they are held, and what was made of them: they are replaced where one of them changes.
_numbered: dict[Kind, tuple[Mapping[str, Record], dict[int, Record]]] = {}


def _by_number(kind: Kind) -> dict[int, Record]:
    every = reference.every(kind)
    made = _numbered.get(kind)
    if made is None or made[0] is not every:
        found: dict[int, Record] = {}
        for record in every.values():
            if (number := record["shotgun_id"]) is not None:
                found[number] = older(record, found.get(number))
        made = _numbered[kind] = (every, found)
    return made[1]


def _among(records: Iterable[Record], numbers: Collection[int]) -> list[Record]:
    return [record for record in records if record["shotgun_id"] in numbers]
