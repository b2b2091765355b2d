"""Texts as the words that are searched: without case and accents (docs/contract/interchange.md section 6)."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

_WORD: Final = re.compile(r"[^\W_]+")


def folded(text: str) -> str:
    """A text without case and accents, signs as the letters and digits they stand for."""
    if text.isascii():
        return text.lower()
    letters = unicodedata.normalize("NFKD", text)
    return "".join(one for one in letters if not unicodedata.combining(one)).casefold()


def words_of(text: str) -> list[str]:
    """The words of a text: runs of letters and digits. What stands between them, `_` and `-` too, is as a blank."""
    return _WORD.findall(folded(text))


def spaced(words: Sequence[str]) -> str:
    """Words with a blank around each, so that a beginning is told by the blank before it; empty for none."""
    return f" {' '.join(words)} " if words else ""
