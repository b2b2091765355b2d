"""Carrying out what was planned of assets, shots and edits (docs/contract/interchange.md 2.2).

As many rows as fit become one transaction; each of them on condition that nobody imported into the production since it
was read. Where somebody did, or was first with one of the records, the rest of the file is planned anew.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from chalicelib.access.caller import Caller
from chalicelib.domain.comments import posting
from chalicelib.domain.comments.permissions import new_comment
from chalicelib.domain.counters import readiness
from chalicelib.domain.entities import creation, lookup, versions
from chalicelib.domain.entities.creation import Claim
from chalicelib.domain.jobs.job import enqueue
from chalicelib.domain.tasks import bulk
from chalicelib.domain.workflow import entity_types
from chalicelib.errors import Forbidden, Invalid, NotFound
from chalicelib.events.journal import emit
from chalicelib.interchange.csv_imports.cells import Cells
from chalicelib.interchange.csv_imports.columns import TaskCell
from chalicelib.interchange.csv_imports.content import Made
from chalicelib.interchange.csv_imports.entity_rows import EntityRows, PlannedEntity
from chalicelib.interchange.csv_imports.planned import of_row, refused
from chalicelib.interchange.csv_reading import Table
from chalicelib.records.entities import ENTITY
from chalicelib.records.record import Record
from chalicelib.store import keys, reads
from chalicelib.store.changes import MOST_ITEMS, Changes, write

# The turn of the import, the status of new tasks, and some room.
_ITEMS_BESIDES: Final = 4
# A new record is itself, its guard, its event; one that is alone below nothing has a claim instead of the guard.
_ITEMS_OF_NEW: Final = 3
# A changed one is itself, its event, the version before, a job.
_ITEMS_OF_CHANGED: Final = 4
# An entity gets its tasks in its own transaction as long as they are no more.
_MOST_TASKS: Final = 24
# What the texts of a transaction may hold: AWS takes four megabytes, a character is four bytes at most.
_MOST_CHARACTERS: Final = 400_000
_ROW_PROBLEMS: Final = (Invalid, Forbidden, NotFound)
Key = tuple[str, str]


class _Written(NamedTuple):
    """What a transaction did: the rows that are done, the records it left, who holds the turn now."""

    rows: Sequence[PlannedEntity]
    entities: Mapping[str, Record]
    tasks: Mapping[Key, Record]
    turn: str | None


class EntityImport:
    """The import of a file of entities of one kind; `rows` makes the planning, anew whenever it has to begin again."""

    def __init__(
        self,
        rows: Callable[[Caller, Record, Table, bool], EntityRows],
        caller: Caller,
        project: Record,
        table: Table,
        update: bool,
    ) -> None:
        self._begin: Callable[[], EntityRows] = lambda: rows(caller, project, table, update)
        self._caller = caller
        self._project = project
        self._table = table
        self._turn_key = keys.claim(keys.home_of_owner(project.id), ENTITY, "CSV import")
        self._turn: str | None = None
        self._tried = False
        # What is left to be done and the wrong row after it, if there is one; what is done, and what that left.
        self._left: list[PlannedEntity] = []
        self._problem: Invalid | None = None
        self._done: list[PlannedEntity] = []
        self._entities: dict[str, Record] = {}
        self._tasks: dict[Key, Record] = {}
        self._posted_on: set[Key] = set()

    def preview(self) -> list[dict[str, Any]]:
        """What would become of each row; nothing is written."""
        rows, planned = self._begin(), []
        for row in self._table.rows:
            cells = Cells(self._table, row)
            try:
                planned.append(rows.plan(cells).shown())
            except Invalid as problem:
                planned.append(refused(row.line_number, rows.kind.name, rows.name_of(cells), problem).shown())
        return planned

    def carry_out(self) -> list[Record]:
        """The entity of each row; a wrong row raises Invalid, those before it stay."""
        # Before the look at what is there, so that who imports after this makes our transaction fail.
        self._turn = reads.claimant(self._turn_key)
        self._plan_rest()
        while self._left:
            self._tried = False
            written = write(self._write)
            self._done += written.rows
            self._left = self._left[len(written.rows) :]
            self._entities.update(written.entities)
            self._tasks.update(written.tasks)
            self._turn = written.turn
            for planned in written.rows:
                self._post(planned)
        if self._problem is not None:
            raise self._problem
        self._make_tasks(planned for planned in self._done if planned.task_type_ids)
        return self._results()

    def _results(self) -> list[Record]:
        if self._posted_on:
            # What followed on comments may have changed them.
            now = lookup.of_production(self._project.id).records
            return [now.get(one.entity_id) or self._entities[one.entity_id] for one in self._done]
        return [self._entities[one.entity_id] for one in self._done]

    # -- planning ------------------------------------------------------------------------------------------------------
    def _plan_rest(self) -> None:
        """Plans the rows that are not done, as far as the first wrong one, on what is there now."""
        self._rows = rows = self._begin()
        self._left, self._problem = [], None
        self._entities.update(rows.content.records)
        for row in self._table.rows[len(self._done) :]:
            try:
                self._left.append(rows.plan(Cells(self._table, row)))
            except Invalid as problem:
                self._problem = of_row(problem, row.line_number)
                break

    # -- writing -------------------------------------------------------------------------------------------------------
    def _write(self, changes: Changes) -> _Written:
        """A command: the next rows, as many as fit."""
        if self._tried:
            self._turn = reads.claimant(self._turn_key)
            self._plan_rest()
        self._tried = True
        batch, claims = self._claimed_batch()
        turn = self._turn
        if any(planned.action != "skip" for planned in batch):
            turn = secrets.token_hex(8)
            changes.claim(self._turn_key, turn, self._turn)
        entities: dict[str, Record] = {}
        tasks: dict[Key, Record] = {}
        types = {name: entity_types.named_or_made(name).id for name in self._new_types(batch)}
        for planned in batch:
            for made in planned.made:
                entities[made.entity_id] = self._create(changes, made, types, claims)
            entities[planned.entity_id] = self._carry_out(changes, planned, types, claims, entities)
            if self._gets_tasks_at_once(planned):
                entity = entities[planned.entity_id]
                for task_type_id in planned.task_type_ids:
                    values = bulk.new_values(self._caller, self._rows.kind, entity, task_type_id)
                    tasks[entity.id, task_type_id] = bulk.add(changes, values)
        return _Written(batch, entities, tasks, turn)

    def _claimed_batch(self) -> tuple[list[PlannedEntity], dict[str, Claim]]:
        """The next rows, and the names that they claim; planned anew where somebody was first with one of these."""
        while True:
            batch = self._batch()
            claims: dict[str, Claim] = {}
            for made in self._alone(batch):
                same, claim = creation.look(made.values)
                if same is not None:
                    self._plan_rest()
                    break
                if claim is not None:
                    claims[made.entity_id] = claim
            else:
                return batch, claims

    def _batch(self) -> list[PlannedEntity]:
        batch: list[PlannedEntity] = []
        named: set[str] = set()
        size, length = _ITEMS_BESIDES, 0
        for planned in self._left:
            names = self._named(planned)
            size, length = size + self._items(planned), length + planned.length
            if batch and (size + len(named | names) > MOST_ITEMS or length > _MOST_CHARACTERS):
                break
            batch.append(planned)
            named |= names
            if planned.comments:
                # They are posted before the next row is looked at.
                break
        return batch

    def _items(self, planned: PlannedEntity) -> int:
        own = {"create": _ITEMS_OF_NEW, "update": _ITEMS_OF_CHANGED, "unchanged": 1}.get(planned.action, 0)
        tasks = len(planned.task_type_ids) if self._gets_tasks_at_once(planned) else 0
        return own + _ITEMS_OF_NEW * (len(planned.made) + tasks)

    @staticmethod
    def _named(planned: PlannedEntity) -> set[str]:
        """The records whose presence a row makes the transaction depend on."""
        if planned.action not in ("create", "update"):
            return set()
        values = [planned.values, *(made.values for made in planned.made)]
        fields = ("entity_type_id", "parent_id", "source_id", "ready_for")
        return {one[name] for one in values for name in fields if one.get(name)} | set(planned.task_type_ids)

    @staticmethod
    def _new_types(batch: Sequence[PlannedEntity]) -> set[str]:
        """The names of the entity types that are to be made: they stand where the id of one does."""
        values = [made.values for planned in batch for made in planned.made] + [planned.values for planned in batch]
        named = {one["entity_type_id"] for one in values if "entity_type_id" in one}
        return {one for one in named if not keys.is_id(one)}

    def _alone(self, batch: Sequence[PlannedEntity]) -> list[Made]:
        """New entities below nothing, of kinds that have but one of a name: no guard tells these apart."""
        own = [Made(self._rows.kind, one.entity_id, dict(one.values)) for one in batch if one.action == "create"]
        made = [one for planned in batch for one in planned.made] + own
        return [one for one in made if one.kind.once and one.values.get("parent_id") is None]

    def _create(
        self, changes: Changes, made: Made, types: Mapping[str, str], claims: Mapping[str, Claim], **payload: Any
    ) -> Record:
        type_id = made.values["entity_type_id"]
        values = {**made.values, "entity_type_id": types.get(type_id, type_id)}
        record = changes.create(ENTITY, values, made.entity_id)
        if made.entity_id in claims:
            claim = claims[made.entity_id]
            changes.claim(claim.key, record.id, claim.seen)
        for above in (values.get("parent_id"), values.get("source_id")):
            if above in self._entities:
                changes.require(self._entities[above])
        emit(changes, f"{made.kind.word}:new", self._project.id, **{made.kind.id_name: record.id}, **payload)
        return record

    def _carry_out(
        self,
        changes: Changes,
        planned: PlannedEntity,
        types: Mapping[str, str],
        claims: Mapping[str, Claim],
        entities: Mapping[str, Record],
    ) -> Record:
        kind = self._rows.kind
        if planned.action == "create":
            made = Made(kind, planned.entity_id, dict(planned.values))
            return self._create(changes, made, types, claims, **self._rows.payload(planned.values))
        old = entities.get(planned.entity_id) or self._entities[planned.entity_id]
        if planned.action == "skip" or not self._rows.updates:
            return old
        new = old
        if planned.values:
            values = dict(planned.values)
            if "entity_type_id" in values:
                values["entity_type_id"] = types.get(values["entity_type_id"], values["entity_type_id"])
            new = changes.update(old, **values)
            versions.keep(changes, self._caller, old, new)
            if new["ready_for"] != old["ready_for"]:
                enqueue(changes, readiness.recount_asset, asset_id=new.id)
        # Rows that change nothing are told of as well (golden record of shots).
        emit(changes, f"{kind.word}:update", self._project.id, **{kind.id_name: new.id}, **self._rows.payload(new))
        return new

    # -- tasks ---------------------------------------------------------------------------------------------------------
    def _gets_tasks_at_once(self, planned: PlannedEntity) -> bool:
        """New entities get their tasks with them; those of a file that has a wrong row where they tell of tasks."""
        few = len(planned.task_type_ids) <= _MOST_TASKS
        return planned.action == "create" and few and (self._problem is None or planned.tells_of_tasks)

    def _make_tasks(self, rows: Any) -> None:
        """Makes the tasks of these rows that are not there yet."""
        wanted = [
            (self._entities[planned.entity_id], task_type_id)
            for planned in rows
            for task_type_id in planned.task_type_ids
            if (planned.entity_id, task_type_id) not in self._tasks
        ]
        for task in bulk.create_missing(self._caller, self._rows.kind, wanted):
            self._tasks[task["entity_id"], task["task_type_id"]] = task

    def _post(self, planned: PlannedEntity) -> None:
        """Posts the comments of a row, on tasks that are made where they are missing."""
        if not planned.comments:
            return
        try:
            self._make_tasks([planned])
            for cell in planned.comments:
                task = self._task(planned.entity_id, cell)
                status_id = cell.status_id or task["task_status_id"]
                posting.post(task, new_comment(self._caller, status_id, cell.comment or ""))
                self._posted_on.add((planned.entity_id, cell.task_type_id))
        except _ROW_PROBLEMS as problem:
            raise of_row(problem, planned.line_number) from None

    def _task(self, entity_id: str, cell: TaskCell) -> Record:
        key = entity_id, cell.task_type_id
        task = self._tasks.get(key) or self._rows.content.tasks[key]
        return reads.get(task.kind, task.id) if key in self._posted_on else task
