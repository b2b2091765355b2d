"""Where a task may be: on which entity, of which type, in which production.

Source: docs/contract/tasks.md section 3, Create.
"""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.domain.workflow import entity_types
from chalicelib.errors import Invalid
from chalicelib.records.entities import ENTITY
from chalicelib.records.production import TASK_TYPE
from chalicelib.records.record import Record
from chalicelib.store import keys, reads, reference

# A task, its guard, its edges and its events are one transaction.
MOST_ASSIGNEES: Final = 90


def entity_named(body: Mapping[str, Any]) -> Record:
    """The entity a body names; Invalid for none or a malformed id, NotFound for an unknown one."""
    return reads.get(ENTITY, _id(body, "entity_id"))


def task_type_named(body: Mapping[str, Any]) -> Record:
    """The task type a body names; Invalid for none or a malformed id, NotFound for an unknown one."""
    return reference.get(TASK_TYPE, _id(body, "task_type_id"))


def _id(body: Mapping[str, Any], field: str) -> str:
    found = body.get(field)
    if not keys.is_id(found):
        raise Invalid(f"{field} is required.", field, "an id")
    return str(found)


def refuse_misfit(task_type: Record, entity: Record) -> None:
    """Raises Invalid for a task type that does not go on entities of that kind: `for_entity` says which it is for."""
    kind = entity_types.kind_name(entity["entity_type_id"])
    if task_type["for_entity"] != kind:
        name, wanted = task_type["name"], task_type["for_entity"]
        raise Invalid(f"{name} is a task type for {wanted}, not for {kind}.", "task_type_id", f"one for {kind}")


def refuse_values(values: Mapping[str, Any]) -> None:
    """Raises Invalid for a difficulty out of 1 to 5, and for more assignees than one transaction holds."""
    difficulty = values.get("difficulty")
    if difficulty is not None and not 1 <= difficulty <= 5:
        raise Invalid("difficulty is out of range.", "difficulty", "a number from 1 to 5")
    if len(values.get("assignees") or ()) > MOST_ASSIGNEES:
        raise Invalid("These are too many assignees.", "assignees", f"at most {MOST_ASSIGNEES} persons")


def refuse_misplaced(task: Record, values: Mapping[str, Any]) -> None:
    """Raises Invalid where a change would put a task onto an entity that it does not fit."""
    moved = {name for name in ("entity_id", "task_type_id") if values.get(name, task[name]) != task[name]}
    if not moved:
        return
    after = {name: values.get(name, task[name]) for name in ("entity_id", "task_type_id")}
    entity = entity_named(after)
    refuse_misfit(task_type_named(after), entity)
