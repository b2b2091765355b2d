"""The duration of a task: the sum of the time spent on it (docs/contract/tasks.md section 9)."""

from collections.abc import Iterable, Mapping, Sequence, Set
from functools import partial
from typing import Any

from chalicelib.domain.commands import found
from chalicelib.events.journal import emit
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK, TIME_SPENT
from chalicelib.store import homes, reads
from chalicelib.store.changes import Changes, write


def time_on(task: Record) -> list[Record]:
    """The time spent on a task, by day (one query)."""
    return reads.query(TIME_SPENT, homes.of(TASK, task), "task_id", ("^", f"{task.id}#"))


def total(time_spents: Iterable[Mapping[str, Any]]) -> float:
    """The minutes of these time spents."""
    return sum(spent["duration"] or 0 for spent in time_spents)


def recount(changes: Changes, task_id: str | None, changed: Record | None = None, gone: Set[str] = frozenset()) -> None:
    """Sums up anew inside a command: what is stored, with the entry that it `changed`, without those `gone`.

    Two reads; nothing for a task that is gone. The task is written on condition that it is as it was read, so of two
    entries at the same moment the second sums up again.
    """
    task = found(changes, TASK, task_id)
    if task is None:
        return
    entries = {entry.id: entry for entry in time_on(task)}
    if changed is not None:
        entries[changed.id] = changed
    counted = [one for one in entries.values() if one["task_id"] == task_id and one.id not in gone]
    changes.update(task, duration=total(counted))
    emit(changes, "task:update", task["project_id"], task_id=task.id)


def without(time_spents: Sequence[Record], gone: Set[str]) -> None:
    """Sums up the tasks of time that is about to go, without it; tasks that are `gone` are left alone."""
    ids = frozenset(one.id for one in time_spents)
    for task_id in {one["task_id"] for one in time_spents} - gone - {None}:
        write(partial(recount, task_id=task_id, gone=ids))
