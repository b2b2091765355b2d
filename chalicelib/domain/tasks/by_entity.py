"""The tasks of an entity or of what is below it, with names, and their types (docs/contract/entities.md section 4)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from chalicelib.domain.entities.kinds import ASSET, EDIT, EPISODE, EntityKind
from chalicelib.domain.entities.lookup import own_tasks
from chalicelib.domain.tasks import presentation
from chalicelib.records.entities import ENTITY
from chalicelib.records.production import TASK_TYPE
from chalicelib.records.record import Record, plain
from chalicelib.records.tasks import TASK
from chalicelib.store import keys, partitions, reads, reference

Records = Mapping[str, Record]


def of_entity(entity: Record, relations: bool) -> list[dict[str, Any]]:
    """The tasks of an entity itself: one query."""
    return presentation.detailed(own_tasks(entity), relations)


def below(entity: Record, relations: bool) -> list[dict[str, Any]]:
    """The tasks of what is in a sequence, or in the sequences of an episode."""
    return presentation.detailed(_tasks_among(entity, _contents), relations)


def of_assets(episode: Record, relations: bool) -> list[dict[str, Any]]:
    """The tasks of the assets that were made for an episode."""
    return presentation.detailed(_tasks_among(episode, _assets), relations)


def of_edits(episode: Record, relations: bool) -> list[dict[str, Any]]:
    """The tasks of the edits of an episode."""
    return presentation.detailed(_tasks_among(episode, partial(_children, kind=EDIT)), relations)


def own_types(entity: Record) -> list[Any]:
    """The types of the tasks of an entity itself."""
    return _types_of(own_tasks(entity))


def types_below(entity: Record) -> list[Any]:
    """The types of the tasks of what is in a sequence, or in the sequences of an episode; each once."""
    return _types_of(_tasks_among(entity, _contents))


def of_type(entity: Record, task_type_id: str) -> list[Any]:
    """The tasks of an entity and a task type, plain; NotFound for an unknown type."""
    task_type = reference.get(TASK_TYPE, task_type_id)
    home = keys.home_of_owner(entity["project_id"])
    found = reads.query(TASK, home, "entity_id", ("=", f"{entity.id}#{task_type.id}"))
    return [plain(task) for task in sorted(found, key=lambda task: str(task["name"]))]


def _tasks_among(entity: Record, chosen: Callable[[Record, Records], set[str]]) -> list[Record]:
    """The tasks of the entities chosen: what changed of the production's entities and tasks is two queries."""
    home = keys.home_of_owner(entity["project_id"])
    queries = [partial(partitions.held, ENTITY, home), partial(partitions.held, TASK, home)]
    entities, tasks = (held.records for held in reads.parallel(queries))
    wanted = chosen(entity, entities)
    return [task for task in tasks.values() if task["entity_id"] in wanted]


def _contents(entity: Record, entities: Records) -> set[str]:
    inside = _children(entity, entities)
    if not EPISODE.is_of(entity):
        return inside
    return {one.id for one in entities.values() if one["parent_id"] in inside}


def _children(entity: Record, entities: Records, kind: EntityKind | None = None) -> set[str]:
    below_it = (one for one in entities.values() if one["parent_id"] == entity.id)
    return {one.id for one in below_it if kind is None or kind.is_of(one)}


def _assets(episode: Record, entities: Records) -> set[str]:
    return {one.id for one in entities.values() if one["source_id"] == episode.id and ASSET.is_of(one)}


def _types_of(tasks: Iterable[Record]) -> list[Any]:
    used: Sequence[str] = list(dict.fromkeys(task["task_type_id"] for task in tasks if task["task_type_id"]))
    known = (reference.find(TASK_TYPE, task_type_id) for task_type_id in used)
    return [plain(task_type) for task_type in known if task_type is not None]
