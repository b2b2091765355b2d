"""Playlists for a moment: the entities of some tasks, as a player shows them (docs/contract/files.md section 9)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.domain.entities import names
from chalicelib.domain.entities.kinds import EDIT, SCENE, SEQUENCE, SHOT, kind_of
from chalicelib.domain.files import lists
from chalicelib.domain.playlists import entries
from chalicelib.errors import Forbidden, NotFound
from chalicelib.records.entities import ENTITY, ENTITY_TYPE
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.store import keys, reads, reference

_GROUPS: Final = ("episode_name", "sequence_name", "asset_type_name")
Values = dict[str, Any]


def of_tasks(caller: Caller, project: Record, task_ids: Sequence[str], in_order: bool) -> list[Values]:
    """An entry for the entity of each task, with the latest preview of the task's type.

    in_order: by what the entities are in, then by name; else, and where they are of kinds that no order holds
    together, as they were asked for. Errors: NotFound for an unknown task, Forbidden for a vendor's other tasks.
    """
    tasks = _tasks(caller, project, task_ids)
    entities = {one.id: one for one in reads.get_many(ENTITY, [task["entity_id"] for task in tasks])}
    above = names.ancestors_of(list(entities.values()))
    found = entries.files_of(keys.home_of_owner(project.id), list(entities))
    files = {entity_id: lists.grouped_of(of_entity) for entity_id, of_entity in found.items()}
    made = [
        _entry(task, entity, above, files[entity.id])
        for task in tasks
        if (entity := entities.get(task["entity_id"])) is not None
    ]
    return _sorted(made) if in_order else made


def _tasks(caller: Caller, project: Record, task_ids: Sequence[str]) -> list[Record]:
    wanted = [one.lower() for one in task_ids]
    found = {task.id: task for task in reads.get_many(TASK, wanted) if task["project_id"] == project.id}
    unknown = next((one for one in wanted if one not in found), None)
    if unknown is not None:
        raise NotFound(f"This production has no task with the id {unknown!r}.", {"task_ids": unknown})
    if caller.is_vendor:
        theirs = checks.assigned_entities(caller)
        if any(task["entity_id"] not in theirs for task in found.values()):
            raise Forbidden("None of your tasks is on one of these entities.")
    return [found[one] for one in wanted]


def _entry(task: Record, entity: Record, above: Mapping[str, Record], files: Mapping[str, list[Values]]) -> Values:
    latest = next(iter(files.get(task["task_type_id"]) or ()), None)
    shown = entries.of_preview(latest) if latest else {}
    values = {"id": entity.id, "name": entity["name"], **_place(entity, above), **shown}
    return {**values, "preview_file_task_id": task.id, "preview_files": files}


def _place(entity: Record, above: Mapping[str, Record]) -> Values:
    """What an entity is in, in the words of its kind; empty ones where it is in nothing."""
    kind, parent = kind_of(entity).name, above.get(entity["parent_id"] or "")
    return _PLACES.get(kind, _in_nothing)(entity, parent)


def _in_asset_type(entity: Record, parent: Record | None) -> Values:
    del parent
    found = reference.find(ENTITY_TYPE, entity["entity_type_id"])
    name = found["name"] if found else ""
    return {"parent_name": name, "asset_type_id": entity["entity_type_id"], "asset_type_name": name}


def _in_sequence(entity: Record, parent: Record | None) -> Values:
    del entity
    return _in("sequence", parent)


def _in_episode(entity: Record, parent: Record | None) -> Values:
    return _in("episode", parent) if parent else _in_nothing(entity, None)


def _in_nothing(entity: Record, parent: Record | None) -> Values:
    del entity, parent
    return _in("sequence", None)


def _in(word: str, parent: Record | None) -> Values:
    name, parent_id = (parent["name"], parent.id) if parent else ("", "")
    return {"parent_name": name, f"{word}_id": parent_id, f"{word}_name": name}


_PLACES: Final[Mapping[str, Callable[[Record, Record | None], Values]]] = {
    "Asset": _in_asset_type,
    SHOT.name: _in_sequence,
    SCENE.name: _in_sequence,
    SEQUENCE.name: _in_episode,
    EDIT.name: _in_episode,
}


def _sorted(made: list[Values]) -> list[Values]:
    """By what the first entry is in, then by name; as they came where others are in nothing of that sort."""
    group = next((name for name in _GROUPS if made and name in made[0]), None)
    if group is None or any(group not in one for one in made):
        return made
    return sorted(made, key=lambda one: (one[group], one["name"]))
