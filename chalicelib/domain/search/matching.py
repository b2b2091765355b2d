"""How well a document answers a query: the definition that the index (index.py) finds the best of quickly.

Source: docs/contract/interchange.md section 6.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from chalicelib.domain.search.documents import Document

WHOLE, BEGINNING, INSIDE, MISTYPED = range(4)
# Words of so many letters may hold a typo, two typos.
_ONE_TYPO, _TWO_TYPOS = 5, 9
# No language has longer ones that are typed.
_LONGEST_MISTYPED: Final = 40
# Words so far apart, or in different parts, are not near each other any more.
_FAR: Final = 8
# So many places of a word are looked at for how near another one is; a letter may be in each word of a long text.
_MOST_PLACES: Final = 12
_LETTERS: Final = re.compile(r"[^\d]*")


class Match(NamedTuple):
    """How a word is found in another: with how many typos, and where in it."""

    typos: int
    form: int


class Standing(NamedTuple):
    """How well a document answers, in the order that counts: less is better.

    `missing` words; typos in all the others; how far words that follow each other in the query are apart; where the
    words are, as sums: in which part, and whether whole, at the beginning or inside of a word.
    """

    missing: int
    typos: int
    distance: int
    part: int
    form: int


# Where a word is found: the number and the rank of the part, which word of it, with how many typos, in which form.
_Place = tuple[int, int, int, int, int]


def typos_allowed(word: str) -> int:
    """How many typos a word of a query may hold; with a digit none, since numbers tell things apart."""
    if not _ONE_TYPO <= len(word) <= _LONGEST_MISTYPED or stem(word) != word:
        return 0
    return 1 if len(word) < _TWO_TYPOS else 2


def stem(word: str) -> str:
    """The letters that a word begins with: what a mistyped word is compared with."""
    return _LETTERS.match(word)[0]  # type: ignore[index]


def match(word: str, token: str) -> Match | None:
    """How a word of a query is found in a word of a document; None where it is not."""
    if word in token:
        return Match(0, WHOLE if word == token else BEGINNING if token.startswith(word) else INSIDE)
    typos = mistyped(word, stem(token))
    return None if typos is None else Match(typos, MISTYPED)


@lru_cache(maxsize=8192)
def mistyped(word: str, token: str) -> int | None:
    """With how many typos a word of a query begins a stem; None where these are too many."""
    allowed = typos_allowed(word)
    if not allowed:
        return None
    if any(token.startswith(one) for one in swapped(word)):
        return 1
    typos = _distance_to_beginning(word, token[: len(word) + allowed])
    return typos if typos <= allowed else None


def swapped(word: str) -> list[str]:
    """A word with two neighbours swapped, each pair once: that counts as one typo."""
    return [f"{word[:at]}{word[at + 1]}{word[at]}{word[at + 2 :]}" for at in range(len(word) - 1)]


def _distance_to_beginning(word: str, token: str) -> int:
    """The least number of letters to change, add or take away so that a word begins the other one (Levenshtein)."""
    row = list(range(len(token) + 1))
    for number, letter in enumerate(word, 1):
        above, row = row, [number]
        for at, other in enumerate(token):
            row.append(min(above[at] + (letter != other), above[at + 1] + 1, row[at] + 1))
    return min(row)


def standing(document: Document, words: Sequence[str]) -> Standing | None:
    """How well a document answers these words; None where it holds none of them."""
    missing = typos = distance = rank = form = 0
    before: Sequence[_Place] = ()
    for word in words:
        places = _places(document, word)
        if not places:
            missing += 1
            continue
        best = min([(place[1], place[4]) for place in places])
        typos += places[0][3]
        rank += best[0]
        form += best[1]
        if before:
            distance += _distance(before[:_MOST_PLACES], places[:_MOST_PLACES])
        before = places
    return Standing(missing, typos, distance, rank, form) if before else None


def matched_terms(document: Document, words: Sequence[str]) -> list[str]:
    """What the parts are called that hold a word, each once."""
    holding = {place[0] for word in words for place in _places(document, word)}
    return list(dict.fromkeys(part.term for number, part in enumerate(document.parts) if number in holding))


def _places(document: Document, word: str) -> list[_Place]:
    """Where a word is found in a document, with as few typos as anywhere in it."""
    if word in document.whole:
        return _as_written(document, word)
    if not typos_allowed(word):
        return []
    places = [
        (number, part.rank, position, typos, MISTYPED)
        for number, part in enumerate(document.parts)
        for position, token in enumerate(part.text.split(), 1)
        if (typos := mistyped(word, stem(token))) is not None
    ]
    least = min((place[3] for place in places), default=0)
    return [place for place in places if place[3] == least]


def _as_written(document: Document, word: str) -> list[_Place]:
    places, length = [], len(word)
    for number, part in enumerate(document.parts):
        text = part.text
        at = text.find(word)
        while at >= 0:
            end = text.index(" ", at)
            form = INSIDE if text[at - 1] != " " else WHOLE if end == at + length else BEGINNING
            # Each word has a blank before it: their count tells which one this is.
            places.append((number, part.rank, text.count(" ", 0, at), 0, form))
            at = text.find(word, end)
    return places


def _distance(places: Sequence[_Place], following: Sequence[_Place]) -> int:
    """How far two words are apart: 0 where one follows the other; the wrong way round counts one more."""
    nearest = _FAR
    for one in places:
        for other in following:
            if one[0] == other[0]:
                steps = other[2] - one[2]
                nearest = min(nearest, steps - 1 if steps > 0 else 1 - steps)
    return nearest
