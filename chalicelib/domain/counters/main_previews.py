"""The last preview of a task and the picture of its entity, told by what is there (docs/contract/files.md 6.8)."""

from collections.abc import Sequence, Set
from functools import partial
from typing import Final

from chalicelib.domain.commands import found
from chalicelib.domain.workflow.entity_types import kind_name
from chalicelib.events.journal import emit
from chalicelib.media import keys
from chalicelib.records.entities import ENTITY
from chalicelib.records.files import PREVIEW_FILE
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.store import homes, reads, reference
from chalicelib.store.changes import Changes, write

_NAMED: Final = ("shot", "scene", "sequence", "episode", "concept")


def of_task(task_id: str) -> list[Record]:
    """The previews of a task, the first made first (one query)."""
    home = homes.of(PREVIEW_FILE, {"task_id": task_id})
    return reads.query(PREVIEW_FILE, home, "task_id", ("^", f"{task_id}#"))


def counts(preview: Record) -> bool:
    """Whether a preview can be the last one of its task: the first of its revision, ready, with a picture."""
    return preview["position"] == 1 and keys.entry(preview.get("stored"), keys.THUMBNAIL) is not None


def entity_of(changes: Changes, task: Record) -> Record | None:
    """The entity of a task as the command sees it, or None."""
    return found(changes, ENTITY, task["entity_id"])


def set_main(changes: Changes, entity: Record, preview: Record | None) -> Record:
    """Makes a preview (or none) the picture of an entity; its events tell those who show it."""
    changed = changes.update(entity, preview_file_id=preview.id if preview else None)
    if preview is not None:
        payload = {"entity_id": entity.id, "preview_file_id": preview.id}
        emit(changes, "preview-file:set-main", entity["project_id"], **payload)
    kind = kind_name(entity["entity_type_id"]).lower()
    kind = kind if kind in _NAMED else "asset"
    emit(changes, f"{kind}:update", entity["project_id"], **{f"{kind}_id": entity.id})
    return changed


def fall_back(changes: Changes, task_id: str, gone: Set[str]) -> None:
    """Inside a command: a task and its entity fall back to the newest preview in first position that is left."""
    task = found(changes, TASK, task_id)
    if task is None:
        return
    left = [one for one in of_task(task_id) if one.id not in gone and counts(one)]
    newest = left[-1] if left else None
    if task["last_preview_file_id"] in gone:
        changes.update(task, last_preview_file_id=newest.id if newest else None)
    let_go(changes, task, gone, newest)


def let_go(changes: Changes, task: Record, gone: Set[str], newest: Record | None = None) -> None:
    """Inside a command: the entity of a task is shown by none of these previews any more, by the `newest` maybe."""
    entity = entity_of(changes, task)
    if entity is None or entity["preview_file_id"] not in gone:
        return
    project = reference.find(PROJECT, task["project_id"])
    automated = project is not None and project["is_set_preview_automated"]
    set_main(changes, entity, newest if automated else None)


def without(previews: Sequence[Record], gone: Set[str]) -> None:
    """Previews are about to go: their tasks and entities fall back to what is left; of tasks `gone` the entities do."""
    ids = frozenset(one.id for one in previews)
    for task_id in {one["task_id"] for one in previews if one["task_id"]}:
        write(partial(_without, task_id=task_id, ids=ids, gone=gone))


def _without(changes: Changes, task_id: str, ids: Set[str], gone: Set[str]) -> None:
    if task_id not in gone:
        fall_back(changes, task_id, ids)
        return
    task = found(changes, TASK, task_id)
    if task is not None and task["entity_id"] not in gone:
        let_go(changes, task, ids)
