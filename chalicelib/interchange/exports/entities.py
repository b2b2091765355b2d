"""The assets, shots and edits of a production as tables (docs/contract/interchange.md 1.2)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from chalicelib.access.caller import Caller
from chalicelib.domain.entities import board_rows, boards, columns
from chalicelib.domain.entities.board_rows import View
from chalicelib.domain.entities.columns import Columns
from chalicelib.domain.entities.kinds import ASSET, EDIT, SHOT, EntityKind
from chalicelib.domain.production import descriptors
from chalicelib.interchange.csv_writing import Rows
from chalicelib.records.people import PERSON
from chalicelib.records.production import TASK_STATUS, TASK_TYPE
from chalicelib.records.record import Record
from chalicelib.store import reference

# Tasks of an entity by the id of their type.
Tasks = Mapping[str, Record]
_MINUTES_A_DAY: Final = 8 * 60
_TRUE: Final = "true"


@dataclass(frozen=True)
class Layout:
    """The fixed columns of a kind: those in front of the time spent, and those behind it; whether it is filtered."""

    kind: EntityKind
    standing: Columns
    frames: Columns = field(default_factory=dict)
    filtered: bool = True


def table(caller: Caller, layout: Layout, project: Record, query: Mapping[str, str]) -> Rows:
    """The entities of a production, in the order of its board, with a pair of columns for each type of their tasks.

    query: `id`, `episode_id`; `assigned_to`, whatever it says, leaves what the caller is assigned to (section 1.2).
    Two queries side by side; of assets of a production with episodes a third. Raises Invalid for a malformed id.
    """
    kind = layout.kind
    view = boards.asked_for(kind, query, caller.id if query.get("assigned_to") else None) if layout.filtered else View()
    source = boards.source_of(kind, project)
    minutes, tasks = _tasks_of(source.tasks.values(), view)
    chosen = [
        (entity, place)
        for entity, place in board_rows.placed(kind, source)
        if view.entity_id in (None, entity.id)
        and (view.episode_id is None or kind.in_episode(entity, place, view.episode_id))
        and (view.assignee_id is None or entity.id in tasks)
    ]
    described = [one for one in descriptors.listed(caller, project) if one["entity_type"] == kind.name]
    types = _types_in(tasks[entity.id] for entity, _ in chosen if entity.id in tasks)
    heads = [*layout.standing, "Time Spent", *layout.frames, *(one["name"] for one in described)]
    for task_type in types:
        heads += [task_type["name"], "Assignations"]
    cells = _TaskCells(types)
    standing, frames = tuple(layout.standing.values()), tuple(layout.frames.values())
    rows: Rows = [heads]
    for entity, place in chosen:
        row = [column(entity, place) for column in standing]
        row.append(f"{minutes.get(entity.id, 0) / _MINUTES_A_DAY:.2f}")
        row += [column(entity, place) for column in frames]
        row += _described(described, entity)
        row += cells.of(tasks.get(entity.id, {}))
        rows.append(row)
    return rows


def _tasks_of(tasks: Iterable[Record], view: View) -> tuple[dict[str, float], dict[str, dict[str, Record]]]:
    """The minutes spent on each entity, and the tasks of a view on it; of a type the one that was made first."""
    minutes: dict[str, float] = {}
    found: dict[str, dict[str, Record]] = {}
    for task in tasks:
        entity_id = task["entity_id"]
        if task["duration"]:
            minutes[entity_id] = minutes.get(entity_id, 0) + task["duration"]
        if view.assignee_id is None or view.assignee_id in task["assignees"]:
            by_type = found.setdefault(entity_id, {})
            other = by_type.get(task["task_type_id"])
            if other is None or (task["created_at"], task.id) < (other["created_at"], other.id):
                by_type[task["task_type_id"]] = task
    return minutes, found


def _types_in(tasks: Iterable[Tasks]) -> list[Record]:
    used = {type_id for by_type in tasks for type_id in by_type}
    types = [one for one in reference.every(TASK_TYPE).values() if one.id in used]
    return sorted(types, key=lambda one: (one["priority"] or 0, one["name"], one.id))


def _described(described: Sequence[Record], entity: Record) -> list[Any]:
    data = columns.metadata(entity)
    return [_value(one, data.get(one["field_name"])) for one in described]


def _value(descriptor: Record, value: Any) -> Any:
    if descriptor["data_type"] == "boolean":
        return _TRUE if str(value).lower() == _TRUE else "false"
    # What no cell holds as it is: lists, objects, true and false of other columns.
    return msgspec.json.encode(value).decode() if isinstance(value, list | dict | bool) else value


class _TaskCells:
    """The short name of the status and the names of the assignees of each task, in the order of the types."""

    def __init__(self, types: Sequence[Record]) -> None:
        self._type_ids = [one.id for one in types]
        self._statuses = {one.id: one["short_name"] for one in reference.every(TASK_STATUS).values()}
        self._people = {one.id: one["full_name"] for one in reference.every(PERSON).values()}

    def of(self, tasks: Tasks) -> list[Any]:
        cells: list[Any] = []
        for type_id in self._type_ids:
            task = tasks.get(type_id)
            if task is None:
                cells += ("", "")
            else:
                people = [self._people[one] for one in task["assignees"] if one in self._people]
                cells += (self._statuses.get(task["task_status_id"], ""), ",".join(people))
        return cells


_PROJECT: Final[Columns] = {"Project": lambda _, place: place.project["name"]}
_NAMED: Final[Columns] = {
    "Name": lambda entity, _: entity["name"],
    "Description": lambda entity, _: entity["description"],
}


def _of(kind: Columns, name: str, head: str) -> Columns:
    return {head: kind[name]}


ASSETS: Final = Layout(ASSET, {**_PROJECT, **_of(columns.ASSETS, "asset_type_name", "Type"), **_NAMED})
SHOTS: Final = Layout(
    SHOT,
    {
        **_PROJECT,
        **_of(columns.SHOTS, "episode_name", "Episode"),
        **_of(columns.SHOTS, "sequence_name", "Sequence"),
        **_NAMED,
    },
    frames={
        **_of(columns.SHOTS, "nb_frames", "Frames"),
        **_of(columns.SHOTS, "frame_in", "Frame In"),
        **_of(columns.SHOTS, "frame_out", "Frame Out"),
        **_of(columns.SHOTS, "fps", "FPS"),
    },
)
EDITS: Final = Layout(EDIT, {**_PROJECT, **_of(columns.EDITS, "episode_name", "Episode"), **_NAMED}, filtered=False)
