"""Productions and task types as tables (docs/contract/interchange.md 1.1)."""

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.interchange.csv_writing import Rows
from chalicelib.records.people import DEPARTMENT
from chalicelib.records.production import PROJECT_STATUS, TASK_TYPE
from chalicelib.store import reference


def projects(caller: Caller) -> Rows:
    """The productions a caller knows of, closed ones too, by name; an administrator knows of all."""
    found = sorted(checks.projects_of(caller, open_only=False), key=lambda one: (one["name"], one.id))
    statuses = reference.every(PROJECT_STATUS)
    named = ((one, statuses.get(one["project_status_id"] or "")) for one in found)
    return [["Name", "Status"], *([one["name"], status["name"] if status else ""] for one, status in named)]


def task_types() -> Rows:
    """The task types that have a department, by its name and their own."""
    departments = reference.every(DEPARTMENT)
    rows = [
        [departments[one["department_id"]]["name"], one["name"]]
        for one in reference.every(TASK_TYPE).values()
        if one["department_id"] in departments
    ]
    return [["Department", "Name"], *sorted(rows)]
