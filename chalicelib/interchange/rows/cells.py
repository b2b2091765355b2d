"""The cells of a row, read one by one: what is wrong with one names its column."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from chalicelib.errors import Invalid
from chalicelib.interchange.rows.table import Row, Table
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

    def at(self, place: int) -> str:
        """What the cell at a place of the row holds, from the left."""
        return self._row.cells[place]

    @property
    def length(self) -> int:
        """About how many characters the row has."""
        return sum(map(len, self._row.cells))

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
            raise wrong(column, self[column], problem.data["expected"]) from None

    def flag(self, column: str) -> bool:
        """The truth that a cell tells in words."""
        return flag_of(column, self[column])

    def choice(self, column: str, words: Mapping[str, str]) -> str:
        """What the word of a cell stands for, in any case of letters."""
        found = words.get(self[column].strip().casefold())
        if found is None:
            raise wrong(column, self[column], f"one of {', '.join(sorted(words))}")
        return found


def wrong(column: str, text: str, expected: str) -> Invalid:
    """The refusal of a cell: what it holds, and what it may."""
    told = repr(text if len(text) <= 60 else f"{text[:57]}...")
    return Invalid(f"{column}: {told} is not right.", column, expected)


def told(value: Any) -> str:
    """A value as a cell of an export tells it."""
    if isinstance(value, list | dict | bool):
        return msgspec.json.encode(value).decode()
    return "" if value is None else str(value)


def flag_of(column: str, text: str) -> bool:
    """The truth that a text tells in words; Invalid for another word."""
    try:
        return boolean_of(text)
    except ValueError:
        raise wrong(column, text, _FLAGS) from None
