"""What a production says of its task types and statuses: priorities, roles on the board.

Source: docs/contract/production.md section 5.

The ids listed in the production are the truth; a link record exists where something was said of one of them, and goes
with it.
"""

from typing import Any, Final

from chalicelib.domain.workflow.by_project import ByProject
from chalicelib.events.journal import emit
from chalicelib.records.fields import STUDIO
from chalicelib.records.production import (
    PROJECT,
    PROJECT_TASK_STATUS_LINK,
    PROJECT_TASK_TYPE_LINK,
    TASK_STATUS,
    TASK_TYPE,
)
from chalicelib.records.record import Record
from chalicelib.records.validation import value_of
from chalicelib.store import reads, reference
from chalicelib.store.changes import Changes, write

# Link kind by the list of the production it belongs to, and the field that names the thing.
LINKED: Final = {
    "task_types": (PROJECT_TASK_TYPE_LINK, "task_type_id"),
    "task_statuses": (PROJECT_TASK_STATUS_LINK, "task_status_id"),
}
# Each link is two items of a transaction: its record and its guard.
_MOST_AT_ONCE: Final = 40
_DEFAULT_ROLES: Final = PROJECT_TASK_STATUS_LINK.by_name["roles_for_board"].default

task_type_links: Final = ByProject(PROJECT_TASK_TYPE_LINK)
task_status_links: Final = ByProject(PROJECT_TASK_STATUS_LINK)


def task_type_priorities(project: Record) -> dict[str, int | None]:
    """The priority of each task type set on a production; None where none was said."""
    said = {link["task_type_id"]: link["priority"] for link in task_type_links.of(project.id)}
    return {task_type_id: said.get(task_type_id) for task_type_id in project["task_types"]}


def task_status_settings(project: Record) -> dict[str, dict[str, Any]]:
    """`{priority, roles_for_board}` of each task status set on a production."""
    said = {link["task_status_id"]: link for link in task_status_links.of(project.id)}
    return {status_id: _board(said.get(status_id)) for status_id in project["task_statuses"]}


def _board(link: Record | None) -> dict[str, Any]:
    if link is None:
        return {"priority": None, "roles_for_board": _DEFAULT_ROLES}
    return {"priority": link["priority"], "roles_for_board": link["roles_for_board"]}


def link_task_type(project: Record, task_type_id: str, priority: int | None) -> Record:
    """Sets a task type on a production, or changes its priority; NotFound for an unknown one."""
    return _link(project, "task_types", reference.get(TASK_TYPE, task_type_id), priority=priority)


def link_task_status(project: Record, task_status_id: str, priority: int | None, roles: list[str]) -> Record:
    """Sets a task status on a production, or changes its priority and the roles that see it on the board.

    Raises NotFound for an unknown status, Invalid for an unknown role.
    """
    known = value_of(PROJECT_TASK_STATUS_LINK.by_name["roles_for_board"], roles)
    status = reference.get(TASK_STATUS, task_status_id)
    return _link(project, "task_statuses", status, priority=priority, roles_for_board=known)


def _link(project: Record, field: str, thing: Record, **said: Any) -> Record:
    def command(changes: Changes) -> Record:
        now = changes.read(PROJECT, project.id)
        if thing.id not in now[field]:
            changes.update(now, **{field: [*now[field], thing.id]})
        emit(changes, "project:update", now.id)
        return say(changes, field, now.id, thing.id, **said)

    return write(command)


def say(changes: Changes, field: str, project_id: str, thing_id: str, **said: Any) -> Record:
    """Adds to a command what a production says of a task type or status; the link record."""
    known = linked(changes, field, project_id, thing_id)
    if known is not None:
        return changes.update(known, **said)
    kind, name = LINKED[field]
    return changes.create(kind, {"project_id": project_id, name: thing_id, **said})


def linked(changes: Changes, field: str, project_id: str, thing_id: str) -> Record | None:
    """The link record of a task type or status as a command finds it; None too for what has no links."""
    if field not in LINKED:
        return None
    kind, name = LINKED[field]
    holder = reads.holder(kind, STUDIO, ("project_id", name), {"project_id": project_id, name: thing_id})
    return changes.read(kind, holder) if holder else None


def drop(changes: Changes, project: Record) -> None:
    """Takes away the links of what a production no longer lists; `drop_rest` does those beyond a number."""
    for record in _loose(project)[:_MOST_AT_ONCE]:
        changes.delete(record)


def drop_rest(project: Record) -> None:
    """Takes away the links that `drop` left, in as many transactions as it takes."""
    while _loose(project):
        write(lambda changes: drop(changes, project))


def _loose(project: Record) -> list[Record]:
    types, statuses = set(project["task_types"]), set(project["task_statuses"])
    return [
        *(one for one in task_type_links.of(project.id) if one["task_type_id"] not in types),
        *(one for one in task_status_links.of(project.id) if one["task_status_id"] not in statuses),
    ]
