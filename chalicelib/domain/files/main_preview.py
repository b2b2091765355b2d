"""The preview that stands for an entity, and the last one of a task (docs/contract/files.md 6.3 and 6.5)."""

from chalicelib.domain.counters.main_previews import counts, entity_of, set_main
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record
from chalicelib.store import reference
from chalicelib.store.changes import Changes


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
