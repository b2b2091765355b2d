"""Removals that ShotGrid tells of (docs/contract/interchange.md 5.1).

What others refer to stays; whatever goes, goes the way it does elsewhere, with what hangs on it.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from chalicelib.access.caller import Caller
from chalicelib.domain.dependents import lookup as dependents
from chalicelib.domain.dependents import protection, removal
from chalicelib.domain.entities import deletion, lookup
from chalicelib.domain.entities.kinds import ASSET
from chalicelib.domain.files.previews import remove_previews
from chalicelib.domain.production.deletion import delete_project
from chalicelib.domain.registry import ALL
from chalicelib.domain.tasks.deletion import remove_tasks
from chalicelib.errors import StillReferenced
from chalicelib.events.journal import emit
from chalicelib.interchange.shotgun.known import anywhere, key_of, older, with_id
from chalicelib.records.entities import ENTITY
from chalicelib.records.fields import Kind, integer
from chalicelib.records.files import PREVIEW_FILE, WORKING_FILE
from chalicelib.records.people import PERSON
from chalicelib.records.production import PROJECT, TASK_STATUS, TASK_TYPE
from chalicelib.records.record import Record
from chalicelib.records.relations import leading_to
from chalicelib.records.tasks import COMMENT, TASK
from chalicelib.records.validation import value_of
from chalicelib.store import keys, reads, reference
from chalicelib.store.changes import Changes, write

_ID: Final = integer("id")


def remove(caller: Caller, word: str, sent: Any) -> dict[str, Any]:
    """Removes what has an id in ShotGrid; tells the id that it had here, and whether it is gone.

    word: one of `WORDS`. sent: `{"id": n}`; Invalid for an id that is none.
    """
    number = value_of(_ID, sent.get("id") if isinstance(sent, Mapping) else None)
    find, end = _REMOVALS[word]
    found = find(number)
    if found is None:
        return {"success": True}
    try:
        end(caller, number, found)
    except StillReferenced:
        return {"removed_instance_id": found.id, "success": False}
    return {"removed_instance_id": found.id, "success": True}


# -- finding -----------------------------------------------------------------------------------------------------------
def _entity(word: str, number: int) -> Record | None:
    return _first([one for one in anywhere(ENTITY, (number,)) if key_of(one) == (word, number)])


def _of_production(kind: Kind, number: int) -> Record | None:
    return _first(anywhere(kind, (number,)))


def _preview(number: int) -> Record | None:
    """A version, by the guard of its id in each production (a read a hundred)."""
    values = {"shotgun_id": number}
    houses = map(keys.home_of_owner, reference.every(PROJECT))
    wanted = [key for home in houses if (key := keys.guard(home, PREVIEW_FILE, ("shotgun_id",), values)) is not None]
    held = [row.at.S for row in reads.items(wanted).values() if row.at is not None]
    return _first(reads.get_many(PREVIEW_FILE, held))


def _connected(number: int) -> Record | None:
    """The production into whose team a connection put somebody."""
    every = reference.every(PROJECT).values()
    return next((one for one in every if _connection(one, number) is not None), None)


def _connection(project: Record, number: int) -> Mapping[str, Any] | None:
    return next((one for one in project.get("shotgun_connections") or () if one["id"] == number), None)


def _first(found: list[Record]) -> Record | None:
    oldest: Record | None = None
    for record in found:
        oldest = older(record, oldest)
    return oldest


# -- removing ----------------------------------------------------------------------------------------------------------
def _end_asset(caller: Caller, number: int, asset: Record) -> None:
    """An asset on whose tasks somebody works is cancelled; else it goes with its tasks."""
    del caller, number
    tasks = lookup.own_tasks(asset)
    working = [one for one in leading_to(TASK.table) if one.kind is WORKING_FILE]
    deletion.remove(ASSET, asset, force=not (tasks and dependents.naming(tasks, working)))


def _end_entity(caller: Caller, number: int, entity: Record) -> None:
    del caller, number
    deletion.remove_unused(entity)


def _end_task(caller: Caller, number: int, task: Record) -> None:
    del caller, number
    remove_tasks([task])


def _end_note(caller: Caller, number: int, record: Record) -> None:
    """A comment alone, with what goes along by itself: notes change nothing of their tasks."""
    del caller, number

    def look(current: Record) -> None:
        protection.refuse_if_referenced(current)
        removal.clear_at_once([current], chosen=lambda relation: not relation.protects)

    protection.delete_unnamed(record, look, _tell)


def _end_preview(caller: Caller, number: int, preview: Record) -> None:
    """A preview goes with its files; its task and its entity fall back to another one."""
    del caller, number
    protection.refuse_if_referenced(preview)
    write(lambda changes: remove_previews(changes, [changes.read(PREVIEW_FILE, preview.id)]))


def _tell(changes: Changes, record: Record) -> None:
    task = reads.find(TASK, record["object_id"])
    project_id = task["project_id"] if task is not None else None
    emit(changes, f"{record.kind.event_name}:delete", project_id, record, **{record.kind.id_name: record.id})


def _end_generic(caller: Caller, number: int, record: Record) -> None:
    del number
    ALL[record.kind.table].delete(caller, record, {})


def _end_project(caller: Caller, number: int, project: Record) -> None:
    del caller, number
    delete_project(project, force=False)


def _end_connection(caller: Caller, number: int, project: Record) -> None:
    """The person leaves the team."""
    del caller
    write(partial(_leave, project_id=project.id, number=number))


def _leave(changes: Changes, project_id: str, number: int) -> None:
    project = changes.read(PROJECT, project_id)
    gone = _connection(project, number)
    if gone is None:
        return
    left = [one for one in project["shotgun_connections"] if one["id"] != number]
    team = [one for one in project["team"] if one != gone["person_id"]]
    changes.update(project, team=team, shotgun_connections=left)
    emit(changes, "project:update", project.id)


Find = Callable[[int], Record | None]
End = Callable[[Caller, int, Record], None]
# By the word in the path: how it is found, and how it goes.
_REMOVALS: Final[Mapping[str, tuple[Find, End]]] = {
    "asset": (partial(_entity, "Asset"), _end_asset),
    "episode": (partial(_entity, "Episode"), _end_entity),
    "note": (partial(_of_production, COMMENT), _end_note),
    "person": (partial(with_id, PERSON), _end_generic),
    "project": (partial(with_id, PROJECT), _end_project),
    "projectconnection": (_connected, _end_connection),
    "scene": (partial(_entity, "Scene"), _end_entity),
    "sequence": (partial(_entity, "Sequence"), _end_entity),
    "shot": (partial(_entity, "Shot"), _end_entity),
    "status": (partial(with_id, TASK_STATUS), _end_generic),
    "step": (partial(with_id, TASK_TYPE), _end_generic),
    "task": (partial(_of_production, TASK), _end_task),
    "version": (_preview, _end_preview),
}
WORDS: Final = tuple(_REMOVALS)
