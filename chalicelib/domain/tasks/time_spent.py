"""Noting the time somebody worked on a task on a day (docs/contract/tasks.md section 9)."""

from typing import Any

from chalicelib.domain.counters import durations
from chalicelib.domain.people import presence
from chalicelib.errors import Invalid, NotFound
from chalicelib.events.journal import emit
from chalicelib.records.record import Record, plain, shown
from chalicelib.records.tasks import TASK, TIME_SPENT
from chalicelib.store import homes, keys, reads
from chalicelib.store.changes import Changes, write


def note(task: Record, person: Record, day: str, minutes: Any, add: bool = False) -> Record:
    """Sets the time of a person on a task and day, or adds to it. Invalid for what is not above zero."""
    wanted = _minutes(minutes)

    def command(changes: Changes) -> Record:
        found = _found(changes, task, person.id, day)
        total = wanted + (found["duration"] if found and add else 0)
        if found is None:
            values = {"task_id": task.id, "person_id": person.id, "date": day, "duration": total}
            entry = changes.create(TIME_SPENT, values)
            presence.move_on(changes, person.id, day)
        else:
            entry = changes.update(found, duration=total)
        verb = "update" if found else "new"
        emit(changes, f"time-spent:{verb}", task["project_id"], entry, time_spent_id=entry.id)
        durations.recount(changes, task.id, changed=entry)
        return entry

    return write(command)


def forget(task: Record, person: Record, day: str) -> dict[str, Any]:
    """Takes the time of a person on a task and day away; the entry as it was, without minutes. NotFound for none."""

    def command(changes: Changes) -> Record:
        found = _found(changes, task, person.id, day)
        if found is None:
            raise NotFound("There is no time of this person on this task and day.", {"date": day})
        changes.delete(found)
        emit(changes, "time-spent:delete", task["project_id"], found, time_spent_id=found.id)
        durations.recount(changes, task.id, gone={found.id})
        return found

    return shown(write(command), duration=0)


def on_task(task: Record, day: str | None = None) -> dict[str, Any]:
    """The time noted on a task, or on one day, by person, with its sum: one query."""
    condition = ("^", f"{task.id}#{day or ''}")
    entries = reads.query(TIME_SPENT, homes.of(TASK, task), "task_id", condition)
    told: dict[str, Any] = {"total": sum(entry["duration"] for entry in entries)}
    for entry in entries:
        told.setdefault(entry["person_id"], []).append(plain(entry))
    return told


def of_production(project: Record) -> list[Record]:
    """The time noted on the tasks of a production: one query."""
    return reads.query(TIME_SPENT, keys.home_of_owner(project.id))


def of_person_on_task(person: Record, task: Record, day: str) -> Record | None:
    """The time of a person on a task and day, or None (two reads)."""
    holder = _holder(task, person.id, day)
    return reads.find(TIME_SPENT, holder) if holder else None


def _found(changes: Changes, task: Record, person_id: str, day: str) -> Record | None:
    holder = _holder(task, person_id, day)
    return changes.read(TIME_SPENT, holder) if holder else None


def _holder(task: Record, person_id: str, day: str) -> str | None:
    values = {"person_id": person_id, "task_id": task.id, "date": day}
    return reads.holder(TIME_SPENT, homes.of(TASK, task), TIME_SPENT.unique_together[0], values)


def _minutes(given: Any) -> int:
    try:
        minutes = int(float(given))
    except (TypeError, ValueError, OverflowError):
        minutes = 0
    if isinstance(given, bool) or minutes <= 0:
        raise Invalid("duration is not above zero.", "duration", "a number of minutes above zero")
    return minutes
