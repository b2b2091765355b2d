"""The named checks: the one place that says who may do what (docs/contract/people.md section 1).

Each takes the caller and records, passes silently, or raises Forbidden.
"""

from collections.abc import Iterable

from chalicelib.access.caller import Caller
from chalicelib.errors import Forbidden, NotFound
from chalicelib.records.production import PROJECT, PROJECT_STATUS, TASK_TYPE
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.store import reads, reference

SUPERVISED_FIELDS = frozenset({"priority", "start_date", "due_date", "estimation", "difficulty"})
_OPEN_NAMES = ("Open", "open", "Active")


def is_open(project: Record) -> bool:
    """Whether a production is open: its status is named so (docs/contract/production.md section 1)."""
    status = reference.find(PROJECT_STATUS, project["project_status_id"])
    return status is not None and status["name"] in _OPEN_NAMES


def projects_of(caller: Caller, open_only: bool = True) -> list[Record]:
    """The productions a caller may know of: an admin all, others those whose team they are in."""
    return [
        project
        for project in reference.every(PROJECT).values()
        if (caller.is_admin or caller.in_team(project)) and (not open_only or is_open(project))
    ]


def administer(caller: Caller) -> None:
    """Admins alone."""
    if not caller.is_admin:
        raise Forbidden


def manage(caller: Caller) -> None:
    """Managers or more."""
    if not caller.is_manager:
        raise Forbidden


def be_person(caller: Caller) -> None:
    """Persons, no bots."""
    if caller.is_bot:
        raise Forbidden("A bot cannot do this; sign in as a person.")


def not_vendor(caller: Caller) -> None:
    """Everybody but vendors."""
    if caller.is_vendor:
        raise Forbidden


def not_client(caller: Caller) -> None:
    """Everybody but clients."""
    if caller.is_client:
        raise Forbidden


def is_self(caller: Caller, person_id: str) -> None:
    """Admins, and the person itself."""
    if not caller.is_admin and caller.id != person_id:
        raise Forbidden


def about_oneself(caller: Caller, person: Record) -> None:
    """Person access: admins, and the person itself."""
    is_self(caller, person.id)


def about_oneself_or_manage(caller: Caller, person: Record) -> None:
    """Managers or more, and the person itself."""
    if caller.id != person.id:
        manage(caller)


def about_person(caller: Caller, person: Record) -> None:
    """About a person, no bot: these keep no time, have no days off, no password and no second factor."""
    del caller
    if person["is_bot"]:
        raise Forbidden("This is about a person, and not about a bot.")


def see_project(caller: Caller, project: Record) -> None:
    """Project access: admins, and the team."""
    if not caller.is_admin and not caller.in_team(project):
        raise Forbidden("You are not in the team of this production.")


def manage_project(caller: Caller, project: Record) -> None:
    """Manager of the project: admins, and managers in the team."""
    see_project(caller, project)
    manage(caller)


def supervise_project(caller: Caller, project: Record) -> None:
    """Supervisor of the project: admins, and managers or supervisors in the team."""
    see_project(caller, project)
    if not caller.is_supervisor:
        raise Forbidden


def project_of(record: Record) -> Record:
    """The production of a record that names it; NotFound where it is gone."""
    return reference.get(PROJECT, record["project_id"] or "")


def assigned_entities(caller: Caller) -> set[str]:
    """The ids of the entities with a task assigned to the caller (one query)."""
    return {edge["entity_id"] for edge in reads.edges(TASK, "assignees", caller.id) if edge["entity_id"]}


def assigned_tasks(caller: Caller) -> set[str]:
    """The ids of the tasks assigned to the caller (one query)."""
    return {edge["id"] for edge in reads.edges(TASK, "assignees", caller.id)}


def see_entity(caller: Caller, entity: Record) -> None:
    """Project access, and for a vendor a task of theirs on that entity."""
    see_project(caller, project_of(entity))
    if caller.is_vendor and entity.id not in assigned_entities(caller):
        raise Forbidden("None of your tasks is on this entity.")


def create_or_remove_entity(caller: Caller, entity: Record) -> None:
    """The creator in the team, or a manager of the project."""
    project = project_of(entity)
    see_project(caller, project)
    if entity["created_by"] != caller.id:
        manage_project(caller, project)


def see_task(caller: Caller, task: Record) -> None:
    """Task access: project access, and for a vendor a task of theirs on its entity."""
    see_project(caller, project_of(task))
    if caller.is_vendor and caller.id not in task["assignees"] and task["entity_id"] not in assigned_entities(caller):
        raise Forbidden("None of your tasks is on this entity.")


def department_of(task: Record) -> str | None:
    """The department of the task's type."""
    task_type = reference.find(TASK_TYPE, task["task_type_id"])
    return task_type["department_id"] if task_type else None


def leads_task(caller: Caller, task: Record) -> bool:
    """Whether the caller is a supervisor who leads the task's type."""
    return caller.role == "supervisor" and caller.leads(department_of(task))


def act_on_task(caller: Caller, task: Record) -> None:
    """Task action (comment, preview): managers and clients of the team, the assigned, supervisors of the department."""
    see_project(caller, project_of(task))
    if not (caller.is_manager or caller.is_client or caller.id in task["assignees"] or leads_task(caller, task)):
        raise Forbidden("You are not assigned to this task.")


def change_task(caller: Caller, task: Record, fields: Iterable[str]) -> None:
    """Managers of the project; a supervisor who leads the task's type, for the plan alone."""
    see_project(caller, project_of(task))
    if caller.is_manager:
        return
    if not leads_task(caller, task) or not set(fields) <= SUPERVISED_FIELDS:
        raise Forbidden


def assign(caller: Caller, task: Record, person: Record) -> None:
    """Assigning a person: managers; supervisors by department; anybody themselves, in their own departments."""
    see_project(caller, project_of(task))
    department = department_of(task)
    theirs = set(person["departments"])
    allowed = (
        caller.is_manager
        or (caller.role == "supervisor" and not caller.departments)
        or (caller.role == "supervisor" and department in caller.departments and bool(caller.departments & theirs))
        or (caller.id == person.id and department in caller.departments)
    )
    if not allowed:
        raise Forbidden("You may not assign this person to this task.")


def unassign(caller: Caller, task: Record, person_id: str | None) -> None:
    """Taking people off a task: managers; supervisors by department; the assigned themselves."""
    see_project(caller, project_of(task))
    if not (
        caller.is_manager or leads_task(caller, task) or (person_id == caller.id and caller.id in task["assignees"])
    ):
        raise Forbidden


def known_project(project_id: str) -> Record:
    """The production with this id; NotFound for an unknown or malformed one."""
    found = reference.find(PROJECT, project_id)
    if found is None:
        raise NotFound(f"There is no production with the id {project_id!r}.", {"project_id": project_id})
    return found
