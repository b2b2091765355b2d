"""Lists of work: what people have to do, have done and have to check, and when they are busy.

Source: docs/contract/tasks.md 11.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

import msgspec

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.domain.tasks import lists
from chalicelib.domain.tasks.todo_rows import rows
from chalicelib.records import clock
from chalicelib.records.people import PERSON
from chalicelib.records.production import TASK_STATUS
from chalicelib.records.record import Record, plain
from chalicelib.records.tasks import TASK
from chalicelib.store import keys, reads, reference

Test = Callable[[Record], bool]


def to_do(caller: Caller, person: Record) -> list[dict[str, Any]]:
    """What somebody is assigned to and has not done, in the open productions of the caller."""
    return rows(caller, _assigned(caller, person, lambda status: not status["is_done"]))


def done(caller: Caller, person: Record) -> list[dict[str, Any]]:
    """What somebody is assigned to and has done, in the open productions of the caller; what ended last comes first."""
    tasks = _assigned(caller, person, lambda status: bool(status["is_done"]))
    return rows(caller, sorted(tasks, key=lambda task: task["end_date"] or "", reverse=True))


def to_check(caller: Caller) -> list[dict[str, Any]]:
    """What waits for an answer in the caller's open productions; of supervisors, in their departments.

    A query a production and status, side by side. Nothing for artists, clients and vendors.
    """
    if not caller.is_supervisor:
        return []
    statuses = [one.id for one in reference.every(TASK_STATUS).values() if one["is_feedback_request"]]
    homes = [keys.home_of_owner(project.id) for project in checks.projects_of(caller)]
    queries = [
        partial(reads.query, TASK, home, "task_status_id", ("=", status_id)) for home in homes for status_id in statuses
    ]
    waiting = [task for part in reads.parallel(queries) for task in part]
    led = [task for task in waiting if caller.is_manager or checks.leads_task(caller, task)]
    return rows(caller, led, resolve_sources=False)


def related(caller: Caller, person: Record, task_type: Record) -> list[Any]:
    """The tasks of a type on what a person is assigned to, in the caller's open productions: a query a production."""
    known = {project.id for project in checks.projects_of(caller)}
    edges = [edge for edge in reads.edges(TASK, "assignees", person.id) if edge["project_id"] in known]
    entities = {edge["entity_id"] for edge in edges}
    projects = {edge["project_id"] for edge in edges}
    found = reads.parallel([partial(lists.of_type, project_id, task_type.id) for project_id in projects])
    return [plain(task) for part in found for task in part if task["entity_id"] in entities]


class _Plan(msgspec.Struct):
    """When a task is planned."""

    start_date: str | None = None
    due_date: str | None = None


class _Assigned(msgspec.Struct):
    """Who a task is assigned to."""

    assignees: list[str] = []


_plan = msgspec.json.Decoder(_Plan).decode
_assigned_to = msgspec.json.Decoder(_Assigned).decode


def dates(caller: Caller) -> list[dict[str, str]]:
    """When each active person with a task in an open production begins and ends: `{person_id, min_date, max_date}`.

    Looks through the tasks of all open productions, a query each side by side; of a task no more than this is parsed.
    """
    spans: dict[str, tuple[list[str], list[str]]] = {}
    homes = [keys.home_of_owner(project.id) for project in checks.projects_of(caller)]
    for part in reads.parallel([partial(reads.rows, keys.partition(home, TASK)) for home in homes]):
        for texts in filter(None, map(reads.texts_if_there, part)):
            plan, assignees = _plan(texts.doc), _assigned_to(texts.ids).assignees if texts.ids else ()
            for person_id in assignees:
                starts, ends = spans.setdefault(person_id, ([], []))
                starts += [plan.start_date] if plan.start_date else []
                ends += [plan.due_date] if plan.due_date else []
    active = {one.id for one in reference.every(PERSON).values() if one["active"]}
    return [
        {"person_id": person_id, "min_date": _told(min(starts, default="")), "max_date": _told(max(ends, default=""))}
        for person_id, (starts, ends) in spans.items()
        if person_id in active
    ]


def _told(moment: str) -> str:
    """A moment as this list tells it, the text `None` where there is none."""
    return clock.shown(moment).replace("T", " ") if moment else "None"


def _assigned(caller: Caller, person: Record, holds: Test) -> Sequence[Record]:
    """The tasks of a person in the caller's open productions with such a status: one query, one read a hundred.

    Clients learn of nobody's, vendors of their own alone.
    """
    if caller.id != person.id and (caller.is_client or caller.is_vendor):
        return []
    known = {project.id for project in checks.projects_of(caller)}
    edges: Iterable[dict[str, Any]] = reads.edges(TASK, "assignees", person.id)
    tasks = reads.get_many(TASK, (edge["id"] for edge in edges if edge["project_id"] in known))
    statuses = {one.id for one in reference.every(TASK_STATUS).values() if holds(one)}
    return [task for task in tasks if task["task_status_id"] in statuses]
