"""The length of shots, taken from their previews (docs/contract/entities.md section 10)."""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import groupby
from typing import Any, Final

from chalicelib.domain.entities import lookup
from chalicelib.domain.entities.kinds import SHOT
from chalicelib.errors import Invalid
from chalicelib.records import measures
from chalicelib.records.entities import ENTITY
from chalicelib.records.files import PREVIEW_FILE
from chalicelib.records.production import TASK_TYPE
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.store import keys, reads, reference
from chalicelib.store.changes import Changes, write

# Each with its event.
_SHOTS_A_WRITE: Final = 40


def set_from_previews(project: Record, task_type_id: str, episode_id: str | None) -> list[dict[str, Any]]:
    """Sets `nb_frames` of each shot with a preview on a task of that type to the length of the newest one.

    episode_id: the shots of that episode alone. Gives `{id, nb_frames}` of the shots set. Raises Invalid for a
    malformed id. One query for the tasks of the type, one a task for its previews, side by side.
    """
    for name, asked in (("task_type_id", task_type_id), ("episode_id", episode_id)):
        if asked is not None and not keys.is_id(asked):
            raise Invalid(f"{name}: {asked!r} is not an id.", name, "an id")
    shots = _shots(project, episode_id)
    task_type = reference.find(TASK_TYPE, task_type_id)
    tasks = _tasks(project, task_type, shots) if task_type else []
    lengths = _lengths(project, tasks)
    found = [{"id": shot_id, "nb_frames": frames} for shot_id, frames in lengths.items()]
    for start in range(0, len(found), _SHOTS_A_WRITE):
        write(partial(_store, found=found[start : start + _SHOTS_A_WRITE]))
    return found


def _shots(project: Record, episode_id: str | None) -> set[str]:
    entities = lookup.of_production(project.id).records
    shots = [entity for entity in entities.values() if SHOT.is_of(entity)]
    if episode_id is None:
        return {shot.id for shot in shots}
    inside = {one.id for one in entities.values() if one["parent_id"] == episode_id.lower()}
    return {shot.id for shot in shots if shot["parent_id"] in inside}


def _tasks(project: Record, task_type: Record, shots: set[str]) -> list[Record]:
    home = keys.home_of_owner(project.id)
    found = reads.query(TASK, home, "task_type_id", ("=", task_type.id))
    return sorted((task for task in found if task["entity_id"] in shots), key=lambda task: str(task["entity_id"]))


def _lengths(project: Record, tasks: Sequence[Record]) -> dict[str, int]:
    home = keys.home_of_owner(project.id)
    queries: list[Callable[[], list[Record]]] = [
        partial(reads.query, PREVIEW_FILE, home, "task_id", ("^", f"{task.id}#")) for task in tasks
    ]
    by_task = zip(tasks, reads.parallel(queries), strict=True)
    lengths: dict[str, int] = {}
    for shot_id, group in groupby(by_task, key=lambda one: str(one[0]["entity_id"])):
        previews = [preview for _, found in group for preview in found]
        if previews:
            newest = max(previews, key=lambda preview: (preview["created_at"] or "", preview["revision"] or 0))
            lengths[shot_id] = round((newest["duration"] or 0) * measures.frames_per_second(project["fps"]))
    return lengths


def _store(changes: Changes, found: Sequence[dict[str, Any]]) -> None:
    frames = {one["id"]: one["nb_frames"] for one in found}
    for shot in reads.get_many(ENTITY, frames):
        changes.update(shot, nb_frames=frames[shot.id])
