"""Tables out of CSV files (docs/contract/interchange.md section 2, common rules)."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from typing import Final

from chalicelib.errors import Invalid
from chalicelib.interchange.rows.table import FILE, Row, Table

_SEPARATORS: Final = ";,\t"
# The marks that files begin with that say how they are written.
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Writing puts an apostrophe in front of what a spreadsheet would compute (csv_writing.py); one is taken away again.
_INERT: Final = re.compile(r"'+[=+\-@\t\r]")


def read(data: bytes, codec: str | None = None) -> Table:
    """The table that a file holds.

    Commas, semicolons or tabs stand between cells, whichever the head has most of; quotes are doubled inside quotes.
    codec: how the text is written, where the sender says so; else as its mark says, else UTF-8. Rows without anything
    in them are left out. Raises Invalid where it is empty, no text, or no table.
    """
    lines = iter(_lines(_text(data, codec)))
    head = tuple(map(_told, next(lines, ())))
    if not any(head):
        raise _no_table("its first line names no columns")
    places: dict[str, list[int]] = {}
    for place, column in enumerate(head):
        places.setdefault(column, []).append(place)
    return Table(head, places, list(_rows(lines, len(head))))


def _rows(lines: Iterator[list[str]], width: int) -> Iterator[Row]:
    for number, line in enumerate((line for line in lines if any(line)), 1):
        if any(line[width:]):
            told = f"The row {number} has more cells than the head has columns."
            raise Invalid(told, FILE, f"{width} cells; quotes around text that has separators", line_number=number)
        cells = [_told(cell) if cell[:1] == "'" else cell for cell in line[:width]]
        yield Row(number, cells + [""] * (width - len(cells)))


def _told(cell: str) -> str:
    return cell[1:] if _INERT.match(cell) else cell


def _lines(text: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    try:
        yield from reader
    except csv.Error as problem:
        raise _no_table(f"line {reader.line_num}: {problem}") from None


def _separator(text: str) -> str:
    """What stands most often between the names of the head, outside of quotes; a comma where nothing does."""
    counts = dict.fromkeys(_SEPARATORS, 0)
    quoted = False
    for letter in text:
        if letter == '"':
            quoted = not quoted
        elif quoted:
            continue
        elif letter in "\r\n":
            break
        elif letter in counts:
            counts[letter] += 1
    return max(counts, key=lambda one: counts[one]) if any(counts.values()) else ","


def _text(data: bytes, codec: str | None) -> str:
    if not data.strip():
        raise Invalid("The file is empty.", FILE, "a CSV file with a head")
    codec = next((one for mark, one in _MARKS if data.startswith(mark)), codec or "utf-8")
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as problem:
        told = f"The file is not written in {codec}: byte {problem.start} is no part of a character."
        raise Invalid(told, FILE, "a CSV file in UTF-8, or ?encoding=windows-1252") from None
    if "\0" in text:
        raise _no_table("it is no text")
    return text


def _no_table(why: str) -> Invalid:
    return Invalid(f"The file is no table: {why}.", FILE, "a CSV file with a head")
