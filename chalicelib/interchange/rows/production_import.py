"""What the imports into a production have in common (docs/contract/interchange.md section 2).

As many rows as fit become one transaction. Where somebody was first with one of its records or names, the rest of the
file is planned anew. What no guard tells apart, assets of one name, is made in turns: on condition that nobody else
made such since the production was read.
"""

import itertools
import secrets
import time
from collections.abc import Callable, Sequence
from typing import Any, Final, Generic, TypeVar

from chalicelib.access.caller import Caller
from chalicelib.errors import Duplicate, Invalid, NotFound, TooLarge, VulpesError
from chalicelib.interchange.rows.cells import Cells
from chalicelib.interchange.rows.marks import Mark
from chalicelib.interchange.rows.planned import Planned, of_row, refused
from chalicelib.interchange.rows.table import FILE, Table
from chalicelib.records.entities import ENTITY
from chalicelib.records.record import Record
from chalicelib.settings import current
from chalicelib.store import keys, reads
from chalicelib.store.changes import MOST_ITEMS, Changes, write

P = TypeVar("P", bound=Planned)
# The turn of the import, its mark, the job that follows, the status of new tasks, and some room.
_ITEMS_BESIDES: Final = 6
# What the texts of a transaction may hold: AWS takes four megabytes, a character is four bytes at most.
_MOST_CHARACTERS: Final = 400_000
# So often in a row may somebody else be first with the next rows.
_MOST_LOSSES: Final = 20


class ProductionImport(Generic[P]):
    """The import of a file into a production; a subclass says what becomes of its rows."""

    def __init__(self, caller: Caller, project: Record, table: Table, update: bool) -> None:
        self.caller = caller
        self.project = project
        self.table = table
        self.updates = update
        self._turn_key = keys.claim(keys.home_of_owner(project.id), ENTITY, "CSV import")
        self._turn: str | None = None
        self._next_turn: str | None = None
        self._tried = False
        # Where it may be cut off and begun again.
        self.mark: Mark | None = None
        # What is done; what is left to be done, and the wrong row after it, if there is one.
        self.done: list[P] = []
        self.left: list[P] = []
        self.problem: Invalid | None = None

    # -- what an import says of itself ---------------------------------------------------------------------------------
    def begin(self) -> Callable[[Cells], P]:
        """Looks at what is there now; gives what plans a row on that, and raises Invalid for a wrong one."""
        raise NotImplementedError

    def called(self, cells: Cells) -> tuple[str, str]:
        """The type and the name of what a row is about."""
        raise NotImplementedError

    def items(self, planned: P) -> int:
        """How many items of a transaction a row takes at most, besides those that `named` tells."""
        raise NotImplementedError

    def named(self, planned: P) -> set[str]:
        """The ids of records that a row makes the transaction look at or write, once for all of its rows."""
        raise NotImplementedError

    def takes_turn(self, batch: Sequence[P]) -> bool:
        """Whether rows make what no guard tells apart: then no other import may have done so meanwhile."""
        del batch
        return False

    def is_ready(self, batch: Sequence[P]) -> bool:
        """Reads what else rows are based on; false where that shows that they have to be planned anew."""
        del batch
        return True

    def write_rows(self, changes: Changes, batch: Sequence[P]) -> None:
        """Adds rows to a command, which may run again."""
        raise NotImplementedError

    def written(self, batch: Sequence[P]) -> None:
        """Does what follows once rows are written."""

    def ends_batch(self, planned: P) -> bool:
        """Whether something follows on a row before the next one is written."""
        del planned
        return False

    def results(self) -> list[Any]:
        """What the rows that are done became."""
        return [None] * len(self.done)

    def may_go_on_later(self) -> bool:
        """Whether nothing is wrong with what is left, as far as can be seen."""
        return self.problem is None

    def resume(self, mark: Mark) -> None:
        """Goes on where a run of the same file was cut off, and notes how far this one gets."""
        self.mark = mark
        self.table = mark.rest(self.table)

    # -- both ways through a file --------------------------------------------------------------------------------------
    def preview(self) -> list[dict[str, Any]]:
        """What would become of each row; nothing is written."""
        plan, planned = self.begin(), []
        for row in self.table.rows:
            cells = Cells(self.table, row)
            try:
                planned.append(plan(cells).shown())
            except Invalid as problem:
                planned.append(refused(row.line_number, *self.called(cells), problem).shown())
        return planned

    def carry_out(self) -> list[Any]:
        """What each row became; raises as `run` does."""
        self.run()
        return self.results()

    def run(self) -> None:
        """Carries out each row; a wrong one raises Invalid, those before it stay.

        Raises TooLarge where there is no time for all rows; it tells which one the rest begins with.
        """
        until = time.monotonic() + current().import_seconds
        # Before the look at what is there, so that who imports after this makes our transaction fail.
        self._turn = reads.claimant(self._turn_key)
        self._plan_rest()
        while self.left:
            if time.monotonic() > until:
                raise self._unfinished()
            self._tried = False
            batch = self._write_next()
            self._turn = self._next_turn
            self.done += batch
            self.left = self.left[len(batch) :]
            self.written(batch)
        if self.problem is not None:
            raise self.problem

    def _write_next(self) -> list[P]:
        for losses in itertools.count(1):
            try:
                return write(self._write)
            except Duplicate as problem:
                # Another import of the same names is a row ahead all the time; what it made is found by now.
                if losses == _MOST_LOSSES:
                    raise self._of_next(problem) from None
            except (Invalid, NotFound) as problem:
                # What the rows name went while they were written.
                raise self._of_next(problem) from None
        raise AssertionError

    def _of_next(self, problem: VulpesError) -> Invalid:
        return of_row(problem, self.left[0].line_number if self.left else len(self.done) + 1)

    def _unfinished(self) -> TooLarge:
        following, rows = self.left[0].line_number, len(self.table.rows)
        told = (
            f"A request has no time for all {rows} rows: those before row {following} are taken in. "
            f"Send the rest, from row {following} on, as a file of its own."
        )
        return TooLarge(told, {"field": FILE, "expected": "fewer rows"}, line_number=following, column=None)

    def _plan_rest(self) -> None:
        """Plans the rows that are not done, as far as the first wrong one, on what is there now."""
        plan = self.begin()
        self.left, self.problem = [], None
        for row in self.table.rows[len(self.done) :]:
            try:
                self.left.append(plan(Cells(self.table, row)))
            except Invalid as problem:
                self.problem = of_row(problem, row.line_number)
                break

    def _write(self, changes: Changes) -> list[P]:
        """A command: the next rows, as many as fit."""
        if self._tried:
            self._turn = reads.claimant(self._turn_key)
            self._plan_rest()
        self._tried = True
        batch = self._batch()
        while not self.is_ready(batch):
            self._plan_rest()
            batch = self._batch()
        self._next_turn = self._turn
        if self.takes_turn(batch):
            self._next_turn = secrets.token_hex(8)
            changes.claim(self._turn_key, self._next_turn, self._turn)
        self.write_rows(changes, batch)
        if self.mark is not None and batch:
            self.mark.move(changes, batch)
        return batch

    def _batch(self) -> list[P]:
        """The next rows, as many as fit a transaction; one at least."""
        batch: list[P] = []
        named: set[str] = set()
        size, length = _ITEMS_BESIDES, 0
        for planned in self.left:
            size, length = size + self.items(planned), length + planned.length
            names = named | self.named(planned)
            if batch and (size + len(names) > MOST_ITEMS or length > _MOST_CHARACTERS):
                break
            batch.append(planned)
            named = names
            if self.ends_batch(planned):
                break
        return batch
