"""Finding the records that name others, the way each relation is declared: by a list, an edge, an index, a partition.

Where no way leads from an id to the records, the texts of a partition are searched: once for all ids and relations.
"""

import re
from collections.abc import Callable, Collection, Iterable, Sequence, Set
from functools import partial
from typing import Any, Final

from chalicelib.domain.dependents import places
from chalicelib.records.fields import KEEP, RECOUNT, Index, Kind
from chalicelib.records.record import Record
from chalicelib.records.relations import Relation, leading_to, of_kind
from chalicelib.store import homes, partitions, reads, reference, wire

Look = Callable[[], Iterable[Record]]
_UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
# So few ids are searched one by one.
_FEW: Final = 4


def relations_to(kind: Kind, reached_from: Kind | None = None) -> list[Relation]:
    """The relations by which records of a kind are named, and which matter when they go.

    reached_from: the kind with which they go along; what is found by that one as well is left out.
    """
    return [
        relation
        for relation in leading_to(kind.table)
        if relation.on_delete not in (KEEP, RECOUNT) and not _is_found_by(relation, reached_from)
    ]


def _is_found_by(relation: Relation, reached_from: Kind | None) -> bool:
    if reached_from is None:
        return False
    fields = relation.kind.by_name
    return any(fields[name].relation == reached_from.table for name in relation.found_by)


def naming(named: Sequence[Record], relations: Sequence[Relation]) -> list[Record]:
    """The records that name one of these, which are of one kind, by one of these relations; each once."""
    ids = frozenset(one.id for one in named)
    if any(relation.listed_in and places.lives_with_persons(relation.kind) for relation in relations):
        named = places.with_told(named)
    queries = [look for kind in places.kinds_of(relations) for look in _looks(kind, named, ids, relations)]
    found = {(one.kind, one.id): one for part in reads.parallel(queries) for one in part}
    return [one for one in found.values() if one.id not in ids or one.kind is not named[0].kind]


def of(record: Record, kind: Kind) -> list[Record]:
    """The records of a kind that name this one: the news of a comment, say."""
    return naming([record], [one for one in leading_to(record.kind.table) if one.kind is kind])


def _looks(kind: Kind, named: Sequence[Record], ids: Set[str], relations: Sequence[Relation]) -> list[Look]:
    own = [relation for relation in relations if relation.kind is kind]
    if kind.reference:
        return [partial(_in_reference, kind, ids, own)]
    led = [relation for relation in own if _is_led(relation, named)]
    searched = [relation for relation in own if relation not in led]
    if not searched:
        return [look for relation in own for look in _led(relation, named, ids)]
    # The search of the partitions finds what the indexes would, unless those lead further than home.
    further = [relation for relation in led if relation.across or relation.listed_in]
    where = {home for relation in searched for one in named for home in places.homes_of(relation, one)}
    queries: list[Look] = [partial(search, kind, home, ids, own) for home in sorted(where)]
    return [*queries, *(look for relation in further for look in _led(relation, named, ids))]


def _is_led(relation: Relation, named: Sequence[Record]) -> bool:
    in_list = bool(relation.listed_in) and not places.lives_with_persons(relation.kind)
    return in_list or relation.edge is not None or all(way_to(relation, one) is not None for one in named)


def _led(relation: Relation, named: Sequence[Record], ids: Set[str]) -> list[Look]:
    if relation.listed_in and not places.lives_with_persons(relation.kind):
        listed = [one for record in named for one in _ids(record.get(relation.listed_in))]
        return [partial(_listed, relation, listed, ids)] if listed else []
    if relation.edge is not None:
        return [partial(_by_edge, relation, one) for one in named]
    return [partial(by_index, relation, home, one) for one in named for home in places.homes_of(relation, one)]


def home_of(record: Record) -> str:
    """Where a record is stored."""
    return record.home or homes.of(record.kind, record)


def _listed(relation: Relation, listed: Sequence[str], ids: Set[str]) -> list[Record]:
    return [one for one in reads.get_many(relation.kind, listed) if relation.names_one(one, ids)]


def _ids(value: Any) -> Sequence[str]:
    return [value] if isinstance(value, str) else value or ()


def _by_edge(relation: Relation, named: Record) -> list[Record]:
    assert relation.edge is not None
    edges = reads.edges(relation.kind, relation.edge.field, named.id)
    return reads.get_many(relation.kind, (edge["id"] for edge in edges))


def way_to(relation: Relation, named: Record) -> tuple[Index, str] | None:
    """The index that leads to the records which name this one, and the id that it is asked for; None without any.

    It begins with the relation itself, or with one that they are `found_by` as well: the news of a comment stand among
    those of its task.
    """
    if relation.index is not None:
        return relation.index, named.id
    for other in of_kind(relation.kind):
        if other.path in relation.found_by and other.index is not None:
            for own in of_kind(named.kind):
                if own.table == other.table and (above := next(own.ids_in(named), None)):
                    return other.index, above
    return None


def by_index(relation: Relation, home: str, named: Record) -> list[Record]:
    """The records of a home that name this one, by the index that leads to them."""
    way = way_to(relation, named)
    assert way is not None
    found = reads.query(relation.kind, home, way[0].fields[0], condition(*way))
    return [one for one in found if relation.names_one(one, frozenset((named.id,)))]


def condition(index: Index, value: str) -> tuple[str, str]:
    """What an index is asked for that begins with an id."""
    return ("=", value) if len(index.fields) == 1 else ("^", f"{value}#")


def _in_reference(kind: Kind, ids: Set[str], relations: Sequence[Relation]) -> list[Record]:
    return [one for one in reference.every(kind).values() if names_any(one, ids, relations)]


def names_any(record: Record, ids: Set[str], relations: Iterable[Relation]) -> bool:
    """Whether a record holds one of these ids in one of these places."""
    return any(relation.names_one(record, ids) for relation in relations)


def search(kind: Kind, home: str, ids: Set[str], relations: Sequence[Relation]) -> list[Record]:
    """The records of a partition that hold one of these ids; from memory where the container holds it."""
    if partitions.is_held(kind, home):
        records: Collection[Record] = partitions.held(kind, home).records.values()
    else:
        matching = [row for row in reads.rows_of(kind, home) if mentions(row, ids)]
        records = reads.records_of(kind, matching)
    return [one for one in records if names_any(one, ids, relations)]


def mentions(row: wire.Row, ids: Set[str]) -> bool:
    """Whether the texts of an item may hold one of these ids; of what lies in the bucket nobody knows."""
    if row.big is not None:
        return True
    texts = [text.S for text in (row.doc, row.ids, row.own) if text is not None]
    if len(ids) <= _FEW:
        return any(one in text for text in texts for one in ids)
    return any(not ids.isdisjoint(_UUID.findall(text)) for text in texts)
