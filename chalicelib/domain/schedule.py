"""The plan of a production: milestones, and schedule items, which are made when they are read (sections 7 and 8).

An item says from when to when a task type of a production is worked on, or one of its objects (an asset type, a
sequence, an episode) by that task type.
"""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, Final

from chalicelib.domain.entities import lookup
from chalicelib.domain.entities.kinds import EPISODE, SEQUENCE, EntityKind
from chalicelib.domain.workflow import entity_types
from chalicelib.errors import Duplicate
from chalicelib.events.journal import emit_for
from chalicelib.records import clock
from chalicelib.records.production import MILESTONE, SCHEDULE_ITEM, TASK_TYPE
from chalicelib.records.record import Record, part
from chalicelib.records.tasks import TASK
from chalicelib.store import keys, partitions, reads, reference
from chalicelib.store.changes import Changes, write

# What lists show of a milestone and of an item.
LISTED_MILESTONE: Final = ("id", "date", "name", "project_id", "task_type_id")
LISTED: Final = ("id", "start_date", "end_date", "man_days", "project_id", "task_type_id", "object_id")
_PLANNED: Final = ("Asset", "Shot")
# An item is its record, its guard, its event, the look at its type; one task type besides.
_ITEMS_A_WRITE: Final = 24
# Sorts after every day.
_NEVER: Final = "9999"

# What an item is for: the task type, and the object or None.
Aim = tuple[str, str | None]


def milestones(project: Record) -> list[Record]:
    """The milestones of a production by date: one query."""
    found = reads.query(MILESTONE, keys.home_of_owner(project.id))
    return sorted(found, key=lambda one: (one["date"] or _NEVER, one["name"], one.id))


def items(project: Record) -> list[Record]:
    """All items of a production: one query."""
    return reads.query(SCHEDULE_ITEM, keys.home_of_owner(project.id))


def of_task_types(project: Record) -> list[dict[str, Any]]:
    """The items of the task types of assets and shots that have a task in a production, by their start."""
    tasks = partitions.held(TASK, keys.home_of_owner(project.id)).records.values()
    used = {task["task_type_id"] for task in tasks}
    types = [one for one in reference.every(TASK_TYPE).values() if one.id in used and one["for_entity"] in _PLANNED]
    found = _complete(project, [(one.id, None) for one in types]).values()
    return [part(one, LISTED) for one in sorted(found, key=lambda one: (one["start_date"] or _NEVER, one.id))]


def of_asset_types(project: Record, task_type: Record) -> list[dict[str, Any]]:
    """The items of a task type for the asset types that have an asset in a production, by name."""
    used = {entity["entity_type_id"] for entity in lookup.of_production(project.id).records.values()}
    return _of_objects(project, task_type, [one for one in entity_types.asset_types() if one.id in used])


def of_sequences(project: Record, task_type: Record) -> list[dict[str, Any]]:
    """The items of a task type for the sequences of a production, by name."""
    return _of_objects(project, task_type, _entities(project, SEQUENCE))


def of_episodes(project: Record, task_type: Record) -> list[dict[str, Any]]:
    """The items of a task type for the episodes of a production, by name."""
    return _of_objects(project, task_type, _entities(project, EPISODE))


def _entities(project: Record, kind: EntityKind) -> Iterable[Record]:
    return [one for one in lookup.of_production(project.id).records.values() if kind.is_of(one)]


def _of_objects(project: Record, task_type: Record, objects: Iterable[Record]) -> list[dict[str, Any]]:
    by_name = sorted(objects, key=lambda one: (one["name"], one.id))
    found = _complete(project, [(task_type.id, one.id) for one in by_name])
    return [part(found[task_type.id, one.id], LISTED, name=one["name"]) for one in by_name]


def _complete(project: Record, wanted: Sequence[Aim]) -> dict[Aim, Record]:
    """The items for what is wanted; those that are missing are made, in as many transactions as it takes."""
    found = _by_aim(project)
    while missing := [aim for aim in wanted if aim not in found][:_ITEMS_A_WRITE]:
        try:
            found |= write(partial(_make, project=project, aims=missing))
        except Duplicate:
            # Another reader was first with some of them: what it made is there now.
            found = _by_aim(project)
            if found.keys().isdisjoint(missing):
                raise
    return {aim: found[aim] for aim in wanted}


def _by_aim(project: Record) -> dict[Aim, Record]:
    return {(item["task_type_id"], item["object_id"]): item for item in items(project)}


def _make(changes: Changes, project: Record, aims: Iterable[Aim]) -> dict[Aim, Record]:
    today = clock.today()
    span = {"start_date": today, "end_date": clock.shift(today, days=1)[:10]}
    made: dict[Aim, Record] = {}
    for task_type_id, object_id in aims:
        values = {"project_id": project.id, "task_type_id": task_type_id, "object_id": object_id, **span}
        item = made[task_type_id, object_id] = changes.create(SCHEDULE_ITEM, values)
        emit_for(changes, item, "new")
    return made
