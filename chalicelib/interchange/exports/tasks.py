"""The tasks of open productions as a table (docs/contract/interchange.md 1.1)."""

from functools import partial
from typing import Any, Final

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.domain.tasks.ancestors import Ancestors
from chalicelib.interchange.csv_writing import Rows
from chalicelib.records.entities import ENTITY, ENTITY_TYPE
from chalicelib.records.fields import Kind
from chalicelib.records.people import PERSON
from chalicelib.records.production import TASK_STATUS, TASK_TYPE
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.store import keys, partitions, reads, reference

_HEADS: Final = (
    "Project",
    "Task Type",
    "Episode",
    "Sequence",
    "Entity Type",
    "Entity",
    "Assigner",
    "Assignees",
    "Duration",
    "Estimation",
    "Start date",
    "Due date",
    "WIP date",
    "Validation date",
    "Task Status",
)
_DATES: Final = ("start_date", "due_date", "real_start_date", "end_date")
_DAY: Final = len("YYYY-MM-DD")


def table(caller: Caller) -> Rows:
    """The tasks of the caller's open productions; by production, task type, name, and what they are on.

    Two queries a production, side by side.
    """
    projects = checks.projects_of(caller)
    looks = [partial(partitions.held, kind, keys.home_of_owner(one.id)) for one in projects for kind in (TASK, ENTITY)]
    held = [one.records for one in reads.parallel(looks)]
    names = _Names()
    rows = [
        (task["name"], task.id, names.row(project, task, Ancestors(entities)))
        for project, tasks, entities in zip(projects, held[::2], held[1::2], strict=True)
        for task in tasks.values()
    ]
    # In front stand production and task type, behind the name of the task what it is on.
    rows.sort(key=lambda one: (one[2][:2], one[0], one[2][2:6], one[1]))
    return [list(_HEADS), *(row for _, _, row in rows)]


class _Names:
    """The names that stand in many rows, by id."""

    def __init__(self) -> None:
        self._task_types = _by_id(TASK_TYPE, "name")
        self._statuses = _by_id(TASK_STATUS, "name")
        self._entity_types = _by_id(ENTITY_TYPE, "name")
        self._people = _by_id(PERSON, "full_name")

    def row(self, project: Record, task: Record, place: Ancestors) -> list[Any]:
        """A task as a row."""
        entity = place.entity(task)
        sequence = place.parent(entity)
        episode = place.parent(sequence)
        return [
            project["name"],
            self._task_types.get(task["task_type_id"], ""),
            episode["name"] if episode else "",
            sequence["name"] if sequence else "",
            self._entity_types.get(entity["entity_type_id"], "") if entity else "",
            entity["name"] if entity else "",
            self._people.get(task["assigner_id"], ""),
            ", ".join(self._people[one] for one in task["assignees"] if one in self._people),
            float(task["duration"] or 0),
            float(task["estimation"] or 0),
            *((task[name] or "")[:_DAY] for name in _DATES),
            self._statuses.get(task["task_status_id"], ""),
        ]


def _by_id(kind: Kind, field: str) -> dict[str, str]:
    return {one.id: one[field] for one in reference.every(kind).values()}
