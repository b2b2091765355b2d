"""Tables as CSV files (docs/contract/interchange.md section 1)."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any, Final

MEDIA_TYPE: Final = "text/csv"
_NOT_IN_A_SLUG: Final = re.compile(r"[^a-z0-9]+")


def written(rows: Iterable[Sequence[Any]]) -> bytes:
    """Rows as CSV: semicolons, UTF-8, lines that end with CR LF, quotes where a cell needs them; None is empty."""
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


def slug(text: str) -> str:
    """A text in lower case ASCII, accents folded, runs of other characters as one `_`."""
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return _NOT_IN_A_SLUG.sub("_", folded).strip("_")
