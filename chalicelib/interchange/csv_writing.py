"""Tables as CSV files (docs/contract/interchange.md section 1)."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any, Final

MEDIA_TYPE: Final = "text/csv"
# A row is a list of cells; the first row of a table is its head.
Rows = list[list[Any]]
_NOT_IN_A_SLUG: Final = re.compile(r"[^a-z0-9]+")
# What a spreadsheet computes, with the apostrophes that reading takes away one of.
_FORMULA: Final = re.compile(r"'*[=+\-@\t\r]")
# Numbers of telephones are numbers too.
_NUMBER: Final = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?|\+[0-9 .;,()/-]+")


def written(rows: Iterable[Sequence[Any]]) -> bytes:
    """Rows as CSV: semicolons, UTF-8, lines that end with CR LF, quotes where a cell needs them; None is empty.

    A text that a spreadsheet would take for a formula gets an apostrophe in front; imports take it away again.
    """
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows([inert(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def inert(cell: Any) -> Any:
    """A cell that no spreadsheet computes: a text that looks like a formula, and is no number, begins with `'`."""
    # Nearly every cell begins with a letter or a digit, which all sort behind the signs of a formula.
    if isinstance(cell, str) and cell[:1] <= "@" and _FORMULA.match(cell) and not _NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


def slug(text: str) -> str:
    """A text in lower case ASCII, accents folded, runs of other characters as one `_`."""
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return _NOT_IN_A_SLUG.sub("_", folded).strip("_")
