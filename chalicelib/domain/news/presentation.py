"""How news are shown: with the names of what they are about (docs/contract/tasks.md section 8)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from chalicelib.domain.entities import names
from chalicelib.records import clock
from chalicelib.records.entities import ENTITY
from chalicelib.records.fields import Kind
from chalicelib.records.files import PREVIEW_FILE
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record
from chalicelib.records.tasks import NEWS, TASK
from chalicelib.store import reads, reference

Records = Mapping[str, Record]


def rows(news: Sequence[Record]) -> list[dict[str, Any]]:
    """News in full, in their order; null where what they are about is gone.

    Tasks and previews are read side by side, a hundred a read; then the entities, and what is above these.
    """
    queries: list[Callable[[], dict[str, Record]]] = [
        partial(_by_id, TASK, (one["task_id"] for one in news)),
        partial(_by_id, PREVIEW_FILE, (one["preview_file_id"] for one in news)),
    ]
    tasks, previews = reads.parallel(queries)
    entities = _by_id(ENTITY, (task["entity_id"] for task in tasks.values()))
    above = names.ancestors_of(list(entities.values()))
    shown = []
    for one in news:
        task = tasks.get(one["task_id"])
        entity = entities.get(task["entity_id"] or "") if task else None
        preview = previews.get(one["preview_file_id"] or "")
        shown.append({**_of_news(one), **_of_task(task), **_of_entity(entity, above), **_of_preview(preview)})
    return shown


def _by_id(kind: Kind, ids: Iterable[str | None]) -> dict[str, Record]:
    return {record.id: record for record in reads.get_many(kind, {one for one in ids if one})}


def _of_news(news: Record) -> dict[str, Any]:
    return {
        "id": news.id,
        "type": NEWS.name,
        "author_id": news["author_id"],
        "comment_id": news["comment_id"],
        "task_id": news["task_id"],
        "task_status_id": news.get("task_status_id"),
        "preview_file_id": news["preview_file_id"],
        "created_at": clock.shown(news["created_at"]),
        "change": news["change"],
    }


def _of_task(task: Record | None) -> dict[str, Any]:
    project = reference.find(PROJECT, task["project_id"]) if task else None
    return {
        "task_type_id": task["task_type_id"] if task else None,
        "task_entity_id": task["entity_id"] if task else None,
        "project_id": project.id if project else None,
        "project_name": project["name"] if project else "",
    }


def _of_entity(entity: Record | None, above: Records) -> dict[str, Any]:
    return {
        "full_entity_name": names.full_name(entity, above) if entity else "",
        "episode_id": names.episode_id_of(entity, above) if entity else None,
        "entity_preview_file_id": entity["preview_file_id"] if entity else None,
    }


def _of_preview(preview: Record | None) -> dict[str, Any]:
    return {
        "preview_file_extension": preview["extension"] if preview else None,
        "preview_file_annotations": preview["annotations"] if preview else None,
    }
