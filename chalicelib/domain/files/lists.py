"""Lists of previews: of a task, an entity, a production (docs/contract/files.md 6.7)."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, Final

from chalicelib.access import checks
from chalicelib.domain.counters import main_previews
from chalicelib.domain.crud.pagination import Paging, latest_first
from chalicelib.domain.files import download_names, previews
from chalicelib.records.entities import ENTITY
from chalicelib.records.files import PREVIEW_FILE
from chalicelib.records.production import PROJECT, TASK_TYPE
from chalicelib.records.record import Record, plain, shown
from chalicelib.records.tasks import TASK
from chalicelib.store import homes, keys, partitions, reads, reference

# Beyond so many tasks it is less to ask what changed among all previews of the production.
FEW_TASKS: Final = 64
_SHORT: Final = (
    "id",
    "name",
    "original_name",
    "extension",
    "revision",
    "position",
    "file_size",
    "status",
    "validation_status",
    "task_id",
    "person_id",
    "created_at",
)
_GROUPED: Final = (
    "id",
    "revision",
    "original_name",
    "extension",
    "width",
    "height",
    "duration",
    "status",
    "annotations",
    "created_at",
    "task_id",
)


def of_task(task: Record) -> list[Any]:
    """The rows of a task's previews, highest revision first (one query)."""
    return [plain(one) for one in previews.latest_first(main_previews.of_task(task.id))]


def tasks_of(entity: Record) -> list[Record]:
    """The tasks of an entity (one query)."""
    return reads.query(TASK, homes.of(ENTITY, entity), "entity_id", ("^", f"{entity.id}#"))


def by_task(tasks: Iterable[Record]) -> list[tuple[Record, list[Record]]]:
    """Tasks with their previews, the first made first: a query each of a few, one a production of many."""
    found = list(tasks)
    if len(found) <= FEW_TASKS:
        previews_of = reads.parallel([partial(main_previews.of_task, task.id) for task in found])
        return list(zip(found, previews_of, strict=True))
    wanted: dict[str, list[Record]] = {task.id: [] for task in found}
    production_homes = {homes.of(TASK, task) for task in found}
    for held in reads.parallel([partial(partitions.held, PREVIEW_FILE, home) for home in sorted(production_homes)]):
        for preview in sorted(held.records.values(), key=lambda one: (one["created_at"], one.id)):
            if preview["task_id"] in wanted:
                wanted[preview["task_id"]].append(preview)
    return [(task, wanted[task.id]) for task in found]


def short(preview: Record) -> dict[str, Any]:
    """The short form of a preview."""
    row = shown(preview)
    return {name: row[name] for name in _SHORT}


def of_entity(entity: Record) -> list[dict[str, Any]]:
    """Short forms: by the name of the task type, the highest revision first, then by position."""
    found = [(_task_type_name(task), one) for task, files in by_task(tasks_of(entity)) for one in files]
    found.sort(key=lambda pair: (pair[0], -(pair[1]["revision"] or 0), pair[1]["position"] or 0))
    return [short(one) for _, one in found]


def _task_type_name(task: Record) -> str:
    task_type = reference.find(TASK_TYPE, task["task_type_id"])
    return str(task_type["name"]) if task_type else ""


def grouped(entity: Record) -> dict[str, list[dict[str, Any]]]:
    """The previews of an entity by task type, as players take them; see `by_revision`."""
    return grouped_of(by_task(tasks_of(entity)))


def grouped_of(found: Iterable[tuple[Record, list[Record]]]) -> dict[str, list[dict[str, Any]]]:
    """The same of the tasks of one entity, each with its previews (`by_task`)."""
    return {task_type_id: by_revision(files, task_type_id) for task_type_id, files in by_type(found).items()}


def by_type(found: Iterable[tuple[Record, list[Record]]]) -> dict[str, list[Record]]:
    """The previews of tasks by task type; types without any are left out."""
    types: dict[str, list[Record]] = {}
    for task, files in found:
        if files:
            types.setdefault(task["task_type_id"], []).extend(files)
    return types


def by_revision(files: Iterable[Record], task_type_id: str) -> list[dict[str, Any]]:
    """One entry a revision, the highest first: its oldest file, the others of the revision in its `previews`."""
    oldest_first = sorted(files, key=lambda file: (file["created_at"], file.id))
    return [
        {**_entry(first), "previews": [_second(one, task_type_id) for one in others]}
        for first, *others in revisions_of(oldest_first)
    ]


def revisions_of(files: Iterable[Record]) -> list[list[Record]]:
    """The files of each revision, the highest first; inside one in the order they came in."""
    revisions: dict[int, list[Record]] = {}
    for one in files:
        revisions.setdefault(one["revision"] or 0, []).append(one)
    return [revisions[number] for number in sorted(revisions, reverse=True)]


def _entry(preview: Record) -> dict[str, Any]:
    row = shown(preview)
    return {name: row[name] for name in _GROUPED}


def _second(preview: Record, task_type_id: str) -> dict[str, Any]:
    return {**_entry(preview), "position": preview["position"], "task_type_id": task_type_id}


def of_project(project: Record, query: Mapping[str, str]) -> Any:
    """The rows of a production's previews, last changed first; a page of them with `page` (its partition is read)."""
    paging = Paging.of(query)
    found = reads.query(PREVIEW_FILE, keys.home_of_owner(project.id))
    return latest_first(found, paging, lambda part: [plain(one) for one in part])


def running() -> list[dict[str, Any]]:
    """The previews of open productions that are processing or broken, newest first, with why those broke.

    A query an open production, on an index that holds nothing but these.
    """
    projects = [one for one in reference.every(PROJECT).values() if checks.is_open(one)]
    queries = [partial(reads.query, PREVIEW_FILE, keys.home_of_owner(one.id), "unfinished") for one in projects]
    found = [preview for part in reads.parallel(queries) for preview in part]
    found.sort(key=lambda one: (one["created_at"], one.id), reverse=True)
    tasks = {task.id: task for task in reads.get_many(TASK, [one["task_id"] for one in found if one["task_id"]])}
    entities = reads.get_many(ENTITY, [task["entity_id"] for task in tasks.values() if task["entity_id"]])
    told = {entity.id: download_names.full_entity_name(entity) for entity in entities}
    return [_running(one, tasks.get(one["task_id"] or ""), told) for one in found]


def _running(preview: Record, task: Record | None, full_names: Mapping[str, str]) -> dict[str, Any]:
    return shown(
        preview,
        project_id=task["project_id"] if task else None,
        task_type_id=task["task_type_id"] if task else None,
        full_entity_name=full_names.get(task["entity_id"] or "", "") if task else "",
        failure=preview.get("failure"),
    )
