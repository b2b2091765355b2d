"""Texts as parts of names: of files, of keys in metadata."""

import re
import unicodedata
from typing import Final

# Letters that no accent is to be taken from.
_LETTERS: Final = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "þ": "th", "ð": "d"})
_RUN = re.compile(r"[^a-z0-9]+")


def slug(text: str) -> str:
    """A text in plain lower-case letters and digits, every run of others one `_`: "Sh 030 (été)" is `sh_030_ete`."""
    folded = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS))
    return _RUN.sub("_", folded.encode("ascii", "ignore").decode()).strip("_")
