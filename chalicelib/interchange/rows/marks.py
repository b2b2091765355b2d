"""How far an import got that may be cut off and begun again: a mark, moved in each of its transactions.

What is above the marked rows is done with all that follows from it. The marked ones are written; what follows them,
comments, may be missing. So these have ids that the file tells, and are posted once.
"""

from collections.abc import Sequence
from typing import Final

from chalicelib.interchange.rows.planned import Planned
from chalicelib.interchange.rows.table import Table
from chalicelib.records import clock
from chalicelib.records.fields import Kind
from chalicelib.records.production import PROJECT
from chalicelib.store import keys, reads
from chalicelib.store.changes import Changes
from chalicelib.store.entry import Entry

_DAYS: Final = 15


class Mark:
    """The mark of one import; `name` is no other's."""

    def __init__(self, home: str, name: str) -> None:
        self._home = home
        self._name = name
        self._key = keys.claim(home, PROJECT, f"rows of {name}")
        # The rows that are written, and not known to be followed by all that they ask for.
        self.written: frozenset[int] = frozenset()

    def rest(self, table: Table) -> Table:
        """The rows that are not done with; those that are written are noted (one read)."""
        told = reads.claimant(self._key)
        if told is None:
            return table
        first, last = map(int, told.split("-"))
        self.written = frozenset(range(first, last + 1))
        return table._replace(rows=[row for row in table.rows if row.line_number >= first])

    def move(self, changes: Changes, batch: Sequence[Planned]) -> None:
        """Notes that what is above these rows is done, and that these are written."""
        told = f"{batch[0].line_number}-{batch[-1].line_number}"
        expiry = clock.epoch(clock.shift(clock.now(), hours=24 * _DAYS))
        changes.put(Entry(*self._key, at=told, ttl=expiry))

    def id_for(self, kind: Kind, line_number: int, what: str) -> str:
        """The id of a record that follows a row: the same whenever the row is taken in."""
        return keys.told_id(kind, self._home, f"{self._name} {line_number} {what}")
