"""The duration of a task: the sum of the time spent on it (docs/contract/tasks.md section 9)."""

from chalicelib.domain.tasks import progress
from chalicelib.errors import NotFound
from chalicelib.events.journal import emit
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.store.changes import Changes


def recount(changes: Changes, task_id: str | None, changed: Record | None = None, gone: str | None = None) -> None:
    """Sums up anew inside a command: what is stored, with the entry that it `changed`, without the one `gone`.

    Two reads; nothing for a task that is gone. The task is written on condition that it is as it was read, so of two
    entries at the same moment the second sums up again.
    """
    try:
        task = changes.read(TASK, task_id or "")
    except NotFound:
        return
    entries = {entry.id: entry for entry in progress.time_on(task)}
    if changed is not None:
        entries[changed.id] = changed
    entries.pop(gone or "", None)
    counted = [entry for entry in entries.values() if entry["task_id"] == task_id]
    changes.update(task, duration=progress.total(counted))
    emit(changes, "task:update", task["project_id"], task_id=task.id)
