"""What stands around tasks: the entities they are on, the sequences and episodes these are in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chalicelib.records.entities import ENTITY
from chalicelib.records.record import Record
from chalicelib.store import reads

_ABOVE = ("parent_id", "source_id")


@dataclass(frozen=True)
class Ancestors:
    """Entities by their ids, as far as tasks lead to them."""

    entities: Mapping[str, Record]

    def entity(self, task: Record) -> Record | None:
        """The entity a task is on."""
        return self.entities.get(task["entity_id"] or "")

    def parent(self, entity: Record | None) -> Record | None:
        """What an entity is in."""
        return self.entities.get(entity["parent_id"] or "") if entity else None

    def source(self, entity: Record | None) -> Record | None:
        """What an entity was made for, or comes from."""
        return self.entities.get(entity["source_id"] or "") if entity else None


def ancestors_of(tasks: Iterable[Record]) -> Ancestors:
    """The entities of tasks, their parents and sources, and what these are in: a read a hundred, three rounds."""
    found: dict[str, Record] = {}
    wanted = {task["entity_id"] for task in tasks if task["entity_id"]}
    for fields in (_ABOVE, ("parent_id",), ()):
        latest = reads.get_many(ENTITY, wanted - found.keys())
        found |= {entity.id: entity for entity in latest}
        wanted = {entity[name] for entity in latest for name in fields if entity[name]}
    return Ancestors(found)
