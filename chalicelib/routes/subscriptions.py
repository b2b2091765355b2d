"""Subscriptions to tasks, and to task types in sequences (docs/contract/people.md section 13)."""

from typing import Any

from chalicelib.access import checks, rules
from chalicelib.access.rules import Rule
from chalicelib.domain.entities.kinds import SEQUENCE
from chalicelib.domain.notifications import subscriptions
from chalicelib.http.answers import Answer, no_content
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.records.entities import ENTITY
from chalicelib.records.people import SUBSCRIPTION
from chalicelib.records.production import PROJECT
from chalicelib.records.record import plain
from chalicelib.records.tasks import TASK
from chalicelib.routes.answer_schemas import Shown

area = Area("subscriptions", "What people want to hear of.")


_of_task: Rule = rules.of_record("task access, no bots", TASK, "task_id", checks.see_task, bots=False)
_of_sequence: Rule = rules.of_record(
    "entity access, no bots", ENTITY, "sequence_id", SEQUENCE.require, checks.see_entity, bots=False
)
_of_project: Rule = rules.of_record("project access, no bots", PROJECT, "project_id", checks.see_project, bots=False)


@area.get("/data/user/tasks/{task_id}/subscribed", access=rules.person, answer=bool)
def is_task_followed(call: Call) -> bool:
    """Tells whether the caller subscribed to a task; false for an unknown one."""
    return subscriptions.is_subscribed({"person_id": call.caller.id, "task_id": call.params["task_id"].lower()})


@area.post("/actions/user/tasks/{task_id}/subscribe", access=_of_task, answer=Shown(SUBSCRIPTION), status=201)
def follow_task(call: Call) -> Any:
    """Subscribes the caller to a task."""
    return plain(subscriptions.subscribe(subscriptions.of_task(call.caller, call.subject)))


@area.delete("/actions/user/tasks/{task_id}/unsubscribe", access=_of_task, status=204)
def leave_task(call: Call) -> Answer:
    """Ends the caller's subscription to a task."""
    subscriptions.unsubscribe(subscriptions.of_task(call.caller, call.subject))
    return no_content()


@area.get("/data/user/entities/{sequence_id}/task-types/{task_type_id}/subscribed", access=_of_sequence, answer=bool)
def is_sequence_followed(call: Call) -> bool:
    """Tells whether the caller subscribed to a task type in a sequence."""
    wanted = subscriptions.of_sequence(call.caller, call.subject, call.params["task_type_id"])
    return subscriptions.is_subscribed(wanted)


@area.post(
    "/actions/user/sequences/{sequence_id}/task-types/{task_type_id}/subscribe",
    access=_of_sequence,
    answer=Shown(SUBSCRIPTION),
    status=201,
)
def follow_sequence(call: Call) -> Any:
    """Subscribes the caller to a task type in a sequence."""
    wanted = subscriptions.of_sequence(call.caller, call.subject, call.params["task_type_id"])
    return plain(subscriptions.subscribe(wanted))


@area.delete(
    "/actions/user/sequences/{sequence_id}/task-types/{task_type_id}/unsubscribe", access=_of_sequence, status=204
)
def leave_sequence(call: Call) -> Answer:
    """Ends the caller's subscription to a task type in a sequence."""
    subscriptions.unsubscribe(subscriptions.of_sequence(call.caller, call.subject, call.params["task_type_id"]))
    return no_content()


@area.get("/data/user/projects/{project_id}/task-types/{task_type_id}/sequence-subscriptions", access=_of_project)
def list_followed_sequences(call: Call) -> list[str]:
    """Lists the sequences in which the caller follows a task type."""
    return subscriptions.sequences_followed(call.caller, call.subject, call.params["task_type_id"])


@area.get(
    "/data/projects/{project_id}/subscriptions",
    access=rules.project_admin(),
    answer=Shown(SUBSCRIPTION, many=True),
)
def list_subscriptions_of_project(call: Call) -> list[Any]:
    """Lists the subscriptions to tasks of a production."""
    return [plain(one) for one in subscriptions.to_tasks(call.subject)]
