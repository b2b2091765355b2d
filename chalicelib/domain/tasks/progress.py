"""What the latest comment of a task does to its status, dates and counters (docs/contract/tasks.md 6.3)."""

from typing import Any

from chalicelib.domain.counters.progress import starts_work
from chalicelib.events.journal import emit
from chalicelib.records import clock
from chalicelib.records.record import Record
from chalicelib.store.changes import Changes


def is_latest(task: Record, created_at: str) -> bool:
    """Whether a comment of that moment is the latest of a task, to the second."""
    last: str | None = task["last_comment_date"]
    return last is None or clock.shown(last) <= clock.shown(created_at)


def advanced(task: Record, status: Record, created_at: str) -> dict[str, Any]:
    """What the latest comment changes on its task; nothing is ever taken back."""
    changed: dict[str, Any] = {"task_status_id": status.id, "last_comment_date": created_at}
    if task["task_status_id"] == status.id:
        return changed
    now = clock.now()
    if status["is_retake"]:
        changed["retake_count"] = (task["retake_count"] or 0) + 1
    if status["is_feedback_request"]:
        changed["end_date"] = now
    if starts_work(status) and task["real_start_date"] is None:
        changed["real_start_date"] = now
    if status["is_done"]:
        changed["done_date"] = now
    return changed


def emit_status_change(
    changes: Changes, task: Record, before: str | None, after: str | None, author_id: str | None
) -> None:
    """Adds the event of another status; `author_id` wrote the comment behind it."""
    payload = {"new_task_status_id": after, "previous_task_status_id": before, "person_id": author_id}
    emit(changes, "task:status-changed", task["project_id"], task_id=task.id, **payload)
