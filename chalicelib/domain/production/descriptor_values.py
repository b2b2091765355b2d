"""The values of a descriptor: a key of `data` of the entities of its kind, in its production (section 6)."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from chalicelib.domain.workflow import entity_types
from chalicelib.records.entities import ENTITY
from chalicelib.records.record import Record
from chalicelib.store import keys, reads
from chalicelib.store.changes import Changes, write

Data = dict[str, Any]
# An entity that keeps its name is one item of a transaction.
_ENTITIES_A_WRITE: Final = 90


def rename(descriptor: Record, field_name: str) -> None:
    """Moves the values to another key; nulls stay nowhere."""
    old = descriptor["field_name"]

    def moved(data: Data) -> Data:
        value = data[old]
        rest = {name: kept for name, kept in data.items() if name != old}
        return rest if value is None else {**rest, field_name: value}

    _rewrite(descriptor, moved)


def remove(descriptor: Record) -> None:
    """Takes the values away."""
    old = descriptor["field_name"]
    _rewrite(descriptor, lambda data: {name: kept for name, kept in data.items() if name != old})


def _rewrite(descriptor: Record, rewritten: Callable[[Data], Data]) -> None:
    holding = [one.id for one in _entities(descriptor) if descriptor["field_name"] in (one["data"] or {})]
    for start in range(0, len(holding), _ENTITIES_A_WRITE):
        part = holding[start : start + _ENTITIES_A_WRITE]
        write(partial(_rewrite_some, entity_ids=part, key=descriptor["field_name"], rewritten=rewritten))


def _rewrite_some(changes: Changes, entity_ids: list[str], key: str, rewritten: Callable[[Data], Data]) -> None:
    for entity in reads.get_many(ENTITY, entity_ids):
        if key in (entity["data"] or {}):
            changes.update(entity, data=rewritten(entity["data"]))


def _entities(descriptor: Record) -> list[Record]:
    home = keys.home_of_owner(descriptor["project_id"])
    types = {kind.id for kind in entity_types.types_of(descriptor["entity_type"])}
    return [entity for entity in reads.query(ENTITY, home) if entity["entity_type_id"] in types]
