"""Lists of work: what people have to do, have done and have to check (docs/contract/tasks.md section 11)."""

from typing import Any

from chalicelib.access import checks, rules
from chalicelib.access.entities import project_asked
from chalicelib.domain.tasks import open_tasks, todos
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.records.people import PERSON
from chalicelib.records.production import TASK_TYPE
from chalicelib.records.tasks import TASK
from chalicelib.routes.answer_schemas import Shape, Shown
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
_NUMBER = {"type": "number"}
_OBJECTS = {"type": "array", "items": {"type": "object"}}
_OPEN = Shape(
    data=Shown(TASK, many=True, more={**dict.fromkeys(_TEXTS[:9], _TEXT), "entity_data": {}}).schema(),
    stats=Shape(total=_NUMBER, total_duration=_NUMBER, total_estimation=_NUMBER, status=_OBJECTS).schema(),
    limit=_NUMBER,
    is_more={"type": "boolean"},
    page=_NUMBER,
)
_OPEN_QUERY = {
    "project_id": "Tasks of this production alone, open or not.",
    "task_type_id": "Tasks of this type alone.",
    "task_status_id": "Tasks in this status alone.",
    "person_id": "Tasks assigned to one of these people (ids with commas), or `unassigned`.",
    "studio_id": "Tasks assigned to somebody of this studio.",
    "department_id": "Tasks assigned to somebody of this department.",
    "start_date": "Tasks that start then or later.",
    "due_date": "Tasks that are due then or earlier.",
    "priority": "Tasks of this priority alone.",
    "page": "A page of the list, from 1.",
    "limit": "How many tasks a page has (100).",
}
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


@area.get("/data/tasks/open-tasks", access=project_asked(open_to_all=True), query=_OPEN_QUERY, answer=_OPEN)
def list_open_tasks(call: Call) -> dict[str, Any]:
    """Lists what is under way in open productions, by page, with sums."""
    return open_tasks.listed(call.caller, call.subject, call.query)


@area.get("/data/tasks/open-tasks/stats", access=rules.signed_in)
def sum_open_tasks(call: Call) -> dict[str, Any]:
    """Counts what is under way, by production, task type and status."""
    return open_tasks.sums(call.caller)
