"""Entities of any kind (docs/contract/entities.md section 4)."""

from typing import Any

from chalicelib.access import rules
from chalicelib.domain.entities import task_lists
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
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
    return task_lists.of_type(call.subject, call.params["task_type_id"])
