"""The generic CRUD of tasks (docs/contract/tasks.md section 3)."""

from collections.abc import Mapping
from typing import Any

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.domain.crud import references
from chalicelib.domain.crud.collection import Collection
from chalicelib.domain.crud.pagination import truth
from chalicelib.domain.dependents import protection
from chalicelib.domain.tasks import lists, validation
from chalicelib.domain.tasks.deletion import remove_tasks
from chalicelib.domain.workflow import task_statuses
from chalicelib.errors import Invalid
from chalicelib.events.journal import emit_unsigned
from chalicelib.records.record import Record, plain, related
from chalicelib.records.tasks import TASK
from chalicelib.records.validation import creation_values
from chalicelib.store.changes import Changes, write


class Tasks(Collection):
    """`/data/tasks`: read by those who have task access, written by managers; supervisors change the plan."""

    kind = TASK

    def may_read(self, caller: Caller, record: Record) -> None:
        """Task access."""
        checks.see_task(caller, record)

    def may_change(self, caller: Caller, record: Record, values: Mapping[str, Any]) -> None:
        """Managers of the production; who leads the task's type, for the plan alone."""
        checks.change_task(caller, record, values)

    def may_delete(self, caller: Caller, record: Record) -> None:
        """Managers of the production."""
        checks.manage_project(caller, checks.project_of(record))

    def list(self, caller: Caller, query: Mapping[str, str]) -> Any:
        """What the caller may see of it: see `listing.listed`."""
        return lists.listed(caller, query)

    def create(self, caller: Caller, body: Mapping[str, Any]) -> Record:
        """A new task; production and status are filled in where they are missing (section 3.1).

        Errors: Invalid for a missing or malformed field, a task type that is not for this entity, a name that the
        entity has already; NotFound for an unknown entity or task type; Forbidden.
        """
        task_type, entity = validation.task_type_named(body), validation.entity_named(body)
        checks.manage_project(caller, checks.project_of(entity))
        values = references.resolve(TASK, creation_values(TASK, {"project_id": entity["project_id"], **body}))
        if values.get("project_id", entity["project_id"]) != entity["project_id"]:
            raise Invalid("This entity is of another production.", "entity_id", "an entity of that production")
        validation.refuse_misfit(task_type, entity)
        validation.refuse_values(values)
        values["project_id"] = entity["project_id"]
        values.setdefault("task_status_id", task_statuses.default(task_statuses.is_concept(entity)).id)

        def command(changes: Changes) -> Record:
            changes.require(entity)
            record = changes.create(TASK, values)
            self.created(changes, caller, record)
            return record

        return write(command)

    def created(self, changes: Changes, caller: Caller, record: Record) -> None:
        """Its event, which names nobody."""
        del caller
        emit_unsigned(changes, record, "new")

    def changed_values(self, caller: Caller, record: Record, values: dict[str, Any]) -> dict[str, Any]:
        """What a change writes; the task stays on an entity that it fits."""
        del caller
        validation.refuse_values(values)
        validation.refuse_misplaced(record, values)
        return values

    def refuse_delete(self, record: Record, force: bool) -> None:
        """Raises StillReferenced while more than comments hangs on the task; eight small queries side by side."""
        if not force:
            protection.refuse_if_referenced(record, "force", "force=true to remove all of it")

    def delete(self, caller: Caller, record: Record, query: Mapping[str, str]) -> None:
        """Takes a task away; its comments go along, with `force` all that points at it."""
        self.may_delete(caller, record)
        self.refuse_delete(record, truth(query, "force"))
        remove_tasks([record])

    def answer_create(self, caller: Caller, body: Mapping[str, Any]) -> Any:
        """The new task with its assignees."""
        return related(self.create(caller, body))

    def answer_change(self, caller: Caller, record: Record, body: Mapping[str, Any]) -> Any:
        """The changed task without its assignees."""
        return plain(self.change(caller, record, body))
