"""What holds a record back: others that name it and do not go along by themselves (docs/contract/production.md 2.5)."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from chalicelib.domain.dependents import lookup, places
from chalicelib.errors import StillReferenced
from chalicelib.records.fields import Kind
from chalicelib.records.record import Record
from chalicelib.records.relations import Relation, leading_to
from chalicelib.store import reads, reference, seals
from chalicelib.store.changes import Changes, write

T = TypeVar("T")
Look = Callable[[], Kind | None]


def protecting(kind: Kind) -> list[Relation]:
    """The relations by which others hold a record of a kind back."""
    return [relation for relation in leading_to(kind.table) if relation.protects]


def holding_in_the_studio(record: Record) -> list[Kind]:
    """The kinds of the reference data that hold a record back."""
    ids = frozenset((record.id,))
    found = []
    for kind in dict.fromkeys(one.kind for one in protecting(record.kind) if one.kind.reference):
        own = [one for one in protecting(record.kind) if one.kind is kind]
        if any(one.id != record.id and lookup.names_any(one, ids, own) for one in reference.every(kind).values()):
            found.append(kind)
    return found


def refuse_if_referenced(record: Record, field: str = "id", expected: str = "a record nothing points at") -> None:
    """Raises StillReferenced, which names the field and what was expected, where any record holds this one back.

    Each home that may hold such a record is asked, side by side: by the index that begins with the id, one item at
    most, else by searching the texts of the kind.
    """
    wanted = protecting(record.kind)
    (record,) = places.with_told([record])
    queries: list[Look] = [
        look for kind in places.kinds_of(wanted) if not kind.reference for look in _looks(kind, record, wanted)
    ]
    holding: list[Kind | None] = [*holding_in_the_studio(record)]
    for holder in holding or reads.parallel(queries):
        if holder is not None:
            raise StillReferenced(f"A {holder.name} still points at this {record.kind.name}.", field, expected)


def _looks(kind: Kind, record: Record, wanted: list[Relation]) -> list[Look]:
    own = [relation for relation in wanted if relation.kind is kind]
    led = [relation for relation in own if lookup.way_to(relation, record) is not None]
    rest = [relation for relation in own if relation not in led]
    queries: list[Look] = [
        partial(_leads_to, relation, home, record) for relation in led for home in places.homes_of(relation, record)
    ]
    homes = {home for relation in rest for home in places.homes_of(relation, record)}
    return [*queries, *(partial(_holds, kind, home, record.id, rest) for home in sorted(homes))]


def _leads_to(relation: Relation, home: str, record: Record) -> Kind | None:
    """The kind, if the index of that home leads to one that names the record."""
    if relation.index is None:
        found = lookup.by_index(relation, home, record)
    else:
        condition = lookup.condition(relation.index, record.id)
        found = reads.first(relation.kind, home, 1, relation.index.fields[0], condition)
    return relation.kind if any(one.id != record.id for one in found) else None


def _holds(kind: Kind, home: str, record_id: str, relations: list[Relation]) -> Kind | None:
    """The kind, if a record of it in that home holds the id in one of these places."""
    ids = frozenset((record_id,))
    for page in reads.pages_of(kind, home):
        matching = [row for row in page if row.doc and record_id != row.sk.S and lookup.mentions(row, ids)]
        if any(lookup.names_any(one, ids, relations) for one in reads.records_of(kind, matching)):
            return kind
    return None


def delete_unnamed(record: Record, look: Callable[[Record], object], end: Callable[[Changes, Record], T]) -> T:
    """Deletes a record as long as nothing names it: nobody begins to between the look and the end of it.

    look: reads what names the record as it is now, and raises where that holds it back; runs again with the command.
    end: what else the deletion writes. Of reference data others are kept from naming the record meanwhile (a
    transaction before, eight items more in that of the deletion; store/seals.py).
    """
    seal = seals.new(record.id) if seals.is_sealed(record.kind) else None

    def command(changes: Changes) -> T:
        current = changes.read(record.kind, record.id)
        look(current)
        changes.delete(current)
        if seal is not None:
            changes.keep_sealed(seal)
        return end(changes, current)

    if seal is None:
        return write(command)
    write(lambda changes: changes.seal(record, seal))
    # What others wrote before the seal is in the look.
    reference.look_again()
    return write(command, undo=lambda: write(lambda changes: changes.lift(seal)))
