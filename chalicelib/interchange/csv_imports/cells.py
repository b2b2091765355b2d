"""The cells of a row, read one by one: what is wrong with one names its column."""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.errors import Invalid
from chalicelib.interchange.csv_reading import Row, Table
from chalicelib.records.fields import Field
from chalicelib.records.validation import boolean_of, value_of

_FLAGS: Final = "one of y, yes, t, true, on, 1, n, no, f, false, off, 0"


class Cells:
    """The cells of a row by the names of their columns; of columns of one name the first counts."""

    def __init__(self, table: Table, row: Row) -> None:
        self._table = table
        self._row = row

    @property
    def line_number(self) -> int:
        """The number of the row, from 1."""
        return self._row.line_number

    def __contains__(self, column: object) -> bool:
        return column in self._table

    def __getitem__(self, column: str) -> str:
        """What a cell holds; an empty text where there is no such column."""
        places = self._table.places.get(column)
        return self._row.cells[places[0]] if places else ""

    def last(self, column: str) -> str:
        """The same of the last of the columns of that name: metadata stands before tasks in an export."""
        places = self._table.places.get(column)
        return self._row.cells[places[-1]] if places else ""

    def needed(self, column: str, field: Field) -> Any:
        """What a cell holds that may not be empty, as that field keeps it."""
        if not self[column]:
            raise Invalid(f"{column} is empty.", column, "a text")
        return self.value(column, field)

    def value(self, column: str, field: Field) -> Any:
        """What a cell holds, as that field keeps it."""
        try:
            return value_of(field, self[column])
        except Invalid as problem:
            raise _wrong(column, self[column], problem.data["expected"]) from None

    def flag(self, column: str) -> bool:
        """The truth that a cell tells in words."""
        try:
            return boolean_of(self[column])
        except ValueError:
            raise _wrong(column, self[column], _FLAGS) from None

    def choice(self, column: str, words: Mapping[str, str]) -> str:
        """What the word of a cell stands for, in any case of letters."""
        found = words.get(self[column].strip().casefold())
        if found is None:
            raise _wrong(column, self[column], f"one of {', '.join(sorted(words))}")
        return found


def _wrong(column: str, text: str, expected: str) -> Invalid:
    told = repr(text if len(text) <= 60 else f"{text[:57]}...")
    return Invalid(f"{column}: {told} is not right.", column, expected)


def told(value: Any) -> str:
    """A value as a cell tells it."""
    return "" if value is None else str(value)
