"""Tasks: in full, of a production, in bulk, to review (docs/contract/tasks.md sections 3, 4 and 6.11)."""

from typing import Any

import msgspec

from chalicelib.access import checks, rules
from chalicelib.access.caller import Caller
from chalicelib.domain.entities.kinds import ASSET, CONCEPT, EDIT, SHOT, EntityKind
from chalicelib.domain.tasks import bulk, lists, presentation, review
from chalicelib.domain.tasks.review import Review
from chalicelib.http.answers import Answer, no_content
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.records.production import PROJECT, TASK_TYPE
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.routes.answer_schemas import Shown
from chalicelib.store import reference

area = Area("tasks", "Tasks of productions: lists, in bulk, to review.")
_TASKS = Shown(TASK, many=True)
_OF_TYPE = "/actions/projects/{project_id}/task-types/{task_type_id}"


class Ids:
    """A JSON list of ids; any other JSON stands for all there are."""

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema."""
        return {"type": "array", "items": {"type": "string", "format": "uuid"}}


class ToReview(msgspec.Struct):
    """What is sent to review: by whom, with which words; `change_status` false leaves the status as it is."""

    person_id: str | None = None
    comment: str = ""
    name: str = "main"
    revision: int | str = 1
    change_status: bool | str = True


def _concept_maker(caller: Caller, project: Record) -> None:
    checks.see_project(caller, project)
    checks.not_vendor(caller)
    checks.not_client(caller)


_may_make_on_concepts = rules.of_record(
    "project access, neither vendor nor client", PROJECT, "project_id", _concept_maker
)
_administer = rules.project_admin()


@area.get("/data/tasks/{task_id}/full", access=rules.task_reader(), answer=Shown(TASK))
def get_full_task(call: Call) -> Any:
    """A task with the rows of all it names."""
    return presentation.full(call.caller, call.subject)


@area.get(
    "/data/projects/{project_id}/tasks",
    access=rules.project_member(),
    query={
        "task_type_id": "Only tasks of this type.",
        "episode_id": "Only tasks on shots of this episode.",
        "page": "A page of the list, from 1.",
        "limit": "How many tasks a page has (100).",
    },
    answer=_TASKS,
)
def list_tasks_of_production(call: Call) -> Any:
    """The tasks of a production with their assignees, newest change first."""
    return lists.of_production(call.caller, call.subject, call.query)


# -- in bulk -----------------------------------------------------------------------------------------------------------
def _create(call: Call, kind: EntityKind) -> list[dict[str, Any]]:
    task_type = reference.get(TASK_TYPE, call.params["task_type_id"])
    entities = bulk.entities_asked(kind, call.subject, call.body, call.query)
    made = bulk.create_tasks(call.caller, call.subject, task_type, kind, entities)
    return [presentation.made_in_bulk(task) for task in made]


@area.post(f"{_OF_TYPE}/assets/create-tasks", access=rules.project_manager(), body=Ids(), answer=_TASKS, status=201)
def create_tasks_on_assets(call: Call) -> Any:
    """A task of that type for assets that have none."""
    return _create(call, ASSET)


@area.post(f"{_OF_TYPE}/shots/create-tasks", access=rules.project_manager(), body=Ids(), answer=_TASKS, status=201)
def create_tasks_on_shots(call: Call) -> Any:
    """A task of that type for shots that have none."""
    return _create(call, SHOT)


@area.post(f"{_OF_TYPE}/edits/create-tasks", access=rules.project_manager(), body=Ids(), answer=_TASKS, status=201)
def create_tasks_on_edits(call: Call) -> Any:
    """A task of that type for edits that have none."""
    return _create(call, EDIT)


@area.post(f"{_OF_TYPE}/concepts/create-tasks", access=_may_make_on_concepts, body=Ids(), answer=_TASKS, status=201)
def create_tasks_on_concepts(call: Call) -> Any:
    """A task of that type for concepts that have none."""
    return _create(call, CONCEPT)


@area.post(
    f"{_OF_TYPE}/create-tasks/{{entity_type}}/",
    access=rules.project_manager(),
    body=Ids(),
    answer=_TASKS,
    status=201,
)
def create_tasks_on_entities(call: Call) -> Any:
    """A task of that type for entities of any kind that have none."""
    return _create(call, bulk.kind_named(call.params["entity_type"]))


@area.post("/actions/projects/{project_id}/delete-tasks", access=rules.project_manager(), body=Ids(), answer=Ids())
def delete_tasks(call: Call) -> Any:
    """Removes tasks of a production, with all of theirs."""
    return bulk.delete_named(call.subject, call.body)


@area.delete(f"{_OF_TYPE}/delete-tasks", access=_administer, status=204)
def delete_tasks_of_type(call: Call) -> Answer:
    """Removes all tasks of a type in a production, with all of theirs."""
    task_type = reference.get(TASK_TYPE, call.params["task_type_id"])
    bulk.delete_of_type(call.subject, task_type.id)
    return no_content()


# -- to review ---------------------------------------------------------------------------------------------------------
@area.put("/actions/tasks/{task_id}/to-review", access=rules.task_reader(), body=ToReview, answer=Shown(TASK))
def send_to_review(call: Call) -> Any:
    """Sends a task to review: a status and an event, no comment."""
    body = call.body
    changes_status = str(body.change_status).lower() != "false"
    return review.send(call.caller, call.subject, Review(body.person_id, body.comment, changes_status))
