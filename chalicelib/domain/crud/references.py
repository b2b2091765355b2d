"""References between records: do those named in a body exist, and who still points at a record."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Final

from chalicelib.errors import Invalid, StillReferenced
from chalicelib.records.fields import STUDIO, Index, Kind
from chalicelib.records.people import PERSON
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record, shown
from chalicelib.records.registry import KINDS
from chalicelib.records.validation import differing
from chalicelib.store import homes, keys, reads, reference

_OF_PERSON: Final = ("person_id",)


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


def meant(record: Record, body: Mapping[str, Any]) -> dict[str, Any]:
    """What a body would change of a record, for all that asks which fields it names (see `validation.differing`)."""
    return differing(record.kind, record, shown(record, relations=True), body)


def lives_in_productions(kind: Kind) -> bool:
    """Whether records of a kind belong to productions, and not to persons or to the studio."""
    return bool(kind.home.named) and kind.home.owners != _OF_PERSON


def refuse_strangers(kind: Kind, values: Mapping[str, Any], home: str) -> None:
    """Raises Invalid where one of the values names a record of another production (docs/contract/people.md section 1).

    home: of the record that the values are for. Records that live with persons or in the studio are everybody's.
    """
    if not lives_in_productions(kind):
        return
    for name, value in values.items():
        field = kind.by_name.get(name)
        if field is None or field.across or not value or field.name == "id":
            continue
        if field.relation is None:
            strange = field.type == "uuid" and are_elsewhere((value,), home)
        else:
            named = value if field.type == "ids" else (value,)
            in_productions = lives_in_productions(KINDS[field.relation])
            strange = in_productions and set(homes.of_ids(named).values()) != {home}
        if strange:
            raise Invalid(f"{field.asked_as} is of another production.", field.asked_as, "an id of this production")


def are_elsewhere(record_ids: Iterable[str], home: str) -> bool:
    """Whether any of these ids is of a production that is not this one; an id that nobody knows is of none."""
    productions = {keys.home_of_owner(project_id) for project_id in reference.every(PROJECT)}
    return not productions.isdisjoint(set(homes.of_ids(record_ids).values()) - {home})


def refuse_to_leave(record: Record, values: Mapping[str, Any]) -> None:
    """Raises Invalid where a change would take a record into another production, or tie it to what is of another."""
    kind = record.kind
    if not lives_in_productions(kind):
        return
    home = homes.of(kind, record) if record.home is None else record.home
    refuse_strangers(kind, values, home)
    moved = [name for name in kind.home.named if name in values and values[name] != record[name]]
    if moved and homes.of(kind, {**record, **values}) != home:
        raise Invalid(f"The {kind.name} stays in its production.", moved[0], "an id of the same production")


def refuse_if_referenced(record: Record, besides: frozenset[str] = frozenset()) -> None:
    """Raises StillReferenced where any record points at this one (docs/contract/production.md 2.5).

    besides: tables whose records go along with it. Each home that may hold a record that points here is asked, side by
    side: by the index that begins with the pointing field, one item at most, else by searching the texts of the kind.
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
    looks = [
        partial(look, kind, home, record_id)
        for kind in rest
        for home in _homes(kind, record)
        for look in _looks(kind, table)
    ]
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
    """The homes in which a record of that kind may point at this one."""
    if not kind.home.named:
        return [STUDIO]
    if not lives_in_productions(kind):
        if record.kind is PERSON and _pointing_fields(kind, PERSON.table) == kind.home.owners:
            return [keys.home_of_owner(record.id)]
        return [keys.home_of_owner(person_id) for person_id in reference.every(PERSON)]
    if lives_in_productions(record.kind):
        return [homes.of(record.kind, record)]
    projects = [record.id] if record.kind is PROJECT else list(reference.every(PROJECT))
    return [*(keys.home_of_owner(project_id) for project_id in projects), STUDIO]


def _pointing_fields(kind: Kind, table: str) -> tuple[str, ...]:
    return tuple(field.name for field in kind.fields if field.relation == table and not field.derived)


def _looks(kind: Kind, table: str) -> list[Callable[[Kind, str, str], Kind | None]]:
    """How a kind is searched for what points at a record of a table: an index a field, the rest in one go."""
    led = {index.fields[0]: index for index in kind.indexes}
    fields = _pointing_fields(kind, table)
    looks: list[Callable[[Kind, str, str], Kind | None]] = [
        partial(_leads_to, index=led[name]) for name in fields if name in led
    ]
    rest = tuple(name for name in fields if name not in led)
    return [*looks, partial(_holds, names=rest)] if rest else looks


def _leads_to(kind: Kind, home: str, record_id: str, index: Index) -> Kind | None:
    """The kind, if the index of that home begins with the id somewhere."""
    condition = ("=", record_id) if len(index.fields) == 1 else ("^", f"{record_id}#")
    found = reads.first(kind, home, 1, index.attribute, condition)
    return kind if any(one.id != record_id for one in found) else None


def _holds(kind: Kind, home: str, record_id: str, names: tuple[str, ...]) -> Kind | None:
    """The kind, if a record of it in that home holds the id in one of these fields."""
    single = [f'"{name}":"{record_id}"' for name in names if kind.by_name[name].type == "uuid"]
    listed = any(kind.by_name[name].type == "ids" for name in names)
    for page in reads.pages(keys.partition(home, kind)):
        for row in page:
            if row.doc is None or record_id == row.sk.S:
                continue
            if any(told in row.doc.S for told in single):
                return kind
            if listed and row.ids is not None and record_id in row.ids.S:
                return kind
    return None
