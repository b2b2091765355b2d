"""Tasks made and removed in bulk (docs/contract/tasks.md section 4)."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from chalicelib.access.caller import Caller
from chalicelib.domain.entities import lookup
from chalicelib.domain.entities.kinds import CONCEPT, KINDS, EntityKind
from chalicelib.domain.tasks import lists
from chalicelib.domain.tasks.deletion import remove_tasks
from chalicelib.domain.workflow import task_statuses
from chalicelib.errors import NotFound
from chalicelib.events.journal import emit
from chalicelib.records import filters
from chalicelib.records.entities import ENTITY
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.store import keys, reads
from chalicelib.store.changes import Changes, write

NAME: Final = "main"
# A task is its record, its guard, its event and the look at its entity; type and status are looked at besides.
_TASKS_A_WRITE: Final = 24


def kind_named(name: str) -> EntityKind:
    """The kind of entity a path names, `shot` or `Shot`; NotFound for another word."""
    kind = KINDS.get(name[:1].upper() + name[1:])
    if kind is None:
        raise NotFound(f"There is no kind of entity named {name!r}.", {"entity_type": name})
    return kind


def entities_asked(kind: EntityKind, project: Record, body: Any, query: Mapping[str, str]) -> list[Record]:
    """The entities a request means: those it lists by id; without a list all of that kind that pass the query.

    NotFound for an id that is none of that kind; those of other productions are left out.
    """
    if not isinstance(body, list) or not body:
        return lookup.entities(filters.parse(ENTITY, query, wildcards=True), [project], kind)
    named = list(dict.fromkeys(str(one).lower() for one in body))
    found = {entity.id: entity for entity in reads.get_many(ENTITY, named)}
    for entity_id in named:
        if entity_id not in found or not kind.is_of(found[entity_id]):
            raise NotFound(f"There is no {kind.word} with the id {entity_id!r}.", {"id": entity_id})
    return [entity for entity in found.values() if entity["project_id"] == project.id]


def create_tasks(
    caller: Caller | None, project: Record, task_type: Record, kind: EntityKind, entities: Sequence[Record]
) -> list[Record]:
    """A task `main` of that type for each of these entities of a production that has none of that type.

    One query for what is there, one transaction for 24 tasks. `caller` becomes who assigned them.
    """
    values = {
        "name": NAME,
        "project_id": project.id,
        "task_type_id": task_type.id,
        "task_status_id": task_statuses.default(for_concept=kind is CONCEPT).id,
        "assigner_id": caller.id if caller else None,
    }
    made: list[Record] = []
    lacking = _lacking(project, task_type, entities)
    for start in range(0, len(lacking), _TASKS_A_WRITE):
        made += write(_Creation(project, task_type, lacking[start : start + _TASKS_A_WRITE], values))
    return made


def _lacking(project: Record, task_type: Record, entities: Sequence[Record]) -> list[Record]:
    """Those of the entities without a task of that type."""
    if len(entities) == 1:
        return [] if lists.of_entity(entities[0].id, task_type.id) else list(entities)
    there = {task["entity_id"] for task in lists.of_type(project.id, task_type.id)}
    return [entity for entity in entities if entity.id not in there]


class _Creation:
    """A command that makes tasks; when somebody else was faster, it makes those that are missing still."""

    def __init__(
        self, project: Record, task_type: Record, entities: Sequence[Record], values: Mapping[str, Any]
    ) -> None:
        self._project = project
        self._task_type = task_type
        self._entities = entities
        self._values = values
        self._tried = False

    def __call__(self, changes: Changes) -> list[Record]:
        if self._tried:
            self._entities = _lacking(self._project, self._task_type, self._entities)
        self._tried = True
        return [self._make(changes, entity) for entity in self._entities]

    def _make(self, changes: Changes, entity: Record) -> Record:
        changes.require(entity)
        return add(changes, {**self._values, "entity_id": entity.id})


def new_values(caller: Caller | None, kind: EntityKind, entity: Record, task_type_id: str) -> dict[str, Any]:
    """The values of a new task `main` of an entity, which may have no task of that type."""
    return {
        "name": NAME,
        "project_id": entity["project_id"],
        "entity_id": entity.id,
        "task_type_id": task_type_id,
        "task_status_id": task_statuses.default(for_concept=kind is CONCEPT).id,
        "assigner_id": caller.id if caller else None,
    }


def create_missing(caller: Caller | None, kind: EntityKind, wanted: Sequence[tuple[Record, str]]) -> list[Record]:
    """A task `main` for each pair of an entity and the id of a task type; what is there is left out.

    wanted: pairs that were looked for; where somebody else makes one meanwhile, that is left out as well. One
    transaction for 24 tasks.
    """
    made: list[Record] = []
    for start in range(0, len(wanted), _TASKS_A_WRITE):
        made += write(_CreationOfPairs(caller, kind, wanted[start : start + _TASKS_A_WRITE]))
    return made


class _CreationOfPairs:
    """The command of `create_missing`."""

    def __init__(self, caller: Caller | None, kind: EntityKind, wanted: Sequence[tuple[Record, str]]) -> None:
        self._caller = caller
        self._kind = kind
        self._wanted = wanted
        self._tried = False

    def __call__(self, changes: Changes) -> list[Record]:
        if self._tried:
            self._wanted = [(one, type_id) for one, type_id in self._wanted if not lists.of_entity(one.id, type_id)]
        self._tried = True
        made = []
        for entity, task_type_id in self._wanted:
            changes.require(entity)
            made.append(add(changes, new_values(self._caller, self._kind, entity, task_type_id)))
        return made


def add(changes: Changes, values: dict[str, Any]) -> Record:
    """Adds a new task to a command: its record, its guard and its event."""
    task = changes.create(TASK, values)
    emit(changes, "task:new", task["project_id"], task_id=task.id)
    return task


def delete_named(project: Record, body: Any) -> list[str]:
    """Removes the tasks of a production that a list of ids names, with all of theirs.

    Gives the ids that were well-formed; malformed ones, and tasks of other productions, are left out.
    """
    named = [one.lower() for one in body if keys.is_id(one)] if isinstance(body, list) else []
    found = reads.get_many(TASK, named)
    remove_tasks([task for task in found if task["project_id"] == project.id])
    strangers = {task.id for task in found if task["project_id"] != project.id}
    return [task_id for task_id in dict.fromkeys(named) if task_id not in strangers]


def delete_of_type(project: Record, task_type_id: str) -> None:
    """Removes all tasks of a type in a production, with all of theirs."""
    remove_tasks(lists.of_type(project.id, task_type_id))
