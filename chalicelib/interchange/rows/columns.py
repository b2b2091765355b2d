"""The columns of a file of entities that the production gives their names: metadata, statuses, comments.

Source: docs/contract/interchange.md 2.2.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from chalicelib.domain.entities.kinds import EntityKind
from chalicelib.domain.production import descriptors
from chalicelib.errors import Invalid
from chalicelib.interchange.rows.cells import Cells, flag_of, told
from chalicelib.interchange.rows.table import Table
from chalicelib.records import names
from chalicelib.records.production import TASK_STATUS, TASK_TYPE
from chalicelib.records.record import Record
from chalicelib.records.tasks import COMMENT
from chalicelib.records.validation import value_of
from chalicelib.store import reference

_COMMENT: Final = " comment"
_TEXT: Final = COMMENT.by_name["text"]
Data = Mapping[str, Any]


class Places:
    """Which column is whose, where several have one name: each owner in turn takes the next from the left.

    Exports write what is fixed first, then metadata, then tasks.
    """

    def __init__(self, table: Table, fixed: Sequence[str]) -> None:
        self._left = {column: list(places) for column, places in table.places.items()}
        for column in fixed:
            self.take(column)

    def take(self, column: str) -> int | None:
        """The place of a column that nobody took before; None without one."""
        left = self._left.get(column)
        return left.pop(0) if left else None


class MetadataColumns:
    """Columns that are named like a metadata descriptor of the kind."""

    def __init__(self, project: Record, kind: EntityKind, places: Places) -> None:
        found = sorted(descriptors.of_project(project), key=lambda one: one["name"])
        self._columns = [
            (place, one["name"], one["field_name"], one["data_type"] == "boolean")
            for one in found
            if one["entity_type"] == kind.name and (place := places.take(one["name"])) is not None
        ]

    def read(self, cells: Cells) -> dict[str, str]:
        """The texts of a row by the keys of metadata; Invalid where a truth is none."""
        return {
            key: _truth(flag_of(column, cells.at(place))) if is_truth else cells.at(place)
            for place, column, key, is_truth in self._columns
        }

    def differing(self, data: Data, given: Data) -> dict[str, str]:
        """What of the texts of a row an export would not have told of this metadata."""
        truths = {key for *_, key, is_truth in self._columns if is_truth}
        return {
            key: text
            for key, text in given.items()
            if text != (_truth(str(data.get(key)).lower() == "true") if key in truths else told(data.get(key)))
        }


def _truth(value: bool) -> str:
    return "true" if value else "false"


class TaskCell(NamedTuple):
    """What a row says of a task: its status, None as it is, and a comment, None where the file has no such column."""

    task_type_id: str
    status_id: str | None
    comment: str | None


class _TaskColumn(NamedTuple):
    task_type: Record
    status: int | None
    comment: int | None


class TaskColumns:
    """Columns that are named like a task type of the kind, set on the production: statuses and comments."""

    def __init__(self, project: Record, kind: EntityKind, places: Places) -> None:
        self.task_types = [
            one
            for task_type_id in project["task_types"]
            if (one := reference.find(TASK_TYPE, task_type_id)) is not None and one["for_entity"] == kind.name
        ]
        found = [
            _TaskColumn(one, places.take(one["name"]), places.take(one["name"] + _COMMENT)) for one in self.task_types
        ]
        self._columns = [one for one in found if one.status is not None or one.comment is not None]
        self._status = _status_finder() if self._columns else None

    def read(self, cells: Cells) -> list[TaskCell]:
        """What a row says of tasks, empty cells left out; Invalid for an unknown status."""
        found = []
        for task_type, status, comment in self._columns:
            named = cells.at(status) if status is not None else ""
            text = cells.at(comment) if comment is not None else None
            if named or text:
                status_id = self._named(task_type["name"], named) if named else None
                found.append(TaskCell(task_type.id, status_id, text and value_of(_TEXT, text)))
        return found

    def _named(self, column: str, name: str) -> str:
        assert self._status is not None
        found = self._status(name)
        if found is None:
            raise Invalid(f"{column}: there is no status {name[:60]!r}.", column, "the name of a task status")
        return found


def _status_finder() -> Callable[[str], str | None]:
    """Finds a status by its short name or its name, in any case; as exports write it first."""
    statuses = sorted(
        reference.every(TASK_STATUS).values(), key=lambda one: (one["created_at"] or "", one.id), reverse=True
    )
    exact: dict[str, str] = {}
    folded: dict[str, str] = {}
    for name in ("name", "short_name"):
        exact |= {names.normal(one[name]): one.id for one in statuses if one[name]}
        folded |= {names.folded(one[name]): one.id for one in statuses if one[name]}
    return lambda name: exact.get(names.normal(name)) or folded.get(names.folded(name.strip()))
