"""Sending a task to review: a status and an event, no comment (docs/contract/tasks.md 6.11)."""

from dataclasses import dataclass
from typing import Any, Final

from chalicelib.access.caller import Caller
from chalicelib.domain.commands import Known
from chalicelib.domain.tasks.assignment import person_named
from chalicelib.domain.tasks.presentation import person_row
from chalicelib.domain.workflow import task_statuses
from chalicelib.events.journal import emit
from chalicelib.records.entities import ENTITY, ENTITY_TYPE
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record, plain, shown
from chalicelib.store import reads, reference
from chalicelib.store.changes import Changes, write

_NO_PATH: Final = {"folder_path": "", "file_name": ""}


@dataclass(frozen=True)
class Review:
    """What is sent along: by whom (None: the caller), with which words, where the preview lies."""

    person_id: str | None = None
    comment: str = ""
    change_status: bool = True
    preview_path: dict[str, str] | None = None


def send(caller: Caller, task: Record, review: Review) -> dict[str, Any]:
    """Sets the status for review and tells those who listen.

    Invalid for an unknown person. The answer is the task with `project, entity, entity_type, person, comment,
    preview_path`.
    """
    person = person_named(review.person_id) if review.person_id else caller.person
    status = task_statuses.for_review() if review.change_status else None
    entity = reads.get(ENTITY, task["entity_id"] or "")
    known = Known(task)

    def command(changes: Changes) -> Record:
        current = known.read(changes)
        changed = current
        if status is not None:
            changed = changes.update(current, task_status_id=status.id)
            emit(changes, "task:update", task["project_id"], task_id=task.id)
        emit(changes, "task:to-review", task["project_id"], **_told(current, entity, person, review))
        return changed

    return _shown(caller, write(command), entity, person, review)


def _told(task: Record, entity: Record, person: Record, review: Review) -> dict[str, Any]:
    return {
        "task_id": task.id,
        "task_shotgun_id": task["shotgun_id"],
        "entity_type_name": reference.get(ENTITY_TYPE, entity["entity_type_id"])["name"],
        "previous_task_status_id": task["task_status_id"],
        "entity_shotgun_id": entity["shotgun_id"],
        "project_shotgun_id": reference.get(PROJECT, task["project_id"])["shotgun_id"],
        "person_shotgun_id": person["shotgun_id"],
        "comment": review.comment,
        "preview_path": review.preview_path or _NO_PATH,
        "change_status": review.change_status,
    }


def _shown(caller: Caller, task: Record, entity: Record, person: Record, review: Review) -> dict[str, Any]:
    return shown(
        task,
        project=plain(reference.get(PROJECT, task["project_id"])),
        entity=shown(entity, type=ENTITY.name),
        entity_type=plain(reference.get(ENTITY_TYPE, entity["entity_type_id"])),
        person=person_row(caller, person),
        comment=review.comment,
        preview_path=review.preview_path or _NO_PATH,
    )
