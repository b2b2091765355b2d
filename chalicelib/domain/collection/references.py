"""References between records: do those named in a body exist, and who still points at a record."""

from functools import partial
from typing import Any

from chalicelib.errors import Invalid, StillReferenced
from chalicelib.records.fields import STUDIO, Kind
from chalicelib.records.people import PERSON
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record
from chalicelib.records.registry import KINDS
from chalicelib.store import keys, reads, reference


def found(table: str, record_id: str) -> Record | None:
    """The record of a table with this id, from the reference data where it is held."""
    kind = KINDS[table]
    return reference.find(kind, record_id) if kind.reference else reads.find(kind, record_id)


def resolve(kind: Kind, values: dict[str, Any]) -> dict[str, Any]:
    """The values with unknown ids dropped from lists of ids; Invalid where a single id names no record."""
    resolved = dict(values)
    for name, value in values.items():
        field = kind.by_name[name]
        if field.relation is None or not value:
            continue
        if field.type == "uuid" and found(field.relation, value) is None:
            raise Invalid(f"{field.asked_as}: there is no such {field.relation}.", field.asked_as, "the id of a record")
        if field.type == "ids":
            resolved[name] = [one for one in value if found(field.relation, one) is not None]
    return resolved


def refuse_if_referenced(record: Record, besides: frozenset[str] = frozenset()) -> None:
    """Raises StillReferenced where any record points at this one (spec/production.md 2.5).

    besides: tables whose records go along with it. A record of a production is looked for in its home, one of the
    studio in every home, side by side; the texts are searched, not parsed.
    """
    table, record_id = record.kind.table, record.id
    pointing = [
        kind
        for kind in KINDS.values()
        if kind.table not in besides and any(field.relation == table for field in kind.fields)
    ]
    # A task is what comments and chats call their object.
    for kind in pointing:
        if kind.reference and any(
            _points(one, record_id) for one in reference.every(kind).values() if one is not record
        ):
            raise _refusal(record, kind)
    rest = [kind for kind in pointing if not kind.reference]
    looks = [partial(_holds, kind, home, record_id) for kind in rest for home in _homes(kind, record)]
    for holder in reads.parallel(looks):
        if holder is not None:
            raise _refusal(record, holder)


def _refusal(record: Record, kind: Kind) -> StillReferenced:
    return StillReferenced(
        f"A {kind.name} still points at this {record.kind.name}.", "id", "a record nothing points at"
    )


def _points(record: Record, record_id: str) -> bool:
    return record.id != record_id and (record_id in record.texts.doc or record_id in record.texts.ids)


def _homes(kind: Kind, record: Record) -> list[str]:
    if record.kind.home.owners or record.kind.home.beside:
        return [reads.home_of(record.kind, record)]
    if not (kind.home.owners or kind.home.beside):
        return [STUDIO]
    if kind.home.owners == ("person_id",):
        people = [record.id] if record.kind is PERSON else list(reference.every(PERSON))
        return [keys.home_of_owner(person_id) for person_id in people]
    projects = [record.id] if record.kind is PROJECT else list(reference.every(PROJECT))
    return [*(keys.home_of_owner(project_id) for project_id in projects), STUDIO]


def _holds(kind: Kind, home: str, record_id: str) -> Kind | None:
    """The kind, if a record of it in that home holds the id in a field other than its own."""
    names = [field.name for field in kind.fields if field.relation and field.type == "uuid"]
    lists = any(field.type == "ids" for field in kind.fields)
    for page in reads.pages(keys.partition(home, kind)):
        for row in page:
            if row.doc is None or record_id == row.sk.S:
                continue
            if any(f'"{name}":"{record_id}"' in row.doc.S for name in names):
                return kind
            if lists and row.ids is not None and record_id in row.ids.S:
                return kind
    return None
