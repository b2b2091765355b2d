"""References between records: do those named in a body exist, and are they of the same production."""

from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.domain.dependents.places import lives_in_productions
from chalicelib.errors import Invalid
from chalicelib.records.fields import Kind
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record, shown
from chalicelib.records.registry import KINDS
from chalicelib.records.validation import differing
from chalicelib.store import homes, keys, reads, reference


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
