"""Who works on what: assigning persons to tasks (docs/contract/tasks.md section 5)."""

from typing import Any

import msgspec

from chalicelib.access import checks, rules
from chalicelib.domain.tasks import assignment
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.records.record import related
from chalicelib.records.tasks import TASK
from chalicelib.routes.answer_schemas import Shown

area = Area("assignments", "Who works on which task.")

# Who may assign whom depends on the person; whoever may is in the team.
_assigner = rules.of_record(
    "may assign", TASK, "task_id", lambda caller, task: checks.see_project(caller, checks.project_of(task))
)


class Assignee(msgspec.Struct):
    """Who is assigned."""

    person_id: str


class TasksToAssign(msgspec.Struct):
    """The tasks somebody is assigned to; gazu names a single one as text."""

    task_ids: list[Any] | str


class Clearing(msgspec.Struct):
    """The tasks that a person is taken off; nobody named: everybody is."""

    task_ids: list[Any]
    person_id: str | None = None


@area.put("/actions/tasks/{task_id}/assign", access=_assigner, body=Assignee, answer=Shown(TASK))
def assign_task(call: Call) -> Any:
    """Assigns a person to a task."""
    person = assignment.person_named(call.body.person_id)
    assignment.may_assign(call.caller, call.subject, person)
    return related(assignment.assign(call.caller, person, [call.subject])[0])


@area.put(
    "/actions/persons/{person_id}/assign", access=rules.signed_in, body=TasksToAssign, answer=Shown(TASK, many=True)
)
def assign_tasks(call: Call) -> Any:
    """Assigns a person to tasks; those that the caller may not assign are left out."""
    person = assignment.person_named(call.params["person_id"])
    named = call.body.task_ids
    tasks = assignment.assignable(call.caller, person, [named] if isinstance(named, str) else named)
    return [related(task) for task in assignment.assign(call.caller, person, tasks)]


@area.put("/actions/tasks/clear-assignation", access=rules.signed_in, body=Clearing, answer=list[str])
def clear_assignation(call: Call) -> Any:
    """Takes a person, or everybody, off tasks; the ids of those where the caller may."""
    tasks = assignment.tasks_named(call.body.task_ids)
    person_id = assignment.person_named(call.body.person_id).id if call.body.person_id else None
    return assignment.clear(call.caller, tasks, person_id)
