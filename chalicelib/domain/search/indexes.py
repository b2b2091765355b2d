"""The indexes that a container holds: one of the assets and one of the shots of a production, one of the people.

Each is made of held records. These are replaced when one changes, so a glance at each tells which documents are new.
"""

import threading
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping
from itertools import chain
from operator import is_not
from typing import Final, NamedTuple

from chalicelib.domain.entities.boards import collector_paused
from chalicelib.domain.entities.kinds import ASSET, SHOT
from chalicelib.domain.search import documents
from chalicelib.domain.search.index import Index
from chalicelib.records.entities import ENTITY_TYPE
from chalicelib.records.people import PERSON
from chalicelib.records.record import Record
from chalicelib.store import reference
from chalicelib.store.large_partitions import Streamed

# A document and its place in an index take about as much memory as the held record that it is made of.
_MOST_DOCUMENTS: Final = 100_000
Records = Mapping[str, Record]


class Indexes(NamedTuple):
    """The indexes of a production."""

    assets: Index
    shots: Index


class _Change(NamedTuple):
    """What differs between records and those of before.

    `gone` are the ids of what is there no more as it was, `added` what is there now instead, and new; `of_others` tells
    whether sequences, episodes and the like are among them.
    """

    gone: frozenset[str]
    added: list[Record]
    of_others: bool

    @classmethod
    def between(cls, before: Records, records: Records) -> "_Change":
        """The change from the records of before."""
        added = [one for one_id, one in records.items() if before.get(one_id) is not one]
        gone = (before.keys() - records.keys()).union(one.id for one in added)
        types = ASSET.type_ids() | SHOT.type_ids()
        looked_at = chain(added, (before[one] for one in gone if one in before))
        return cls(frozenset(gone), added, any(one["entity_type_id"] not in types for one in looked_at))


class _Kept:
    """The indexes of a production, and what they were made of."""

    def __init__(self) -> None:
        self._records: Records = {}
        self._types: Mapping[str, str] = {}
        self._indexes = Indexes(Index(()), Index(()))
        self._lock = threading.Lock()

    @property
    def size(self) -> int:
        """How many documents it holds."""
        return sum(len(index.documents) for index in self._indexes)

    def refreshed(self, records: Records, types: Mapping[str, str]) -> Indexes:
        """The indexes of these entities; documents of what is the same as before are taken over."""
        with self._lock:
            if records is not self._records or types != self._types:
                change = _Change.between(self._records, records)
                shots = _shots(records, self._indexes.shots, change)
                if types != self._types:
                    assets = _assets(types, Index(()), _Change.between({}, records))
                else:
                    assets = _assets(types, self._indexes.assets, change)
                self._indexes = Indexes(assets, shots)
                # What is not held can be compared with nothing: each look at it would be a read.
                self._records, self._types = {} if isinstance(records, Streamed) else records, types
            return self._indexes


class _People:
    """The index of the people, and who it was made of."""

    def __init__(self) -> None:
        self._made: tuple[Records, Index] = {}, Index(())

    def refreshed(self, people: Records) -> Index:
        """The index of those of them who are active; bots are nobody to look for."""
        made = self._made
        if made[0] is not people:
            active = (one for one in people.values() if one["active"] and not one["is_bot"])
            made = self._made = people, Index(documents.of_person(one) for one in active)
        return made[1]


_people: Final = _People()
_kept: OrderedDict[str, _Kept] = OrderedDict()
_lock = threading.Lock()


def of_production(project_id: str, records: Records) -> Indexes:
    """The indexes of the entities of a production, as they are now."""
    with _lock:
        kept = _kept.setdefault(project_id, _Kept())
        _kept.move_to_end(project_id)
    with collector_paused():
        indexes = kept.refreshed(records, type_names())
    with _lock:
        while len(_kept) > 1 and sum(one.size for one in _kept.values()) > _MOST_DOCUMENTS:
            _kept.popitem(last=False)
    return indexes


def of_some(records: Records, entity_ids: Collection[str], hidden: Mapping[str, frozenset[str]]) -> Indexes:
    """Indexes of some entities of a production, held by nobody.

    hidden: keys of metadata that are not searched, by the name of the kind.
    """
    types, some = type_names(), [records[one] for one in entity_ids if one in records]
    assets = [
        documents.of_asset(one, types.get(one["entity_type_id"], ""), hidden[ASSET.name])
        for one in _of_types(some, ASSET.type_ids())
    ]
    shots = [
        documents.of_shot(one, *_above(records, one), hidden[SHOT.name]) for one in _of_types(some, SHOT.type_ids())
    ]
    return Indexes(Index(assets), Index(shots))


def of_people() -> Index:
    """The index of the people who are active."""
    return _people.refreshed(reference.every(PERSON))


def type_names() -> dict[str, str]:
    """The names of the entity types, by id."""
    return {one.id: one["name"] for one in reference.every(ENTITY_TYPE).values()}


def _assets(types: Mapping[str, str], known: Index, change: _Change) -> Index:
    """The assets after a change; known: the index of before."""
    kept = [one for one in known.documents if one.id not in change.gone]
    added = _of_types(change.added, ASSET.type_ids())
    return Index([*kept, *(documents.of_asset(one, types.get(one["entity_type_id"], "")) for one in added)])


def _shots(records: Records, known: Index, change: _Change) -> Index:
    """The shots after a change; known: the index of before. Those in another sequence or episode are made anew."""
    kept = [one for one in known.documents if one.id not in change.gone]
    added = _of_types(change.added, SHOT.type_ids())
    if change.of_others:
        moved = {one.id for one in kept if any(map(is_not, one.above, _above(records, one.record)))}
        added += [one.record for one in kept if one.id in moved]
        kept = [one for one in kept if one.id not in moved]
    return Index([*kept, *(documents.of_shot(one, *_above(records, one)) for one in added)])


def _of_types(records: Iterable[Record], type_ids: frozenset[str]) -> list[Record]:
    """What is of these types and not cancelled: to who removed it, that is gone."""
    return [one for one in records if one["entity_type_id"] in type_ids and not one["canceled"]]


def _above(records: Records, shot: Record) -> tuple[Record | None, Record | None]:
    sequence = records.get(shot["parent_id"] or "")
    return sequence, records.get(sequence["parent_id"] or "") if sequence else None
