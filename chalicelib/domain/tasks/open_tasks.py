"""What is under way in open productions: tasks by page with their sums, sums by production.

Source: docs/contract/tasks.md 11.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Final

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.domain.crud.pagination import Paging, whole_number
from chalicelib.domain.tasks import lists
from chalicelib.domain.tasks.ancestors import Ancestors, ancestors_of
from chalicelib.domain.tasks.todo_rows import open_rows
from chalicelib.errors import Invalid
from chalicelib.records import clock
from chalicelib.records.entities import ENTITY, ENTITY_TYPE
from chalicelib.records.people import PERSON
from chalicelib.records.production import PROJECT, TASK_STATUS, TASK_TYPE
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.store import keys, partitions, reads, reference

Test = Callable[[Record], bool]
_UNASSIGNED: Final = "unassigned"


def listed(caller: Caller, project: Record | None, query: Mapping[str, str]) -> dict[str, Any]:
    """A page of the tasks of a production, else of the caller's open ones: `{data, stats, limit, is_more, page}`.

    query: `task_type_id`, `task_status_id`, `person_id` (ids with commas, or `unassigned`), `studio_id` and
    `department_id` of an assignee, `start_date` (from then), `due_date` (until then), `priority`, `limit`, `page`.
    Tasks on concepts are left out unless their type is named; vendors see theirs. Two queries a production, held.
    Raises Invalid for a filter that is none.
    """
    page, limit = whole_number(query, "page", 1), Paging.of(query).limit
    if page < 1:
        raise Invalid("page is below 1.", "page", "a page, from 1")
    tests = _tests(query)
    projects = [project] if project else checks.projects_of(caller)
    tasks = [task for task in _tasks_of(caller, projects) if all(test(task) for test in tests)]
    place = _place_of(caller, projects, tasks)
    shown = _in_order(tasks, place)[(page - 1) * limit : page * limit]
    return {
        "data": open_rows(caller, shown, place),
        "stats": _stats(tasks if shown else ()),
        "limit": limit,
        "is_more": bool(shown) and len(shown) == limit,
        "page": page,
    }


def sums(caller: Caller) -> dict[str, dict[str, Any]]:
    """The tasks of the caller's open productions counted by production, and by task type and status in each.

    Concepts are left out, vendors' sums are of their own tasks. A query a production, held.
    """
    counted: dict[str, dict[tuple[str, str], list[Record]]] = {}
    for task in filter(_is_no_concept(), _tasks_of(caller, checks.projects_of(caller))):
        cell = (str(task["task_type_id"]), str(task["task_status_id"]))
        counted.setdefault(task["project_id"], {}).setdefault(cell, []).append(task)
    return {
        project_id: {
            **_amounts([task for tasks in cells.values() for task in tasks]),
            "task_types": [
                {"project_id": project_id, "task_type_id": cell[0], "task_status_id": cell[1], **_amounts(tasks)}
                for cell, tasks in sorted(cells.items())
            ],
        }
        for project_id, cells in counted.items()
    }


def _tasks_of(caller: Caller, projects: Sequence[Record]) -> list[Record]:
    """The tasks of productions that a caller sees: a vendor's are found by their edges."""
    if caller.is_vendor:
        known = {project.id for project in projects}
        return [task for task in lists.assigned_to(caller.id) if task["project_id"] in known]
    queries = [partial(partitions.held, TASK, keys.home_of_owner(project.id)) for project in projects]
    return [task for held in reads.parallel(queries) for task in held.records.values()]


def _place_of(caller: Caller, projects: Sequence[Record], tasks: Sequence[Record]) -> Ancestors:
    if caller.is_vendor:
        return ancestors_of(tasks)
    named = {task["project_id"] for task in tasks}
    homes = [keys.home_of_owner(project.id) for project in projects if project.id in named]
    found: dict[str, Record] = {}
    for held in reads.parallel([partial(partitions.held, ENTITY, home) for home in homes]):
        found.update(held.records)
    return Ancestors(found)


# -- filters -----------------------------------------------------------------------------------------------------------
def _tests(query: Mapping[str, str]) -> list[Test]:
    tests: list[Test] = []
    for name in ("task_type_id", "task_status_id"):
        if asked := _id(query, name):
            tests.append(lambda task, name=name, asked=asked: task[name] == asked)  # type: ignore[misc]
    if not query.get("task_type_id"):
        tests.append(_is_no_concept())
    if asked_people := query.get("person_id"):
        tests.append(_of_people(asked_people))
    for name, field in (("studio_id", "studio_id"), ("department_id", "departments")):
        if asked := _id(query, name):
            tests.append(_assigned_within(_people_with(field, asked)))
    if starts := _moment(query, "start_date"):
        tests.append(lambda task: task["start_date"] is not None and task["start_date"][: clock.SECONDS] >= starts)
    if ends := _moment(query, "due_date"):
        tests.append(lambda task: task["due_date"] is not None and task["due_date"][: clock.SECONDS] <= ends)
    if query.get("priority", "").strip():
        priority = whole_number(query, "priority", 0)
        tests.append(lambda task: task["priority"] == priority)
    return tests


def _is_no_concept() -> Test:
    concepts = {one.id for one in reference.every(TASK_TYPE).values() if one["for_entity"] == "Concept"}
    return lambda task: task["task_type_id"] not in concepts


def _of_people(asked: str) -> Test:
    if asked == _UNASSIGNED:
        return lambda task: not task["assignees"]
    wanted = {one.strip().lower() for one in asked.split(",")}
    if not all(map(keys.is_id, wanted)):
        raise Invalid("person_id holds what is not an id.", "person_id", "ids with commas between them, or unassigned")
    return _assigned_within(wanted)


def _assigned_within(people: set[str]) -> Test:
    return lambda task: not people.isdisjoint(task["assignees"])


def _people_with(field: str, wanted: str) -> set[str]:
    return {one.id for one in reference.every(PERSON).values() if wanted == one[field] or wanted in (one[field] or ())}


def _id(query: Mapping[str, str], name: str) -> str | None:
    given = query.get(name)
    if given and not keys.is_id(given):
        raise Invalid(f"{name}: {given!r} is not an id.", name, "an id")
    return given.lower() if given else None


def _moment(query: Mapping[str, str], name: str) -> str | None:
    given = query.get(name)
    if not given:
        return None
    try:
        return clock.parse(given)[: clock.SECONDS]
    except (ValueError, OverflowError):
        raise Invalid(f"{name}: {given!r} is not a date.", name, "YYYY-MM-DD or YYYY-MM-DDTHH:MM:SS") from None


# -- order and sums ----------------------------------------------------------------------------------------------------
def _in_order(tasks: Sequence[Record], place: Ancestors) -> list[Record]:
    """By the names of production, episode, sequence, entity type, entity and task type; what has none comes last.

    Names are compared once an entity and once a task type: of each there are few, and of tasks many.
    """
    entities = {(task["project_id"], task["entity_id"]): task for task in tasks}
    of_entity = _ranks({key: _around(task, place) for key, task in entities.items()})
    type_ids = {task["task_type_id"] for task in tasks}
    of_type = _ranks({type_id: (_named(reference.find(TASK_TYPE, type_id)),) for type_id in type_ids})
    return sorted(
        tasks,
        key=lambda task: (of_entity[task["project_id"], task["entity_id"]], of_type[task["task_type_id"]], task.id),
    )


def _ranks(names: Mapping[Any, tuple[tuple[bool, str], ...]]) -> dict[Any, int]:
    """The place of each among the others; those of the same names share one."""
    places = {name: place for place, name in enumerate(sorted(set(names.values())))}
    return {key: places[name] for key, name in names.items()}


def _around(task: Record, place: Ancestors) -> tuple[tuple[bool, str], ...]:
    """The names above a task, from the production down to its entity."""
    entity = place.entity(task)
    parent = place.parent(entity)
    return (
        _named(reference.find(PROJECT, task["project_id"])),
        _named(place.parent(parent)),
        _named(parent),
        _named(reference.find(ENTITY_TYPE, entity["entity_type_id"]) if entity else None),
        _named(entity),
    )


def _named(record: Record | None) -> tuple[bool, str]:
    return (record is None, str(record["name"]) if record else "")


def _stats(tasks: Sequence[Record]) -> dict[str, Any]:
    amounts = Counter(task["task_status_id"] for task in tasks)
    # The order the interface is used to: the status that was made last comes first.
    newest_first = sorted(amounts, key=_made_at, reverse=True)
    return {
        "total": len(tasks),
        **_minutes(tasks),
        "status": [{"task_status_id": status_id, "amount": amounts[status_id]} for status_id in newest_first],
    }


def _made_at(status_id: str | None) -> str:
    status = reference.find(TASK_STATUS, status_id)
    return str(status["created_at"]) if status else ""


def _amounts(tasks: Sequence[Record]) -> dict[str, Any]:
    done = {one.id for one in reference.every(TASK_STATUS).values() if one["is_done"]}
    return {
        "amount": len(tasks),
        "amount_done": sum(task["task_status_id"] in done for task in tasks),
        **_minutes(tasks),
    }


def _minutes(tasks: Iterable[Record]) -> dict[str, float]:
    return {f"total_{name}": sum(task[name] or 0 for task in tasks) for name in ("duration", "estimation")}
