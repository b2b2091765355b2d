"""The indexes that a container holds: one of the assets and one of the shots of a production, one of the people.

Each is made of held records. These are replaced when one changes, so a glance at each tells which documents are new.
"""

import threading
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping
from typing import Final, NamedTuple

from chalicelib.domain.entities.boards import collector_paused
from chalicelib.domain.entities.kinds import ASSET, SHOT
from chalicelib.domain.search import documents
from chalicelib.domain.search.documents import Document
from chalicelib.domain.search.index import Index
from chalicelib.records.entities import ENTITY_TYPE
from chalicelib.records.people import PERSON
from chalicelib.records.record import Record
from chalicelib.store import reference

# A document and its place in an index take about as much memory as the held record that it is made of.
_MOST_DOCUMENTS: Final = 100_000
Records = Mapping[str, Record]


class Indexes(NamedTuple):
    """The indexes of a production."""

    assets: Index
    shots: Index


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
                same_types = types == self._types
                assets = _assets(records.values(), types, self._indexes.assets if same_types else None)
                shots = _shots(records, self._indexes.shots)
                self._indexes = Indexes(assets, shots)
                self._records, self._types = records, types
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


def _assets(records: Iterable[Record], types: Mapping[str, str], before: Index | None) -> Index:
    known = _known(before) if before is not None else {}
    return Index(
        _same(known.get(one.id), one, ()) or documents.of_asset(one, types.get(one["entity_type_id"], ""))
        for one in _of_types(records, ASSET.type_ids())
    )


def _shots(records: Records, before: Index) -> Index:
    known, made = _known(before), []
    for shot in _of_types(records.values(), SHOT.type_ids()):
        above = _above(records, shot)
        made.append(_same(known.get(shot.id), shot, above) or documents.of_shot(shot, *above))
    return Index(made)


def _of_types(records: Iterable[Record], type_ids: frozenset[str]) -> list[Record]:
    """What is of these types and not cancelled: to who removed it, that is gone."""
    return [one for one in records if one["entity_type_id"] in type_ids and not one["canceled"]]


def _above(records: Records, shot: Record) -> tuple[Record | None, Record | None]:
    sequence = records.get(shot["parent_id"] or "")
    return sequence, records.get(sequence["parent_id"] or "") if sequence else None


def _known(index: Index) -> dict[str, Document]:
    return {one.record.id: one for one in index.documents}


def _same(known: Document | None, record: Record, above: tuple[Record | None, ...]) -> Document | None:
    """The document of before, where the record and what it is in are the very same."""
    if known is None or known.record is not record:
        return None
    is_same = all(one is other for one, other in zip(known.above, above, strict=True))
    return known if is_same else None
