"""The time people noted, read by person and period, and in tables of everybody (docs/contract/tasks.md section 9)."""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Literal

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.domain.periods import Period
from chalicelib.domain.tasks.ancestors import Ancestors, ancestors_of
from chalicelib.errors import Forbidden, Invalid
from chalicelib.records.entities import ENTITY_TYPE
from chalicelib.records.people import PERSON
from chalicelib.records.production import PROJECT, TASK_TYPE
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK, TIME_SPENT
from chalicelib.store import keys, reads, reference

Unit = Literal["year", "month", "week", "day"]


def may_read(caller: Caller, person: Record) -> None:
    """Oneself, and supervisors or more, who see what is theirs; a bot has no time."""
    checks.about_person(caller, person)
    if caller.id != person.id and not caller.is_supervisor:
        raise Forbidden


def of_person(caller: Caller, person: Record, period: Period, project_id: str | None = None) -> list[Record]:
    """The time of a person in a period, as far as the caller may know of it, by day: a query a production.

    project_id: of that production alone; Forbidden for one the caller does not know the person's time of.
    """
    projects = _chosen(_in_scope(caller, person), project_id)
    noted = _noted(projects, partial(_of_person, person.id, period))
    entries = noted if caller.id == person.id else _led(caller, noted)
    return sorted(entries, key=lambda entry: (entry["date"], entry["created_at"]))


def on_entity(entity: Record) -> list[Record]:
    """The time on the tasks of an entity, latest day first: a query, and one a task side by side."""
    home = keys.home_of_owner(entity["project_id"])
    tasks = reads.query(TASK, home, "entity_id", ("^", f"{entity.id}#"))
    queries = [partial(reads.query, TIME_SPENT, home, "task_id", ("^", f"{task.id}#")) for task in tasks]
    entries = [entry for part in reads.parallel(queries) for entry in part]
    return sorted(entries, key=lambda entry: (entry["date"], entry["created_at"]), reverse=True)


def sums(entries: Iterable[Record]) -> list[dict[str, Any]]:
    """The minutes of entries by task, with the names of what each task is on; a read a hundred tasks, and entities."""
    minutes: dict[str, float] = {}
    for entry in entries:
        minutes[entry["task_id"]] = minutes.get(entry["task_id"], 0) + entry["duration"]
    tasks = reads.get_many(TASK, minutes)
    place = ancestors_of(tasks)
    return [{**_named(task, place), "duration": minutes[task.id]} for task in tasks]


def table(caller: Caller, unit: Unit, period: Period, query: Mapping[str, str]) -> dict[str, dict[str, float]]:
    """`{unit: {person_id: minutes}}` of a period: of everybody for an admin, of their productions for managers and
    supervisors (of whose departments), of oneself for all others. A query a production.

    query: `project_id`, `department_id` (of the task type), `studio_id` (of the person). Raises Invalid for a malformed
    id and for a department that is not the supervisor's, Forbidden for a production that is not theirs.
    """
    asked = {name: _id(query, name) for name in ("project_id", "department_id", "studio_id")}
    entries = _of_those_known(caller, period, asked["project_id"], asked["department_id"])
    if asked["department_id"]:
        entries = _of_types(entries, _types_of({asked["department_id"]}))
    if asked["studio_id"]:
        entries = [entry for entry in entries if _studio_of(entry) == asked["studio_id"]]
    cells: dict[str, dict[str, float]] = {}
    for entry in entries:
        cell = cells.setdefault(_column(unit, entry["date"]), {})
        cell[entry["person_id"]] = cell.get(entry["person_id"], 0) + entry["duration"]
    return cells


def _column(unit: Unit, day: str) -> str:
    """The number of the year, month, ISO week or day that a day belongs to, without leading zeros."""
    date = datetime.date.fromisoformat(day)
    return str(date.isocalendar().week if unit == "week" else getattr(date, unit))


def _of_those_known(
    caller: Caller, period: Period, project_id: str | None, department_id: str | None
) -> Sequence[Record]:
    if not caller.is_supervisor:
        return of_person(caller, caller.person, period, project_id)
    if department_id and not caller.is_manager and not caller.leads(department_id):
        raise Invalid("You do not supervise this department.", "department_id", "a department of yours")
    projects = _chosen(checks.projects_of(caller, open_only=False), project_id)
    return _led(caller, _noted(projects, partial(_of_period, period)))


def _in_scope(caller: Caller, person: Record) -> Sequence[Record]:
    if caller.id == person.id:
        return list(reference.every(PROJECT).values())
    return checks.projects_of(caller, open_only=False)


def _chosen(projects: Sequence[Record], project_id: str | None) -> Sequence[Record]:
    if not project_id:
        return projects
    wanted = checks.known_project(project_id)
    if wanted not in projects:
        raise Forbidden("You are not in the team of this production.")
    return [wanted]


def _noted(projects: Iterable[Record], look: Callable[[str], list[Record]]) -> list[Record]:
    queries = [partial(look, keys.home_of_owner(project.id)) for project in projects]
    return [entry for part in reads.parallel(queries) for entry in part]


def _of_person(person_id: str, period: Period, home: str) -> list[Record]:
    condition = ("..", f"{person_id}#{period.first}", f"{person_id}#{period.last}")
    return reads.query(TIME_SPENT, home, "person_id", condition)


def _of_period(period: Period, home: str) -> list[Record]:
    return reads.query(TIME_SPENT, home, "date", ("..", period.first, period.last))


def _led(caller: Caller, entries: Sequence[Record]) -> Sequence[Record]:
    """Those a supervisor of departments leads; all of them for a manager, and without a department."""
    if caller.is_manager or not caller.departments:
        return entries
    return _of_types(entries, _types_of(caller.departments))


def _types_of(departments: Iterable[str]) -> set[str]:
    wanted = set(departments)
    return {one.id for one in reference.every(TASK_TYPE).values() if one["department_id"] in wanted}


def _of_types(entries: Sequence[Record], task_types: set[str]) -> list[Record]:
    """The time on tasks of these types: one read a hundred tasks."""
    tasks = reads.get_many(TASK, {entry["task_id"] for entry in entries})
    known = {task.id for task in tasks if task["task_type_id"] in task_types}
    return [entry for entry in entries if entry["task_id"] in known]


def _studio_of(entry: Record) -> str | None:
    person = reference.find(PERSON, entry["person_id"])
    return person["studio_id"] if person else None


def _id(query: Mapping[str, str], name: str) -> str | None:
    given = query.get(name)
    if given and not keys.is_id(given):
        raise Invalid(f"{name}: {given!r} is not an id.", name, "an id")
    return given.lower() if given else None


def _named(task: Record, place: Ancestors) -> dict[str, Any]:
    entity = place.entity(task)
    parent = place.parent(entity)
    project = reference.find(PROJECT, task["project_id"])
    entity_type = reference.find(ENTITY_TYPE, entity["entity_type_id"]) if entity else None
    return {
        "task_id": task.id,
        "task_type_id": task["task_type_id"],
        "project_id": task["project_id"],
        "project_name": _name(project),
        "entity_name": _name(entity),
        "entity_type_name": _name(entity_type),
        "sequence_name": _name(parent),
        "episode_name": _name(place.parent(parent)),
    }


def _name(record: Record | None) -> str | None:
    return record["name"] if record else None
