"""Entities of any kind (docs/contract/entities.md sections 3 and 4)."""

from typing import Any

from chalicelib.access import rules
from chalicelib.domain.entities import concept_links
from chalicelib.domain.tasks import by_entity
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.records.entities import ENTITY
from chalicelib.records.tasks import TASK
from chalicelib.routes.answer_schemas import Shown

area = Area("entities", "What assets, shots, sequences and the other kinds have in common.")


@area.get(
    "/data/entities/{entity_id}/task-types/{task_type_id}/tasks",
    access=rules.entity_reader(),
    answer=Shown(TASK, many=True),
)
def list_tasks_of_type(call: Call) -> list[Any]:
    """Lists the tasks of an entity and a task type."""
    return by_entity.of_type(call.subject, call.params["task_type_id"])


@area.get(
    "/data/entities/{entity_id}/entities-linked/with-tasks",
    access=rules.entity_reader(),
    answer=Shown(ENTITY, many=True),
)
def list_linked_with_tasks(call: Call) -> list[dict[str, Any]]:
    """Lists the concepts that are linked to an entity, with their tasks."""
    return concept_links.with_tasks(call.subject)
