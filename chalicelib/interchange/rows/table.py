"""A table: a head and the rows below it."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from chalicelib.errors import Invalid

# The field of a request that brings one.
FILE: Final = "file"


class Row(NamedTuple):
    """A row below the head: its number from 1, and its cells, one for each column of the head."""

    line_number: int
    cells: Sequence[str]


class Table(NamedTuple):
    """A head and the rows below it; `places` are those of each column in a row, from the left."""

    head: Sequence[str]
    places: Mapping[str, Sequence[int]]
    rows: Sequence[Row]

    def __contains__(self, column: object) -> bool:
        return column in self.places

    def require(self, *columns: str) -> None:
        """Raises Invalid for a column that the head lacks; the first row after it is the one that is wrong."""
        for column in columns:
            if column not in self.places:
                told = f"The column {column} is missing."
                raise Invalid(told, column, f"a column named {column}", line_number=1, column=column)
