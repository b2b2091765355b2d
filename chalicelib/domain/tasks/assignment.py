"""Assigning persons to tasks, and taking them off (docs/contract/tasks.md section 5)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, Final

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.domain.commands import Known
from chalicelib.domain.notifications.creation import Notice, notify
from chalicelib.domain.tasks.validation import MOST_ASSIGNEES
from chalicelib.errors import Forbidden, Invalid, NotFound
from chalicelib.events.journal import emit
from chalicelib.records.people import PERSON
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.store import keys, reads, reference, transaction_groups
from chalicelib.store.changes import Changes, write

# A task: itself, an edge, a notification, three events; besides, once, the production, its event and the stamp.
_TASKS_A_WRITE: Final = 15
# Taking a person off is an edge and an event.
_PERSONS_A_WRITE: Final = 40


def person_named(person_id: str) -> Record:
    """The person a request names; Invalid for an unknown one."""
    person = reference.find(PERSON, person_id)
    if person is None:
        raise Invalid("There is no such person.", "person_id", "the id of a person")
    return person


def may_assign(caller: Caller, task: Record, person: Record) -> None:
    """Raises Forbidden where the caller may not assign this person, and for a bot."""
    if person["is_bot"]:
        raise Forbidden("A bot is assigned to nothing.")
    checks.assign(caller, task, person)


def assignable(caller: Caller, person: Record, ids: Sequence[Any]) -> list[Record]:
    """The tasks among these to which the caller may assign a person; unknown ones are left out, too."""
    return [task for task in tasks_named(ids) if _passes(may_assign, caller, task, person)]


def _passes(test: Callable[..., None], *arguments: Any) -> bool:
    try:
        test(*arguments)
    except (Forbidden, NotFound):
        return False
    return True


def assign(caller: Caller, person: Record, tasks: Sequence[Record]) -> list[Record]:
    """Assigns a person to tasks, as they were read for this request; the person joins the team of their productions.

    Who is assigned by somebody else is notified, each time. Invalid for a task with too many assignees already.
    """
    assigned: list[Record] = []
    for start in range(0, len(tasks), _TASKS_A_WRITE):
        known = [Known(task) for task in tasks[start : start + _TASKS_A_WRITE]]
        assigned += write(partial(_assigned, known=known, caller=caller, person=person))
    return assigned


def _assigned(changes: Changes, known: Sequence[Known], caller: Caller, person: Record) -> list[Record]:
    changed = [_add(changes, task, caller, person) for task in [one.read(changes) for one in known]]
    for project_id in {task["project_id"] for task in changed}:
        _join_team(changes, project_id, person)
    if person.id != caller.id:
        notify(changes, [Notice("assignation", person.id, caller.id, task) for task in changed])
    return [changes.read(TASK, task.id) for task in changed]


def _add(changes: Changes, task: Record, caller: Caller, person: Record) -> Record:
    assignees = list(dict.fromkeys([*task["assignees"], person.id]))
    if len(assignees) > MOST_ASSIGNEES:
        raise Invalid(f"A task has at most {MOST_ASSIGNEES} assignees.", "person_id", "fewer persons")
    changed = changes.update(task, assignees=assignees, assigner_id=caller.id)
    emit(changes, "task:assign", task["project_id"], task_id=task.id, person_id=person.id)
    emit(changes, "task:update", task["project_id"], task_id=task.id)
    return changed


def _join_team(changes: Changes, project_id: str, person: Record) -> None:
    if person.id in reference.get(PROJECT, project_id)["team"]:
        return
    project = changes.read(PROJECT, project_id)
    if person.id not in project["team"]:
        changes.update(project, team=[*project["team"], person.id])
        emit(changes, "project:update", project_id)


def clear(caller: Caller, tasks: Iterable[Record], person_id: str | None) -> list[str]:
    """Takes a person off tasks, or everybody; the ids of the tasks where the caller may do that."""
    allowed = [task for task in tasks if _passes(checks.unassign, caller, task, person_id)]
    for group in transaction_groups.fitting(_steps(allowed, person_id), _items_of):
        known = [(Known(task), persons) for task, persons in group]
        write(partial(_taken_off, known=known))
    return [task.id for task in allowed]


def _steps(tasks: Iterable[Record], person_id: str | None) -> Iterator[tuple[Record, Sequence[str]]]:
    """Tasks with the persons to take off each, as many as fit a transaction; nobody too, for the task tells of it."""
    for task in tasks:
        persons = [person_id] if person_id else task["assignees"]
        for start in range(0, max(len(persons), 1), _PERSONS_A_WRITE):
            yield task, persons[start : start + _PERSONS_A_WRITE]


def _items_of(step: tuple[Record, Sequence[str]]) -> int:
    """A task and its event, an edge and an event a person."""
    return 2 + 2 * len(step[1])


def _taken_off(changes: Changes, known: Sequence[tuple[Known, Sequence[str]]]) -> None:
    for task, persons in [(one.read(changes), persons) for one, persons in known]:
        changes.update(task, assignees=[one for one in task["assignees"] if one not in persons])
        for person_id in persons:
            emit(changes, "task:unassign", task["project_id"], task_id=task.id, person_id=person_id)
        emit(changes, "task:update", task["project_id"], task_id=task.id)


def tasks_named(ids: Sequence[Any]) -> list[Record]:
    """The tasks a request lists; unknown and malformed ids are left out."""
    return reads.get_many(TASK, (one for one in ids if keys.is_id(one)))
