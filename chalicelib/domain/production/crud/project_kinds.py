"""Generic records of productions: descriptors, milestones, schedule items.

Source: docs/contract/production.md sections 3, 6, 7, 8.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.domain.crud.collection import Collection
from chalicelib.errors import Forbidden, Invalid
from chalicelib.records.production import METADATA_DESCRIPTOR, MILESTONE, PROJECT, SCHEDULE_ITEM, TASK_TYPE
from chalicelib.records.record import Record
from chalicelib.store import reference


def project_named(values: Mapping[str, Any]) -> Record:
    """The production a body names; Invalid where it names none that exists."""
    project_id = values.get("project_id")
    project = reference.find(PROJECT, project_id) if isinstance(project_id, str) else None
    if project is None:
        raise Invalid("project_id names no production.", "project_id", "the id of a production")
    return project


class MetadataDescriptors(Collection):
    """`/data/metadata-descriptors/`: the plain collection, which moves no values."""

    kind = METADATA_DESCRIPTOR

    def may_list(self, caller: Caller) -> None:
        """Everyone; `visible` tells what of it."""

    def visible(self, caller: Caller, records: Iterable[Record]) -> Iterable[Record]:
        """Admins see all, others those of the open productions of theirs."""
        if caller.is_admin:
            return records
        mine = {project.id for project in checks.projects_of(caller)}
        return [one for one in records if one["project_id"] in mine]

    def list(self, caller: Caller, query: Mapping[str, str]) -> Any:
        """The list; asked for without any parameter it shows the departments (section 2.1)."""
        return super().list(caller, query or {"relations": "true"})

    def changed_values(self, caller: Caller, record: Record, values: dict[str, Any]) -> dict[str, Any]:
        """It stays in its production: its values do."""
        del caller
        if values.get("project_id", record["project_id"]) != record["project_id"]:
            raise Invalid("A descriptor stays in its production.", "project_id", "the production it is in, or none")
        return values


class Milestones(Collection):
    """`/data/milestones/`: managers of the project write them, admins alone delete them (section 3)."""

    kind = MILESTONE

    def may_read(self, caller: Caller, record: Record) -> None:
        """The team, but no vendors."""
        checks.see_project(caller, checks.project_of(record))
        checks.not_vendor(caller)

    def may_create(self, caller: Caller, values: Mapping[str, Any]) -> None:
        """The manager of the project it is for, which has to be named."""
        checks.manage(caller)
        checks.manage_project(caller, project_named(values))

    def may_change(self, caller: Caller, record: Record, values: Mapping[str, Any]) -> None:
        """The manager of its project."""
        del values
        checks.manage_project(caller, checks.project_of(record))


class ScheduleItems(Collection):
    """`/data/schedule-items/`: supervisors plan the task types of their departments."""

    kind = SCHEDULE_ITEM

    def may_change(self, caller: Caller, record: Record, values: Mapping[str, Any]) -> None:
        """The manager of its project; a supervisor of it who leads its task type."""
        del values
        checks.supervise_project(caller, checks.project_of(record))
        task_type = reference.find(TASK_TYPE, record["task_type_id"])
        if not caller.is_manager and not caller.leads(task_type["department_id"] if task_type else None):
            raise Forbidden("This task type is of another department.")

    def change(self, caller: Caller, record: Record, body: Mapping[str, Any]) -> Record:
        """An item with other values; days given as text are not taken."""
        if isinstance(body.get("man_days"), str):
            body = {name: value for name, value in body.items() if name != "man_days"}
        return super().change(caller, record, body)
