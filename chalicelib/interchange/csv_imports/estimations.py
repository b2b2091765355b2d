"""Estimations, dates and difficulties of tasks out of a table (docs/contract/interchange.md 2.7)."""

import datetime
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from chalicelib.access.caller import Caller
from chalicelib.domain.entities import lookup
from chalicelib.domain.entities.kinds import ASSET, EPISODE
from chalicelib.domain.people import organisation
from chalicelib.domain.tasks import validation
from chalicelib.errors import Invalid, NotFound
from chalicelib.events.journal import emit
from chalicelib.interchange.csv_imports.by_slug import BySlug
from chalicelib.interchange.rows.cells import Cells, wrong
from chalicelib.interchange.rows.planned import Action, Planned
from chalicelib.interchange.rows.production_import import ProductionImport
from chalicelib.interchange.rows.table import Table
from chalicelib.records import clock
from chalicelib.records.entities import ENTITY
from chalicelib.records.people import ORGANISATION
from chalicelib.records.production import TASK_TYPE
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.records.validation import day
from chalicelib.store import keys, partitions, reads, reference
from chalicelib.store.changes import Changes

_FIELDS: Final = TASK.by_name
_DAYS_A_WEEK: Final = 5
# A task, its event.
_ITEMS: Final = 2
_MOST_MINUTES: Final = 2**31
_DAY: Final = "a day, YYYY-MM-DD"


@dataclass(slots=True)
class PlannedEstimation(Planned):
    """What becomes of the task of an entity: `values` are what changes."""

    entity_id: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


class EstimationImport(ProductionImport[PlannedEstimation]):
    """The import of estimations for the tasks of a type, of an episode where one is given."""

    _names: BySlug
    _tasks: dict[str, Record]
    # Tasks by their entity, as the rows so far leave them.
    _planned: dict[str, Mapping[str, Any]]
    _written_tasks: dict[str, Record]

    def __init__(
        self, caller: Caller, project: Record, table: Table, task_type_id: str, episode_id: str | None = None
    ) -> None:
        """Raises NotFound for an unknown task type, and for what is no episode of the production."""
        super().__init__(caller, project, table, update=True)
        self._task_type = reference.get(TASK_TYPE, task_type_id)
        self._episode = _episode(project, episode_id) if episode_id is not None else None
        known = organisation.find_organisation()
        self._hours = known["hours_by_day"] if known else ORGANISATION.by_name["hours_by_day"].default

    # -- planning ------------------------------------------------------------------------------------------------------
    def begin(self) -> Callable[[Cells], PlannedEstimation]:
        """Reads entities and tasks of the production (two queries)."""
        self.table.require("Parent", "Entity")
        home = keys.home_of_owner(self.project.id)
        self._names = BySlug(lookup.of_production(self.project.id).records)
        tasks = partitions.held(TASK, home).records.values()
        found = sorted(tasks, key=lambda task: (task["created_at"], task.id), reverse=True)
        self._tasks = {task["entity_id"]: task for task in found if task["task_type_id"] == self._task_type.id}
        self._planned = dict(self._tasks)
        return self._plan

    def called(self, cells: Cells) -> tuple[str, str]:
        """The entity that the task is on."""
        return TASK.name, f"{cells['Parent']} / {cells['Entity']}"

    def _plan(self, cells: Cells) -> PlannedEstimation:
        given = _given(cells, self._hours)
        entity_id = self._entity_id(cells)
        known = self._planned[entity_id]
        values = {name: value for name, value in given.items() if not _is_same(known[name], value)}
        self._planned[entity_id] = {**known, **values}
        action: Action = "update" if values else "unchanged"
        planned = PlannedEstimation(cells.line_number, action, *self.called(cells), length=cells.length)
        planned.entity_id, planned.values = entity_id, values
        return planned

    def _entity_id(self, cells: Cells) -> str:
        """The entity of a row that has a task of the type; a shot of a sequence, or an asset of a type."""
        parent, name = cells["Parent"], cells["Entity"]
        if self._episode is not None:
            shot = self._names.shot(self._episode["name"], parent, name)
            asset = self._names.asset(parent, name, self._episode["name"])
            found = [shot, asset if asset and asset["source_id"] == self._episode.id else None]
        else:
            found = [*self._names.shots(parent, name), self._names.asset(parent, name)]
        for entity in found:
            if entity is not None and entity.id in self._tasks:
                return entity.id
        what = f"There is no {self._task_type['name']} of {name[:60]!r} in {parent[:60]!r}."
        kind = "an asset" if self._task_type["for_entity"] == ASSET.name else "a shot"
        raise Invalid(what, "Entity", f"the name of {kind} that has such a task")

    # -- writing -------------------------------------------------------------------------------------------------------
    def items(self, planned: PlannedEstimation) -> int:
        """The task and its event."""
        del planned
        return _ITEMS

    def named(self, planned: PlannedEstimation) -> set[str]:
        """Nothing besides."""
        del planned
        return set()

    def write_rows(self, changes: Changes, batch: Sequence[PlannedEstimation]) -> None:
        """The tasks and their events."""
        self._written_tasks = {}
        for planned in batch:
            task = self._written_tasks.get(planned.entity_id) or self._tasks[planned.entity_id]
            if planned.values:
                task = self._written_tasks[planned.entity_id] = changes.update(task, **planned.values)
            emit(changes, "task:update", self.project.id, task_id=task.id)

    def written(self, batch: Sequence[PlannedEstimation]) -> None:
        """Takes in what was written, so that the next rows are based on it."""
        del batch
        self._tasks.update(self._written_tasks)


def _episode(project: Record, episode_id: str) -> Record:
    found = reads.find(ENTITY, episode_id)
    if found is None or found["project_id"] != project.id or not EPISODE.is_of(found):
        raise NotFound(f"This production has no episode with the id {episode_id!r}.", {"episode_id": episode_id})
    return found


def _given(cells: Cells, hours_a_day: float) -> dict[str, Any]:
    """The values that a row sets."""
    values: dict[str, Any] = {}
    days = _days(cells)
    if days is not None:
        values["estimation"] = round(days * hours_a_day * 60)
        if values["estimation"] >= _MOST_MINUTES:
            raise wrong("Estimation", cells["Estimation"], "a number of days")
    start, due = _date(cells, "Start date"), _date(cells, "Due date")
    if start is not None and due is None and days is not None:
        due = _after(start, days)
    values |= {name: _moment(one) for name, one in (("start_date", start), ("due_date", due)) if one is not None}
    if cells["Difficulty"]:
        values["difficulty"] = cells.value("Difficulty", _FIELDS["difficulty"])
        try:
            validation.refuse_values(values)
        except Invalid as problem:
            raise wrong("Difficulty", cells["Difficulty"], problem.data["expected"]) from None
    return values


def _days(cells: Cells) -> float | None:
    if not cells["Estimation"]:
        return None
    days: float = cells.value("Estimation", _FIELDS["estimation"])
    if days < 0 or days >= _MOST_MINUTES:
        raise wrong("Estimation", cells["Estimation"], "a number of days from 0 on")
    return days


def _date(cells: Cells, column: str) -> datetime.date | None:
    if not cells[column]:
        return None
    try:
        return datetime.date.fromisoformat(day(cells[column]))
    except ValueError:
        raise wrong(column, cells[column], _DAY) from None


def _after(start: datetime.date, days: float) -> datetime.date:
    """The business day on which work of so many days ends, the first one being the start."""
    weeks, rest = divmod(max(0, math.ceil(days) - 1), _DAYS_A_WEEK)
    try:
        end = start + datetime.timedelta(weeks=weeks)
        while rest:
            end += datetime.timedelta(days=1)
            rest -= end.weekday() < _DAYS_A_WEEK
    except OverflowError:
        raise Invalid("The work would end after the last year.", "Estimation", "fewer days") from None
    return end


def _moment(date: datetime.date) -> str:
    return clock.parse(date.isoformat())


def _is_same(kept: Any, value: Any) -> bool:
    return kept is not None and (clock.whole(kept) == clock.whole(value) if isinstance(value, str) else kept == value)
