"""What the rows of a board hold: the keys of an entity and of its tasks, kind by kind.

Source: docs/contract/entities.md section 3.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Any, Final

from chalicelib.records.clock import SECONDS
from chalicelib.records.entities import ENTITY_TYPE
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.store import reference


@dataclass(frozen=True)
class Place:
    """Where an entity stands: its production, what is above it, the episodes in whose castings it is."""

    project: Record
    parent: Record | None = None
    grandparent: Record | None = None
    cast_in: Sequence[str] = ()


Column = Callable[[Record, Place], Any]
Columns = Mapping[str, Column]


@dataclass(frozen=True)
class TaskColumns:
    """The keys of a task in a row; `no_preview` is what a task without preview shows as its last one."""

    names: tuple[str, ...]
    no_preview: str | None = None

    @cached_property
    def _values(self) -> Callable[[Record], tuple[Any, ...]]:
        return itemgetter(*self.names)

    def of(self, task: Record) -> dict[str, Any]:
        """The keys of a task, without `is_subscribed`, which depends on who asks."""
        row = dict(zip(self.names, self._values(task), strict=True))
        for name in _MOMENTS:
            moment = row.get(name)
            if moment is not None:
                row[name] = moment[:SECONDS]
        row["priority"] = row["priority"] or 0
        if "last_preview_file_id" in row:
            row["last_preview_file_id"] = row["last_preview_file_id"] or self.no_preview
        return row


def metadata(entity: Record) -> dict[str, Any]:
    """The free metadata of an entity; empty where it has none."""
    data = entity["data"]
    return data if isinstance(data, dict) else {}


def row(columns: Columns, entity: Record, place: Place) -> dict[str, Any]:
    """The keys of an entity, without its tasks."""
    return {key: column(entity, place) for key, column in columns.items()}


def _own(name: str) -> Column:
    return lambda entity, _: entity[name]


def _or(name: str, empty: str) -> Column:
    """A field, or a word of its own for none: clients of one kind expect `""`, of another `"None"`."""
    return lambda entity, _: entity[name] or empty


def _moment(name: str) -> Column:
    return lambda entity, _: entity[name] and entity[name][:SECONDS]


def _of_data(key: str) -> Column:
    return lambda entity, _: metadata(entity).get(key)


def _asset_type_name(entity: Record, _: Place) -> Any:
    found = reference.find(ENTITY_TYPE, entity["entity_type_id"])
    return found["name"] if found else None


def _name(above: Record | None) -> str:
    return above["name"] if above else ""


_MOMENTS: Final = tuple(name for name in TASK.datetimes if name not in ("created_at", "updated_at"))
_TASK: Final = (
    "id",
    "entity_id",
    "task_type_id",
    "task_status_id",
    "assignees",
    "priority",
    "estimation",
    "duration",
    "retake_count",
    "start_date",
    "due_date",
    "real_start_date",
    "end_date",
    "last_comment_date",
)
_ASSESSED: Final = (*_TASK, "done_date", "difficulty")

TASKS_OF_ASSETS: Final = TaskColumns((*_ASSESSED, "last_preview_file_id"), no_preview="")
TASKS_OF_SHOTS: Final = TaskColumns((*_ASSESSED, "last_preview_file_id", "nb_assets_ready", "nb_drawings"))
TASKS_OF_PARENTS: Final = TaskColumns((*_ASSESSED, "last_preview_file_id"))
TASKS_OF_EDITS: Final = TaskColumns((*_TASK, "last_preview_file_id", "nb_assets_ready"))
TASKS_OF_CONCEPTS: Final = TaskColumns((*_TASK, "nb_assets_ready"))
TASKS_OF_LINKED: Final = TaskColumns((*_TASK, "nb_assets_ready", "assigner_id"))

_ENTITY: Final[Columns] = {
    **{name: _own(name) for name in ("id", "name", "description", "canceled")},
    "data": lambda entity, _: metadata(entity),
}
_FRAMES: Final[Columns] = {key: _of_data(key) for key in ("fps", "frame_in", "frame_out")}
_STANDING: Final[Columns] = {
    **{name: _own(name) for name in ("entity_type_id", "parent_id", "project_id", "source_id", "nb_entities_out")},
    "type": _own("type"),
    "preview_file_id": _own("preview_file_id"),
    "project_name": lambda _, place: place.project["name"],
}

# What the lists of a kind add to its plain rows.
LISTED_BELOW_SEQUENCES: Final[Columns] = {
    "project_name": lambda _, place: place.project["name"],
    "sequence_name": lambda _, place: _name(place.parent),
}
LISTED: Final[Columns] = {"project_name": lambda _, place: place.project["name"]}
LISTED_WITH_CONCEPT_LINKS: Final[Columns] = {**LISTED, "entity_concept_links": _own("entity_concept_links")}

ASSETS: Final[Columns] = {
    **_ENTITY,
    "preview_file_id": _or("preview_file_id", ""),
    "asset_type_id": _own("entity_type_id"),
    "asset_type_name": _asset_type_name,
    "ready_for": _or("ready_for", "None"),
    "casting_episode_ids": lambda _, place: list(place.cast_in),
    "episode_id": _or("source_id", ""),
    "is_shared": _own("is_shared"),
    "is_casting_standby": _own("is_casting_standby"),
}
SHOTS: Final[Columns] = {
    **_ENTITY,
    **_STANDING,
    **_FRAMES,
    "nb_frames": _own("nb_frames"),
    "is_casting_standby": _own("is_casting_standby"),
    "sequence_id": lambda _, place: place.parent.id if place.parent else None,
    "sequence_name": lambda _, place: _name(place.parent),
    "episode_id": lambda _, place: place.grandparent.id if place.grandparent else None,
    "episode_name": lambda _, place: _name(place.grandparent),
}
# Sequences, episodes and scenes; what scenes show as their episode is their sequence.
PARENTS: Final[Columns] = {
    **_ENTITY,
    **_FRAMES,
    "preview_file_id": _or("preview_file_id", ""),
    "episode_id": _or("parent_id", "None"),
    "status": _own("status"),
}
EDITS: Final[Columns] = {
    **_ENTITY,
    **_STANDING,
    "episode_id": lambda _, place: place.parent.id if place.parent else None,
    "episode_name": lambda _, place: _name(place.parent),
}
CONCEPTS: Final[Columns] = {
    **_ENTITY,
    **_STANDING,
    **_FRAMES,
    "nb_frames": _own("nb_frames"),
    "is_casting_standby": _own("is_casting_standby"),
    "entity_concept_links": _own("entity_concept_links"),
    "created_by": _own("created_by"),
    "created_at": _moment("created_at"),
    "updated_at": _moment("updated_at"),
}
