"""Lists of work: what people have to do, have done and have to check (docs/contract/tasks.md section 11)."""

from typing import Any

from chalicelib.access import checks, rules
from chalicelib.domain.tasks import todos
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.records.people import PERSON
from chalicelib.records.production import TASK_TYPE
from chalicelib.records.tasks import TASK
from chalicelib.routes.answer_schemas import Shown
from chalicelib.store import reference

area = Area("work", "What people work on.")
_TEXT = {"type": ["string", "null"]}
_TEXTS = (
    "project_name",
    "entity_name",
    "entity_description",
    "entity_preview_file_id",
    "entity_source_id",
    "entity_type_name",
    "sequence_name",
    "episode_id",
    "episode_name",
    "task_type_name",
    "task_type_for_entity",
    "task_type_color",
    "task_status_name",
    "task_status_color",
    "task_status_short_name",
)
_ROWS = Shown(
    TASK,
    many=True,
    more={**dict.fromkeys(_TEXTS, _TEXT), "entity_data": {}, "last_comment": {"type": "object"}},
)
_of_person = rules.known_person("person_id", checks.about_person)
_own = rules.of_record("the person, or admin", PERSON, "person_id", checks.about_person, checks.about_oneself)


@area.get("/data/user/tasks", access=rules.person, answer=_ROWS)
def list_own_tasks_to_do(call: Call) -> list[dict[str, Any]]:
    """Lists what the caller has to do."""
    return todos.to_do(call.caller, call.caller.person)


@area.get("/data/user/done-tasks", access=rules.person, answer=_ROWS)
def list_own_done_tasks(call: Call) -> list[dict[str, Any]]:
    """Lists what the caller has done, what ended last first."""
    return todos.done(call.caller, call.caller.person)


@area.get("/data/user/tasks-to-check", access=rules.person, answer=_ROWS)
def list_tasks_to_check(call: Call) -> list[dict[str, Any]]:
    """Lists what waits for an answer of the caller."""
    return todos.to_check(call.caller)


@area.get("/data/persons/{person_id}/tasks", access=_of_person, answer=_ROWS)
def list_tasks_of_person(call: Call) -> list[dict[str, Any]]:
    """Lists what a person has to do, in the caller's open productions."""
    return todos.to_do(call.caller, call.subject)


@area.get("/data/persons/{person_id}/done-tasks", access=_of_person, answer=_ROWS)
def list_done_tasks_of_person(call: Call) -> list[dict[str, Any]]:
    """Lists what a person has done, in the caller's open productions, what ended last first."""
    return todos.done(call.caller, call.subject)


@area.get("/data/persons/{person_id}/related-tasks/{task_type_id}", access=_own, answer=Shown(TASK, many=True))
def list_related_tasks(call: Call) -> list[Any]:
    """Lists the tasks of a type on what a person is assigned to."""
    return todos.related(call.caller, call.subject, reference.get(TASK_TYPE, call.params["task_type_id"]))


@area.get("/data/persons/task-dates", access=rules.admin)
def list_task_dates(call: Call) -> list[dict[str, str]]:
    """Lists when each person's tasks begin and end."""
    return todos.dates(call.caller)
