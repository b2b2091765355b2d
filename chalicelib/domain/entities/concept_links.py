"""What is linked to an entity: in practice the concepts drawn for it (docs/contract/entities.md section 3)."""

from functools import partial
from typing import Any, Final

from chalicelib.domain.entities import columns, lists, lookup
from chalicelib.domain.entities.columns import Place
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.store import homes, reads, reference

_COLUMNS: Final = columns.CONCEPTS
_TASKS: Final = columns.TASKS_OF_LINKED


def with_tasks(entity: Record) -> list[dict[str, Any]]:
    """The entities that hold a link to this one, by name, with their tasks.

    What changed of the production's entities is one query; then one an entity that is linked, side by side.
    """
    held = lookup.of_production(entity["project_id"]).records
    linked = lists.by_name(one for one in held.values() if entity.id in one["entity_concept_links"])
    queries = [
        partial(reads.query, TASK, homes.of_id(one.id) or "", "entity_id", ("^", f"{one.id}#")) for one in linked
    ]
    place = Place(reference.get(PROJECT, entity["project_id"]))
    return [
        {**columns.row(_COLUMNS, one, place), "tasks": [_TASKS.of(task) for task in tasks]}
        for one, tasks in zip(linked, reads.parallel(queries), strict=True)
    ]
