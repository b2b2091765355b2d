"""Carrying out what was planned of assets, shots and edits (docs/contract/interchange.md 2.2)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any, Final

from chalicelib.access.caller import Caller
from chalicelib.domain.comments import posting
from chalicelib.domain.comments.permissions import new_comment
from chalicelib.domain.counters import readiness
from chalicelib.domain.entities import creation, lookup, versions
from chalicelib.domain.entities.creation import Claim
from chalicelib.domain.jobs.job import enqueue
from chalicelib.domain.tasks import bulk, lists
from chalicelib.domain.workflow import entity_types
from chalicelib.errors import Forbidden, Invalid, NotFound
from chalicelib.events.journal import emit
from chalicelib.interchange.rows.cells import Cells
from chalicelib.interchange.rows.columns import TaskCell
from chalicelib.interchange.rows.content import Made
from chalicelib.interchange.rows.entity_rows import EntityRows, PlannedEntity
from chalicelib.interchange.rows.planned import of_row
from chalicelib.interchange.rows.production_import import ProductionImport
from chalicelib.interchange.rows.table import Table
from chalicelib.records.entities import ENTITY
from chalicelib.records.production import TASK_STATUS
from chalicelib.records.record import Record
from chalicelib.records.tasks import COMMENT, TASK
from chalicelib.store import keys, reads, reference
from chalicelib.store.changes import Changes

# A new record is itself, its guard, its event; one that is alone below nothing has a claim instead of the guard.
_ITEMS_OF_NEW: Final = 3
# A changed one is itself, its event, the version before, a job.
_ITEMS_OF_CHANGED: Final = 4
# An entity gets its tasks in its own transaction as long as they are no more.
_MOST_TASKS: Final = 24
# Comments wait for the database most of their time.
_MOST_SIDE_BY_SIDE: Final = 8
_LINKS: Final = ("entity_type_id", "parent_id", "source_id", "ready_for")
_ROW_PROBLEMS: Final = (Invalid, Forbidden, NotFound)
_Key = tuple[str, str]


class EntityImport(ProductionImport[PlannedEntity]):
    """The import of a file of entities of one kind, which `rows` plans."""

    def __init__(
        self,
        rows: Callable[[Caller, Record, Table, bool], EntityRows],
        caller: Caller,
        project: Record,
        table: Table,
        update: bool,
    ) -> None:
        super().__init__(caller, project, table, update)
        self._rows_of = rows
        self._rows: EntityRows
        # What the rows that are done left; what those being written leave, once that holds.
        self._entities: dict[str, Record] = {}
        self._tasks: dict[_Key, Record] = {}
        self._coming: dict[str, Record] = {}
        self._coming_tasks: dict[_Key, Record] = {}
        self._types: dict[str, str] = {}
        self._claims: dict[str, Claim] = {}
        self._posted_on: set[_Key] = set()

    def results(self) -> list[Any]:
        """The entities of the rows that are done."""
        # What followed on comments may have changed them.
        now = lookup.of_production(self.project.id).records if self._posted_on else {}
        return [now.get(one.entity_id) or self._entities[one.entity_id] for one in self.done]

    # -- planning ------------------------------------------------------------------------------------------------------
    def begin(self) -> Callable[[Cells], PlannedEntity]:
        """Reads the production anew."""
        self._rows = self._rows_of(self.caller, self.project, self.table, self.updates)
        self._rows.written = self.mark.written if self.mark is not None else frozenset()
        self._entities.update(self._rows.content.records)
        return self._rows.plan

    def called(self, cells: Cells) -> tuple[str, str]:
        """The kind and the name."""
        return self._rows.kind.name, self._rows.name_of(cells)

    def items(self, planned: PlannedEntity) -> int:
        """What is new, and what changes."""
        own = {"create": _ITEMS_OF_NEW, "update": _ITEMS_OF_CHANGED, "unchanged": 1}.get(planned.action, 0)
        # Those that exist get theirs in another transaction; counted here they keep what one batch does small.
        tasks = len(planned.task_type_ids) if len(planned.task_type_ids) <= _MOST_TASKS else 0
        return own + _ITEMS_OF_NEW * (len(planned.made) + tasks)

    def named(self, planned: PlannedEntity) -> set[str]:
        """What has to be there still: types, what is above."""
        if planned.action not in ("create", "update"):
            return set()
        values = [planned.values, *(made.values for made in planned.made)]
        return {one[name] for one in values for name in _LINKS if one.get(name)} | set(planned.task_type_ids)

    def takes_turn(self, batch: Sequence[PlannedEntity]) -> bool:
        """New assets, of which several may have one name."""
        return not self._rows.kind.once and any(planned.action == "create" for planned in batch)

    def ends_batch(self, planned: PlannedEntity) -> bool:
        """A comment that may be a retake too many is posted before the next row is written."""
        if not planned.comments or (self.project["max_retakes"] or 0) <= 0:
            return False
        statuses = (reference.find(TASK_STATUS, cell.status_id) for cell in planned.comments)
        return any(status is None or status["is_retake"] for status in statuses)

    # -- writing -------------------------------------------------------------------------------------------------------
    def is_ready(self, batch: Sequence[PlannedEntity]) -> bool:
        """Claims the names that no guard holds, and makes the types that are missing; false where a name was taken."""
        self._claims = {}
        for made in self._alone(batch):
            same, claim = creation.look(made.values)
            if same is not None:
                return False
            if claim is not None:
                self._claims[made.entity_id] = claim
        values = [made.values for planned in batch for made in planned.made] + [planned.values for planned in batch]
        for name in {one["entity_type_id"] for one in values if "entity_type_id" in one}:
            # The name of a type that is to be made stands where the id of one does.
            if not keys.is_id(name):
                self._types[name] = entity_types.named_or_made(name).id
        return True

    def _alone(self, batch: Sequence[PlannedEntity]) -> list[Made]:
        """New entities below nothing, of kinds that have but one of a name: no guard tells these apart."""
        own = [self._own(planned) for planned in batch if planned.action == "create"]
        made = [one for planned in batch for one in planned.made] + own
        return [one for one in made if one.kind.once and one.values.get("parent_id") is None]

    def _own(self, planned: PlannedEntity) -> Made:
        return Made(self._rows.kind, planned.entity_id, dict(planned.values))

    def write_rows(self, changes: Changes, batch: Sequence[PlannedEntity]) -> None:
        """Entities, what they are below, their tasks and events."""
        self._coming, self._coming_tasks = {}, {}
        for planned in batch:
            for made in planned.made:
                self._create(changes, made)
            if planned.action == "create":
                self._create(changes, self._own(planned), **self._rows.new_payload(planned.values))
            elif planned.action != "skip" and self.updates:
                self._change(changes, planned)
            if self._gets_tasks_at_once(planned):
                self._add_tasks(changes, planned)

    def written(self, batch: Sequence[PlannedEntity]) -> None:
        """Makes the tasks that are missing still, if the whole file is right, and posts the comments of the rows."""
        self._entities.update(self._coming)
        self._tasks.update(self._coming_tasks)
        if self.problem is None:
            self._make_tasks(batch)
        self._post_comments(batch)

    def _create(self, changes: Changes, made: Made, **payload: Any) -> None:
        record = changes.create(ENTITY, self._typed(made.values), made.entity_id)
        if made.entity_id in self._claims:
            claim = self._claims[made.entity_id]
            changes.claim(claim.key, record.id, claim.seen)
        for above in (record["parent_id"], record["source_id"]):
            if above in self._entities:
                changes.require(self._entities[above])
        emit(changes, f"{made.kind.word}:new", self.project.id, **{made.kind.id_name: record.id}, **payload)
        self._coming[record.id] = record

    def _change(self, changes: Changes, planned: PlannedEntity) -> None:
        old = new = self._coming.get(planned.entity_id) or self._entities[planned.entity_id]
        if planned.values:
            new = changes.update(old, **self._typed(planned.values))
            versions.keep(changes, self.caller, old, new)
            if new["ready_for"] != old["ready_for"]:
                enqueue(changes, readiness.recount_asset, asset_id=new.id)
            self._coming[new.id] = new
        # Rows that change nothing are told of as well (golden record of shots).
        kind = self._rows.kind
        emit(changes, f"{kind.word}:update", self.project.id, **{kind.id_name: new.id}, **self._rows.payload(new))

    def _typed(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values with the id of a type that was made."""
        type_id = values.get("entity_type_id")
        return {**values, "entity_type_id": self._types[type_id]} if type_id in self._types else dict(values)

    # -- tasks ---------------------------------------------------------------------------------------------------------
    def _gets_tasks_at_once(self, planned: PlannedEntity) -> bool:
        """New entities get their tasks with them; those of a file that has a wrong row where they tell of tasks."""
        few = len(planned.task_type_ids) <= _MOST_TASKS
        return planned.action == "create" and few and (self.problem is None or planned.tells_of_tasks)

    def _add_tasks(self, changes: Changes, planned: PlannedEntity) -> None:
        entity = self._coming[planned.entity_id]
        for task_type_id in planned.task_type_ids:
            task = bulk.add(changes, bulk.new_values(self.caller, self._rows.kind, entity, task_type_id))
            self._coming_tasks[entity.id, task_type_id] = task

    def _make_tasks(self, rows: Iterable[PlannedEntity]) -> None:
        """Makes the tasks of these rows that are not there yet."""
        wanted = [
            (self._entities[planned.entity_id], task_type_id)
            for planned in rows
            for task_type_id in planned.task_type_ids
            if (planned.entity_id, task_type_id) not in self._tasks
        ]
        for task in bulk.create_missing(self.caller, self._rows.kind, wanted):
            self._tasks[task["entity_id"], task["task_type_id"]] = task

    def _post_comments(self, batch: Sequence[PlannedEntity]) -> None:
        """Posts the comments of rows: side by side for different entities, one after the other for each of them."""
        by_entity: dict[str, list[PlannedEntity]] = {}
        for planned in batch:
            if planned.comments:
                by_entity.setdefault(planned.entity_id, []).append(planned)
        if not by_entity:
            return
        with ThreadPoolExecutor(_MOST_SIDE_BY_SIDE) as pool:
            posts = [pool.submit(copy_context().run, self._post_rows, rows) for rows in by_entity.values()]
        for post in posts:
            post.result()

    def _post_rows(self, rows: Sequence[PlannedEntity]) -> None:
        for planned in rows:
            self._post(planned)

    def _post(self, planned: PlannedEntity) -> None:
        """Posts the comments of a row, on tasks that are made where they are missing."""
        try:
            self._make_tasks([planned])
            for cell in planned.comments:
                task = self._task(planned.entity_id, cell)
                new = new_comment(self.caller, cell.status_id or task["task_status_id"], cell.comment or "")
                if self.mark is None:
                    posting.post(task, new)
                else:
                    comment_id = self.mark.id_for(COMMENT, planned.line_number, cell.task_type_id)
                    posting.post_once(task, new, comment_id)
                self._posted_on.add((planned.entity_id, cell.task_type_id))
        except _ROW_PROBLEMS as problem:
            raise of_row(problem, planned.line_number) from None

    def _task(self, entity_id: str, cell: TaskCell) -> Record:
        key = entity_id, cell.task_type_id
        task = self._tasks.get(key) or self._rows.content.tasks.get(key)
        if task is not None:
            return reads.get(TASK, task.id) if key in self._posted_on else task
        # Somebody else made it while this was about to.
        found = lists.of_entity(*key)
        if not found:
            raise Invalid("The task is gone.")
        return found[0]
