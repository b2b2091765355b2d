"""The preview that stands for an entity, and the last one of a task (docs/contract/files.md 6.3 and 6.5)."""

from typing import Final

from chalicelib.domain.files.reading import found
from chalicelib.domain.production.entity_types import kind_name
from chalicelib.events.journal import emit
from chalicelib.media import keys
from chalicelib.records.entities import ENTITY
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record
from chalicelib.store import reference
from chalicelib.store.changes import Changes

_NAMED: Final = ("shot", "scene", "sequence", "episode", "concept")


def counts(preview: Record) -> bool:
    """Whether a preview can be the last one of its task: the first of its revision, ready, with a picture."""
    return preview["position"] == 1 and keys.entry(preview.get("stored"), keys.THUMBNAIL) is not None


def entity_of(changes: Changes, task: Record) -> Record | None:
    """The entity of a task as the command sees it, or None."""
    return found(changes, ENTITY, task["entity_id"])


def become_last(changes: Changes, preview: Record, task: Record) -> None:
    """Makes a preview the last one of its task, and of the entity where the production wants that.

    task: as the command sees it.
    """
    if not counts(preview):
        return
    changes.update(task, last_preview_file_id=preview.id)
    project = reference.find(PROJECT, task["project_id"])
    if project is None or not project["is_set_preview_automated"]:
        return
    entity = entity_of(changes, task)
    if entity is not None:
        set_main(changes, entity, preview)


def set_main(changes: Changes, entity: Record, preview: Record | None) -> Record:
    """Makes a preview (or none) the picture of an entity; its events tell those who show it."""
    changed = changes.update(entity, preview_file_id=preview.id if preview else None)
    if preview is not None:
        told = {"entity_id": entity.id, "preview_file_id": preview.id}
        emit(changes, "preview-file:set-main", entity["project_id"], **told)
    kind = kind_name(entity["entity_type_id"]).lower()
    kind = kind if kind in _NAMED else "asset"
    emit(changes, f"{kind}:update", entity["project_id"], **{f"{kind}_id": entity.id})
    return changed
