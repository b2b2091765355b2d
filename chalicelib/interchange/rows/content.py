"""What a production holds, as the rows of a file so far leave it."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from chalicelib.domain.entities import lookup
from chalicelib.domain.entities.kinds import EntityKind
from chalicelib.domain.workflow import entity_types
from chalicelib.records import names
from chalicelib.records.entities import ENTITY
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.store import keys, partitions

Values = Mapping[str, Any]


class Made(NamedTuple):
    """An entity that a row makes: under an id that it has from now on."""

    kind: EntityKind
    entity_id: str
    values: dict[str, Any]


class Content:
    """The entities of a production by their names, and its tasks, from what the container holds of them.

    Rows are planned on it: what a row makes or changes is here for those after it, stored or not.
    """

    def __init__(self, project: Record) -> None:
        self._home = keys.home_of_owner(project.id)
        self.records: Mapping[str, Record] = lookup.of_production(project.id).records
        self._changed: dict[str, Values] = {}
        self._by_name: dict[tuple[str, str | None, str], list[str]] = {}
        kinds: dict[str, str] = {}
        # Of several of one name the first that was made is meant, and one that was cancelled where there is no other.
        for one in sorted(self.records.values(), key=lambda one: (bool(one["canceled"]), one["created_at"], one.id)):
            type_id = one["entity_type_id"]
            kind = kinds.get(type_id) or kinds.setdefault(type_id, entity_types.kind_name(type_id))
            self._note(kind, one["parent_id"], one["name"], one.id)

    def find(self, kind: EntityKind, parent_id: str | None, name: str) -> Sequence[str]:
        """The ids of the entities of a kind that have a name, below a parent; of assets wherever they are."""
        return self._by_name.get(_key(kind.name, parent_id, name), ())

    def values(self, entity_id: str) -> Values:
        """The values of an entity."""
        return self._changed.get(entity_id) or self.records[entity_id]

    def make(self, kind: EntityKind, values: Values) -> Made:
        """An entity that is to be made; `add` makes those after it find it."""
        return Made(kind, keys.new_id(ENTITY, self._home), {"type": kind.name, **values})

    def add(self, made: Made) -> None:
        """Takes in an entity that a row makes."""
        self._changed[made.entity_id] = made.values
        self._note(made.kind.name, made.values.get("parent_id"), made.values["name"], made.entity_id)

    def change(self, entity_id: str, values: Values) -> None:
        """Takes in what a row changes of an entity."""
        self._changed[entity_id] = {**self.values(entity_id), **values}

    @cached_property
    def tasks(self) -> dict[tuple[str, str], Record]:
        """The tasks of the production by entity and type, of several the first that was made (one query)."""
        found = partitions.held(TASK, self._home).records.values()
        ordered = sorted(found, key=lambda task: (task["created_at"], task.id), reverse=True)
        return {(task["entity_id"], task["task_type_id"]): task for task in ordered}

    def _note(self, kind: str, parent_id: str | None, name: str, entity_id: str) -> None:
        self._by_name.setdefault(_key(kind, parent_id, name), []).append(entity_id)


def _key(kind: str, parent_id: str | None, name: str) -> tuple[str, str | None, str]:
    return kind, None if kind == "Asset" else parent_id, names.normal(name)
