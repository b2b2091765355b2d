"""What assets, shots and edits have in common as rows of a file (docs/contract/interchange.md 2.2).

A row is read whole before anything is made of it, so a wrong one leaves nothing behind, neither stored nor planned.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, NamedTuple

from chalicelib.access.caller import Caller
from chalicelib.domain.entities.kinds import EPISODE, EntityKind
from chalicelib.domain.production import episodes
from chalicelib.domain.workflow import task_statuses
from chalicelib.errors import Invalid
from chalicelib.interchange.rows.cells import Cells, told
from chalicelib.interchange.rows.columns import MetadataColumns, Places, TaskCell, TaskColumns
from chalicelib.interchange.rows.content import Content, Made
from chalicelib.interchange.rows.planned import Action, Planned
from chalicelib.interchange.rows.table import Table
from chalicelib.records.entities import ENTITY, ENTITY_TYPE
from chalicelib.records.record import Record
from chalicelib.store import reference

FIELDS: Final = ENTITY.by_name
EPISODE_COLUMN: Final = "Episode"
# Exports write these, and imports pass over them.
_PASSED_OVER: Final = ("Project", "Time Spent")


class Place(NamedTuple):
    """Where a row puts its entity: the fields that say so, and what has to be made for that."""

    values: Mapping[str, Any]
    made: Sequence[Made] = ()

    @property
    def parent_id(self) -> str | None:
        """The entity it is below."""
        return self.values.get("parent_id")


@dataclass(slots=True)
class PlannedEntity(Planned):
    """What becomes of an entity: `values` are all of a new one, else what changes."""

    entity_id: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    made: Sequence[Made] = ()
    tells_of_tasks: bool = False
    comments: list[TaskCell] = field(default_factory=list)
    # The types of the tasks that it lacks and gets.
    task_type_ids: list[str] = field(default_factory=list)


class _Given(NamedTuple):
    """What a row says of an entity: fields, metadata as it is called, metadata by descriptors, tasks."""

    fields: Mapping[str, Any]
    data: Mapping[str, Any]
    described: Mapping[str, str]
    tasks: Sequence[TaskCell]


class EntityRows:
    """The rows of a file of entities of one kind, planned one after the other."""

    kind: ClassVar[EntityKind]
    needed: ClassVar[tuple[str, ...]]
    # Columns that mean something for the kind, besides those that it needs.
    fixed: ClassVar[tuple[str, ...]]

    def __init__(self, caller: Caller, project: Record, table: Table, update: bool) -> None:
        self.caller = caller
        self.project = project
        self.table = table
        self.is_show = episodes.is_show(project)
        self.updates = update
        table.require(*self.needed)
        places = Places(table, (*_PASSED_OVER, *self.needed, *self.fixed, "Description"))
        self._metadata = MetadataColumns(project, self.kind, places)
        self._tasks = TaskColumns(project, self.kind, places)
        self.content = Content(project)
        # Rows that a run of the same import has written, which was cut off.
        self.written: frozenset[int] = frozenset()
        # Of the rows so far: the status of tasks they told of, the tasks that are going to be made.
        self._statuses: dict[tuple[str, str], str] = {}
        self._coming: set[tuple[str, str]] = set()

    # -- what a kind says of itself ------------------------------------------------------------------------------------
    def place(self, cells: Cells) -> Place:
        """Where the entity of a row belongs."""
        raise NotImplementedError

    def find(self, cells: Cells, place: Place) -> str | None:
        """The id of the entity that a row is about, or None."""
        return next(iter(self.content.find(self.kind, place.parent_id, cells["Name"])), None)

    def fields(self, cells: Cells) -> dict[str, Any]:
        """The fields that a row sets."""
        return {"description": cells.value("Description", FIELDS["description"])} if "Description" in cells else {}

    def data(self, cells: Cells) -> dict[str, Any]:
        """The metadata that a row sets, besides that of descriptors."""
        del cells
        return {}

    def moved(self, place: Place, cells: Cells) -> Mapping[str, Any]:
        """The fields that an update sets of where the entity belongs."""
        del place, cells
        return {}

    def payload(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """What the events of an entity say besides its id."""
        del values
        return {}

    def new_payload(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """What the event of a new entity says besides its id."""
        return self.payload(values)

    def task_types(self, values: Mapping[str, Any]) -> Sequence[str]:
        """The ids of the task types that an entity gets tasks of."""
        del values
        return [one.id for one in self._tasks.task_types]

    # Whether those that exist get the tasks they lack, too.
    completes = False

    # -- planning ------------------------------------------------------------------------------------------------------
    def plan(self, cells: Cells) -> PlannedEntity:
        """What becomes of a row; raises Invalid for a wrong one, of which nothing is kept then."""
        given = _Given(self.fields(cells), self.data(cells), self._metadata.read(cells), self._tasks.read(cells))
        place = self.place(cells)
        known = self.find(cells, place)
        if known is None:
            return self._created(cells, place, given)
        if self.updates:
            planned = self._updated(cells, known, place, given)
        else:
            planned = self._planned(cells, "skip", known, message=f"This {self.kind.word} is there already.")
        if cells.line_number in self.written and not self.updates:
            # A run that was cut off has made it; what the row says of tasks may be missing.
            self._tell_of_tasks(planned, given.tasks)
            self._add_tasks(planned, (cell.task_type_id for cell in given.tasks))
        if self.completes:
            self._complete(planned)
        return planned

    def _created(self, cells: Cells, place: Place, given: _Given) -> PlannedEntity:
        values = {
            "name": cells.needed("Name", FIELDS["name"]),
            "project_id": self.project.id,
            "created_by": self.caller.id,
            "entity_type_id": place.values.get("entity_type_id") or self.type_id(self.kind),
            **place.values,
            **given.fields,
            "data": {**given.data, **given.described},
        }
        made = self.content.make(self.kind, values)
        for one in (*place.made, made):
            self.content.add(one)
        planned = self._planned(cells, "create", made.entity_id, made.values)
        planned.made = place.made
        self._tell_of_tasks(planned, given.tasks)
        self._add_tasks(planned, (*self.task_types(made.values), *(cell.task_type_id for cell in given.tasks)))
        return planned

    def _updated(self, cells: Cells, known: str, place: Place, given: _Given) -> PlannedEntity:
        old = self.content.values(known)
        data = old["data"] if isinstance(old["data"], dict) else {}
        wanted = {**given.fields, **self.moved(place, cells)}
        values = {name: value for name, value in wanted.items() if told(old.get(name)) != told(value)}
        # Exports write frames as they are, and metadata of descriptors so that lists and truths can be told.
        changed = {key: text for key, text in given.data.items() if _plainly(data.get(key)) != text}
        changed |= self._metadata.differing(data, given.described)
        if changed:
            values["data"] = {**data, **changed}
        for one in place.made:
            self.content.add(one)
        if values:
            self.content.change(known, values)
        planned = self._planned(cells, "update" if values else "unchanged", known, values)
        planned.made = place.made
        self._tell_of_tasks(planned, given.tasks)
        self._add_tasks(planned, (cell.task_type_id for cell in given.tasks))
        if planned.comments or planned.task_type_ids:
            planned.action = "update"
        return planned

    def _complete(self, planned: PlannedEntity) -> None:
        """Adds the tasks that an entity lacks, where its kind gets these with any row."""
        before = len(planned.task_type_ids)
        self._add_tasks(planned, self.task_types(self.content.values(planned.entity_id)))
        if len(planned.task_type_ids) > before:
            planned.action = "update"
            planned.message = "It gets the tasks that it lacks."

    def _add_tasks(self, planned: PlannedEntity, task_type_ids: Iterable[str]) -> None:
        stored = self.content.tasks if planned.entity_id in self.content.records else ()
        for task_type_id in task_type_ids:
            key = planned.entity_id, task_type_id
            if key not in stored and key not in self._coming:
                self._coming.add(key)
                planned.task_type_ids.append(task_type_id)

    def _tell_of_tasks(self, planned: PlannedEntity, tasks: Sequence[TaskCell]) -> None:
        """Adds the comments of a row: where the file has a column for them, and where the status is another."""
        planned.tells_of_tasks = bool(tasks)
        for cell in tasks:
            key = planned.entity_id, cell.task_type_id
            status = self._statuses.get(key) or self._stored_status(key)
            if cell.comment is not None or cell.status_id != status:
                planned.comments.append(cell)
            self._statuses[key] = cell.status_id or status

    def _stored_status(self, key: tuple[str, str]) -> str:
        task = self.content.tasks.get(key) if key[0] in self.content.records else None
        return str(task["task_status_id"] if task else task_statuses.default(for_concept=False).id)

    def _planned(
        self, cells: Cells, action: Action, entity_id: str, values: Mapping[str, Any] | None = None, message: str = ""
    ) -> PlannedEntity:
        line = (cells.line_number, action, self.kind.name, self.name_of(cells), message)
        return PlannedEntity(*line, length=cells.length, entity_id=entity_id, values=values or {})

    def name_of(self, cells: Cells) -> str:
        """What a dry run calls the entity of a row."""
        return cells["Name"]

    # -- what kinds share ----------------------------------------------------------------------------------------------
    def type_id(self, kind: EntityKind) -> str:
        """The entity type of a kind that is no asset's: its id, or its name where the studio has none yet."""
        found = reference.named(ENTITY_TYPE, kind.name)
        return found.id if found else kind.name

    def episode(self, cells: Cells) -> tuple[str | None, list[Made]]:
        """The episode that a row names and what has to be made for it; none where the cell is empty.

        Raises Invalid for a name where the production has no episodes.
        """
        name = cells[EPISODE_COLUMN]
        if not name:
            return None, []
        if not self.is_show:
            raise Invalid("This production has no episodes.", EPISODE_COLUMN, "no such column, or empty cells")
        return self.below(EPISODE, None, name, EPISODE_COLUMN, cells)

    def below(
        self, kind: EntityKind, parent_id: str | None, name: str, column: str, cells: Cells
    ) -> tuple[str, list[Made]]:
        """The sequence or episode of a name below a parent, and what has to be made for it."""
        found = self.content.find(kind, parent_id, name)
        if found:
            return found[0], []
        values = {
            **kind.defaults,
            "name": cells.needed(column, FIELDS["name"]),
            "project_id": self.project.id,
            "entity_type_id": self.type_id(kind),
            "created_by": self.caller.id,
            "parent_id": parent_id,
        }
        made = self.content.make(kind, values)
        return made.entity_id, [made]


def _plainly(value: Any) -> str:
    return "" if value is None else str(value)
