"""What names what: the relations of all kinds, and the ids that records hold elsewhere, as one list."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cache
from typing import Any

from chalicelib.records.fields import DROP_ENTRY, SET_NULL, Edge, Field, Index, Kind, OnDelete, Reference, Values
from chalicelib.records.registry import KINDS

Steps = tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """One place where records of a kind hold ids of another: see `fields.Field` and `fields.Reference`."""

    kind: Kind
    path: str
    table: str
    on_delete: OnDelete
    protects: bool
    listed_in: str
    found_by: tuple[str, ...]
    across: bool = False

    @property
    def name(self) -> str:
        """The field that holds the id, or what holds it."""
        return _steps(self.path)[0][0]

    @property
    def index(self) -> Index | None:
        """The local index that leads from the id to the records."""
        return next((index for index in self.kind.indexes if index.fields[0] == self.path), None)

    @property
    def edge(self) -> Edge | None:
        """The edge that leads from the id to the records."""
        return next((edge for edge in self.kind.edges if f"{edge.field}[]" == self.path), None)

    def ids_in(self, record: Values) -> Iterator[str]:
        """The ids that a record holds there."""
        return _ids(record, _steps(self.path))

    def names_one(self, record: Values, ids: Set[str]) -> bool:
        """Whether a record holds one of these ids there."""
        return any(one in ids for one in self.ids_in(record))

    def without(self, values: Values, gone: Set[str]) -> dict[str, Any]:
        """The values of a record without these ids there: null, out of the list, or without the entry."""
        return dict(_without(values, _steps(self.path), gone, self.on_delete is DROP_ENTRY))


def of_kind(kind: Kind) -> tuple[Relation, ...]:
    """What records of a kind name."""
    return _all()[kind.table]


@cache
def leading_to(table: str) -> tuple[Relation, ...]:
    """The relations through which records of a table are named."""
    return tuple(one for relations in _all().values() for one in relations if one.table == table)


def letting_go(record: Values, kind: Kind, table: str, gone: Set[str]) -> dict[str, Any]:
    """The fields of a record that stays, without the records of a table that are gone; those that change alone."""
    changed: dict[str, Any] = dict(record)
    for relation in of_kind(kind):
        if relation.table == table and relation.on_delete in (SET_NULL, DROP_ENTRY):
            changed = relation.without(changed, gone)
    return {name: value for name, value in changed.items() if value != record.get(name)}


@cache
def _all() -> dict[str, tuple[Relation, ...]]:
    return {kind.table: tuple(_of_fields(kind)) + tuple(_of_references(kind)) for kind in KINDS.values()}


def _of_fields(kind: Kind) -> Iterator[Relation]:
    for field in kind.fields:
        if is_relation(field):
            assert field.relation is not None
            assert field.on_delete is not None, f"{kind.name}.{field.name}: what becomes of it?"
            path = f"{field.name}[]" if field.type == "ids" else field.name
            told = (field.on_delete, field.protects, field.listed_in, field.found_by, field.across)
            yield Relation(kind, path, field.relation, *told)


def _of_references(kind: Kind) -> Iterator[Relation]:
    for one in kind.references:
        yield Relation(kind, one.path, one.relation, one.on_delete, one.protects, one.listed_in, one.found_by)


def is_relation(field: Field | Reference) -> bool:
    """Whether a field holds ids of a table that are stored with the record."""
    return isinstance(field, Field) and field.type in ("uuid", "ids") and bool(field.relation) and not field.derived


@cache
def _steps(path: str) -> Steps:
    """`replies[].person_id` as ("replies", True), ("person_id", False)."""
    return tuple((step.removesuffix("[]"), step.endswith("[]")) for step in path.split("."))


def _ids(value: Any, steps: Steps) -> Iterator[str]:
    if not steps:
        if isinstance(value, str):
            yield value
        return
    if not isinstance(value, Mapping):
        return
    (name, each), *rest = steps
    held = value.get(name)
    for one in held if each and isinstance(held, list) else [] if each else [held]:
        yield from _ids(one, tuple(rest))


def _without(value: Mapping[str, Any], steps: Steps, gone: Set[str], drop: bool) -> Mapping[str, Any]:
    (name, each), *others = steps
    rest, held = tuple(others), value.get(name)
    new: Any = held
    if each and isinstance(held, list):
        new = list(_entries(held, rest, gone, drop))
    elif not each and not rest:
        new = None if held in gone else held
    elif not each and isinstance(held, Mapping):
        new = _without(held, rest, gone, drop)
    return value if new == held else {**value, name: new}


def _entries(held: list[Any], rest: Steps, gone: Set[str], drop: bool) -> Iterator[Any]:
    innermost = not any(each for _, each in rest)
    for one in held:
        if not rest:
            if one not in gone:
                yield one
        elif drop and innermost:
            if gone.isdisjoint(_ids(one, rest)):
                yield one
        else:
            yield _without(one, rest, gone, drop) if isinstance(one, Mapping) else one
