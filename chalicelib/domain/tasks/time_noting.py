"""Noting the time somebody worked on a task on a day (spec/tasks.md section 9)."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.domain.people import presence
from chalicelib.domain.tasks import duration
from chalicelib.errors import Forbidden, Invalid, NotFound
from chalicelib.events.journal import emit
from chalicelib.records.production import PROJECT, TASK_TYPE
from chalicelib.records.record import Record, plain, shown
from chalicelib.records.tasks import TASK, TIME_SPENT
from chalicelib.store import keys, reads, reference
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
        emit(changes, f"time-spent:{'update' if found else 'new'}", task["project_id"], time_spent_id=entry.id)
        duration.recount(changes, task.id, changed=entry)
        return entry

    return write(command)


def forget(task: Record, person: Record, day: str) -> dict[str, Any]:
    """Takes the time of a person on a task and day away; the entry as it was, without minutes. NotFound for none."""

    def command(changes: Changes) -> Record:
        found = _found(changes, task, person.id, day)
        if found is None:
            raise NotFound("There is no time of this person on this task and day.", {"date": day})
        changes.delete(found)
        emit(changes, "time-spent:delete", task["project_id"], time_spent_id=found.id)
        duration.recount(changes, task.id, gone=found.id)
        return found

    return shown(write(command), duration=0)


def on_task(task: Record, day: str | None = None) -> dict[str, Any]:
    """The time noted on a task, or on one day, by person, with its sum: one query."""
    condition = ("^", f"{task.id}#{day or ''}")
    entries = reads.query(TIME_SPENT, reads.home_of(TASK, task), "l1", condition)
    told: dict[str, Any] = {"total": sum(entry["duration"] for entry in entries)}
    for entry in entries:
        told.setdefault(entry["person_id"], []).append(plain(entry))
    return told


def of_production(project: Record) -> list[Record]:
    """The time noted on the tasks of a production: one query."""
    return reads.query(TIME_SPENT, keys.home_of_owner(project.id))


def of_person(caller: Caller, person: Record, day: str | None = None) -> list[Record]:
    """The time of a person, or that of one day, as far as the caller may know of it: a query a production."""
    projects = _in_scope(caller, person)
    condition = ("^", f"{person.id}#{day or ''}")
    looks = [partial(reads.query, TIME_SPENT, keys.home_of_owner(project.id), "l2", condition) for project in projects]
    entries = [entry for part in reads.parallel(looks) for entry in part]
    return entries if _sees_all(caller, person) or not caller.departments else _of_departments(caller, entries)


def see(caller: Caller, person: Record) -> None:
    """Oneself, and supervisors or more, who see what is theirs; a bot has no time."""
    checks.about_person(caller, person)
    if caller.id != person.id and not caller.is_supervisor:
        raise Forbidden


def _sees_all(caller: Caller, person: Record) -> bool:
    return caller.id == person.id or caller.is_manager


def _in_scope(caller: Caller, person: Record) -> Iterable[Record]:
    if caller.id == person.id:
        return reference.every(PROJECT).values()
    return checks.projects_of(caller, open_only=False)


def _of_departments(caller: Caller, entries: list[Record]) -> list[Record]:
    led = {one.id for one in reference.every(TASK_TYPE).values() if one["department_id"] in caller.departments}
    tasks = reads.get_many(TASK, {entry["task_id"] for entry in entries})
    known = {task.id for task in tasks if task["task_type_id"] in led}
    return [entry for entry in entries if entry["task_id"] in known]


def _found(changes: Changes, task: Record, person_id: str, day: str) -> Record | None:
    values = {"person_id": person_id, "task_id": task.id, "date": day}
    fields = TIME_SPENT.unique_together[0]
    holder = reads.holder(TIME_SPENT, reads.home_of(TASK, task), fields, values)
    return changes.read(TIME_SPENT, holder) if holder else None


def _minutes(given: Any) -> int:
    try:
        minutes = int(float(given))
    except (TypeError, ValueError, OverflowError):
        minutes = 0
    if isinstance(given, bool) or minutes <= 0:
        raise Invalid("duration is not above zero.", "duration", "a number of minutes above zero")
    return minutes
