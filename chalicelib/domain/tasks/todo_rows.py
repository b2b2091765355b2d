"""The rows of lists of work: tasks with the names of all around them (docs/contract/tasks.md section 11)."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

from chalicelib.access.caller import Caller
from chalicelib.access.comments import is_by_client
from chalicelib.domain.entities.kinds import EPISODE, SEQUENCE, kind_of
from chalicelib.domain.production import descriptors
from chalicelib.domain.production.episodes import is_show
from chalicelib.domain.tasks.ancestors import Ancestors, ancestors_of
from chalicelib.domain.workflow import entity_types
from chalicelib.records.entities import ENTITY, ENTITY_LINK, ENTITY_TYPE
from chalicelib.records.production import PROJECT, TASK_STATUS, TASK_TYPE
from chalicelib.records.record import Record, shown
from chalicelib.records.tasks import COMMENT, TASK
from chalicelib.store import homes, keys, partitions, reads, reference

Values = dict[str, Any]
Castings = Mapping[str, Values]
_NOTHING: Final[Mapping[str, Any]] = {}
# The latest word of the studio is among the first few, unless clients talk among themselves.
_COMMENTS_AT_ONCE: Final = 4


def rows(caller: Caller, tasks: Sequence[Record], resolve_sources: bool = True) -> list[Values]:
    """Tasks with their assignees, with the names of production, entity, type, status, sequence and episode, and with
    the latest comment that is not by a client.

    resolve_sources: whether the episode that an asset was made for is told by its name, too. Three rounds of a read a
    hundred for the entities, a query a commented task, two a show with an asset among them; each side by side.
    """
    place = ancestors_of(tasks)
    cast = _castings(tasks, place)
    words = {} if caller.is_client else _latest_words(tasks)
    return [
        shown(
            task,
            True,
            **_of_project(task),
            **_of_entity(caller, task, place.entity(task)),
            **_above(place, place.entity(task), resolve_sources),
            **cast.get(task["entity_id"], {}),
            **_of_task(task),
            last_comment=words.get(task.id, {}),
        )
        for task in tasks
    ]


def open_rows(caller: Caller, tasks: Sequence[Record], place: Ancestors) -> list[Values]:
    """The same of what is under way, without comments; names of type and status are `type_name`, `status_name` …"""
    cast = _castings(tasks, place)
    return [
        shown(
            task,
            True,
            **_of_project(task),
            **_of_entity(caller, task, place.entity(task)),
            **_above(place, place.entity(task), resolve_sources=True),
            **cast.get(task["entity_id"], {}),
            **_of_type_and_status(task),
        )
        for task in tasks
    ]


def _of_project(task: Record) -> Values:
    project = reference.find(PROJECT, task["project_id"]) or _NOTHING
    return {"project_name": project.get("name"), "project_has_avatar": project.get("has_avatar")}


def _of_entity(caller: Caller, task: Record, entity: Record | None) -> Values:
    found: Mapping[str, Any] = entity or _NOTHING
    entity_type = reference.find(ENTITY_TYPE, found.get("entity_type_id")) or _NOTHING
    return {
        "entity_name": found.get("name"),
        "entity_description": found.get("description"),
        "entity_data": _metadata(caller, task, entity) if entity else None,
        "entity_preview_file_id": found.get("preview_file_id") or "",
        "entity_source_id": found.get("source_id") or "",
        "entity_type_name": entity_type.get("name"),
        "entity_canceled": found.get("canceled"),
    }


def _metadata(caller: Caller, task: Record, entity: Record) -> Any:
    """The metadata of an entity; vendors are not shown the columns of others' departments."""
    data = entity["data"]
    project = reference.find(PROJECT, task["project_id"])
    if not caller.is_vendor or not isinstance(data, dict) or project is None:
        return data
    hidden = descriptors.hidden_keys(caller, project, kind_of(entity).name)
    return {name: value for name, value in data.items() if name not in hidden}


def _above(place: Ancestors, entity: Record | None, resolve_sources: bool) -> Values:
    parent = place.parent(entity)
    episode = parent if entity is not None and SEQUENCE.is_of(entity) else place.parent(parent)
    named = True
    if episode is None:
        source = place.source(entity)
        episode = source if source is not None and EPISODE.is_of(source) else None
        named = resolve_sources
    return {
        "sequence_name": parent["name"] if parent else None,
        "episode_id": episode.id if episode else "",
        "episode_name": episode["name"] if episode and named else None,
    }


def _of_task(task: Record) -> Values:
    task_type = reference.find(TASK_TYPE, task["task_type_id"]) or _NOTHING
    status = reference.find(TASK_STATUS, task["task_status_id"]) or _NOTHING
    again = shown(task)
    return {
        **{f"task_{name}": again[name] for name in ("estimation", "duration", "start_date", "due_date")},
        **{f"task_type_{name}": task_type.get(name) for name in ("name", "for_entity", "color")},
        **{f"task_status_{name}": status.get(name) for name in ("name", "color", "short_name")},
    }


def _of_type_and_status(task: Record) -> Values:
    task_type = reference.find(TASK_TYPE, task["task_type_id"]) or _NOTHING
    status = reference.find(TASK_STATUS, task["task_status_id"]) or _NOTHING
    return {
        "task_type_for_entity": task_type.get("for_entity"),
        **{f"type_{name}": task_type.get(name) for name in ("name", "color")},
        **{f"status_{name}": status.get(name) for name in ("name", "color", "short_name")},
    }


def _castings(tasks: Sequence[Record], place: Ancestors) -> Castings:
    """`episode_ids` and `episode_names` of the assets among the entities that are cast in episodes, by asset."""
    assets: dict[str, set[str]] = {}
    for task in tasks:
        entity = place.entity(task)
        project = reference.find(PROJECT, task["project_id"])
        if entity is not None and project is not None and is_show(project) and kind_of(entity).name == "Asset":
            assets.setdefault(project.id, set()).add(entity.id)
    found: dict[str, Values] = {}
    for part in reads.parallel([partial(_cast_in, project_id, ids) for project_id, ids in assets.items()]):
        found |= part
    return found


def _cast_in(project_id: str, asset_ids: set[str]) -> Castings:
    home = keys.home_of_owner(project_id)
    links = [one for one in partitions.held(ENTITY_LINK, home).records.values() if one["entity_out_id"] in asset_ids]
    if not links:
        return {}
    found: dict[str, Values] = {}
    for episode in reads.query(ENTITY, home, "entity_type_id", ("^", f"{entity_types.temporal('Episode').id}#")):
        for asset_id in {link["entity_out_id"] for link in links if link["entity_in_id"] == episode.id}:
            told = found.setdefault(asset_id, {"episode_ids": [], "episode_names": []})
            told["episode_ids"].append(episode.id)
            told["episode_names"].append(episode["name"])
    return found


def _latest_words(tasks: Sequence[Record]) -> Mapping[str, Values]:
    """`{text, date, person_id}` of the latest comment on each task that is not by a client, by task."""
    commented = [task for task in tasks if task["last_comment_date"]]
    found = reads.parallel([partial(_latest_word, task) for task in commented])
    return {task.id: word for task, word in zip(commented, found, strict=True) if word}


def _latest_word(task: Record) -> Values:
    home, of_task = homes.of(TASK, task), ("^", f"{task.id}#")
    for page in reads.pages_of(COMMENT, home, "object_id", of_task, descending=True, limit=_COMMENTS_AT_ONCE):
        for comment in reads.records_of(COMMENT, page):
            if not is_by_client(comment):
                told = shown(comment)
                return {"text": told["text"], "date": told["created_at"], "person_id": told["person_id"]}
    return {}
