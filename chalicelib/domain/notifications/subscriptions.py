"""Who wants to hear of a task, or of a task type in a sequence (docs/contract/people.md section 13)."""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.access.caller import Caller
from chalicelib.events.journal import emit_for
from chalicelib.records.people import SUBSCRIPTION
from chalicelib.records.production import TASK_TYPE
from chalicelib.records.record import Record
from chalicelib.store import homes, keys, reads, reference
from chalicelib.store.changes import Changes, write

_BY_TASK: Final = ("person_id", "task_id")
_BY_SEQUENCE: Final = ("person_id", "task_type_id", "entity_id")


def of_task(caller: Caller, task: Record) -> dict[str, Any]:
    """What a subscription of the caller to a task holds."""
    return {"person_id": caller.id, "task_id": task.id}


def of_sequence(caller: Caller, sequence: Record, task_type_id: str) -> dict[str, Any]:
    """What a subscription of the caller to a task type in a sequence holds; NotFound for an unknown type."""
    task_type = reference.get(TASK_TYPE, task_type_id)
    return {"person_id": caller.id, "entity_id": sequence.id, "task_type_id": task_type.id}


def is_subscribed(wanted: Mapping[str, Any]) -> bool:
    """Whether there is such a subscription: one read. To what is no id there is none."""
    return all(keys.is_id(value) for value in wanted.values()) and _holder(wanted) is not None


def subscribe(wanted: Mapping[str, Any]) -> Record:
    """The subscription, made where it is not there yet."""

    def command(changes: Changes) -> Record:
        holder = _holder(wanted)
        if holder is not None:
            return changes.read(SUBSCRIPTION, holder)
        made = changes.create(SUBSCRIPTION, dict(wanted))
        emit_for(changes, made, "new")
        return made

    return write(command)


def unsubscribe(wanted: Mapping[str, Any]) -> None:
    """Takes the subscription away; none is no error."""

    def command(changes: Changes) -> None:
        holder = _holder(wanted)
        if holder is not None:
            found = changes.read(SUBSCRIPTION, holder)
            changes.delete(found)
            emit_for(changes, found, "delete")

    write(command)


def to_tasks(project: Record) -> list[Record]:
    """The subscriptions to tasks of a production: one query."""
    return [one for one in reads.query(SUBSCRIPTION, keys.home_of_owner(project.id)) if one["task_id"]]


def sequences_followed(caller: Caller, project: Record, task_type_id: str) -> list[str]:
    """The ids of the sequences whose tasks of a type the caller follows: one query."""
    task_type = reference.get(TASK_TYPE, task_type_id)
    mine = reads.query(SUBSCRIPTION, keys.home_of_owner(project.id), "person_id", ("=", caller.id))
    return [one["entity_id"] for one in mine if one["entity_id"] and one["task_type_id"] == task_type.id]


def to_those(person_id: str, of_tasks: Mapping[str, str]) -> dict[str, str]:
    """The ids of a person's subscriptions to some tasks, by task: a hundred a read; `of_tasks`: their homes."""
    wanted = {task_id: {"person_id": person_id, "task_id": task_id} for task_id in of_tasks}
    guards = {
        task_id: keys.guard(of_tasks[task_id], SUBSCRIPTION, _BY_TASK, values) for task_id, values in wanted.items()
    }
    held = reads.items([key for key in guards.values() if key])
    found = {task_id: held.get(key) for task_id, key in guards.items() if key}
    return {task_id: row.at.S for task_id, row in found.items() if row is not None and row.at}


def _holder(wanted: Mapping[str, Any]) -> str | None:
    fields = _BY_TASK if "task_id" in wanted else _BY_SEQUENCE
    return reads.holder(SUBSCRIPTION, homes.of(SUBSCRIPTION, wanted), fields, wanted)
