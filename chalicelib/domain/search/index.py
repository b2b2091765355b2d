"""Documents prepared for searching: texts side by side in the order of names, words by the documents that hold them.

A scan of all texts for a word takes some milliseconds for 50,000 of them, however many hold it, so that a change costs
no more than the document that changed. Only those that may be among the best are looked at closely (`standing`).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from heapq import nsmallest
from itertools import accumulate, chain, pairwise, repeat
from operator import attrgetter
from typing import Final, NamedTuple

from chalicelib.domain.search.documents import RANKS, Document
from chalicelib.domain.search.matching import (
    BEGINNING,
    INSIDE,
    MISTYPED,
    WHOLE,
    Standing,
    mistyped,
    standing,
    swapped,
    typos_allowed,
)

# From so many documents on it pays to know beforehand how well the best of them can stand.
_MANY: Final = 200
_END: Final = "\n"
_STEM: Final = re.compile(r"(?<= )[^\s\d]+")
Group = tuple[int, int]


class Hit(NamedTuple):
    """A document and how well it answers; in the order of hits, ties go by name."""

    standing: Standing
    order: str
    document: Document


class _Some(NamedTuple):
    """Documents that hold the same of the words, with as many typos."""

    words: tuple[str, ...]
    numbers: Sequence[int]


class Index:
    """Documents of a kind."""

    def __init__(self, documents: Iterable[Document]) -> None:
        # What is in order already, as the documents of another index are, is quickly put in order.
        self.documents = sorted(documents, key=attrgetter("order"))
        self._texts = [one.whole for one in self.documents]
        self._all = _END.join(self._texts)

    @cached_property
    def _by_rank(self) -> list[str]:
        """All texts of names, of descriptions, of metadata."""
        parts = [part for one in self.documents for part in one.parts]
        return [_END.join(part.text for part in parts if part.rank == rank) for rank in RANKS]

    @cached_property
    def _holders(self) -> dict[str, list[int]]:
        """The numbers of the documents by their stems; made when a word is looked for that may be mistyped."""
        holders: dict[str, list[int]] = {}
        for number, text in enumerate(self._texts):
            for word in set(_STEM.findall(text)):
                holders.setdefault(word, []).append(number)
        return holders

    def with_all(self, words: Sequence[str]) -> list[int]:
        """The documents that hold all words as they are."""
        rarest, *others = sorted(words, key=self._all.count)
        found = self._with(rarest)
        for word in others:
            found = [number for number in found if word in self._texts[number]]
        return found

    def groups(self, words: Sequence[str]) -> dict[Group, list[_Some]]:
        """The documents that hold some of the words, by how many they miss and how many typos that takes."""
        held: dict[int, int] = {}
        typos: dict[int, int] = {}
        for at, word in enumerate(words):
            bit = 1 << at
            for number in self._with(word):
                held[number] = held.get(number, 0) | bit
            for number, count in self._mistyped(word).items():
                if not held.get(number, 0) & bit:
                    held[number] = held.get(number, 0) | bit
                    typos[number] = typos.get(number, 0) + count
        alike: dict[tuple[int, int], list[int]] = {}
        for number, bits in held.items():
            alike.setdefault((bits, typos.get(number, 0)), []).append(number)
        found: dict[Group, list[_Some]] = {}
        for (bits, count), numbers in alike.items():
            chosen = tuple(word for at, word in enumerate(words) if bits >> at & 1)
            found.setdefault((len(words) - len(chosen), count), []).append(_Some(chosen, sorted(numbers)))
        return found

    def best(self, words: Sequence[str], some: _Some, count: int) -> list[Hit]:
        """The best of documents that hold the same words, so many of them."""
        if len(some.numbers) <= max(_MANY, count):
            return nsmallest(count, self._hits(words, some.numbers))
        likely = self._best_possible(some)
        found: list[Hit] = []
        as_good_as_can_be = 0
        for hit in self._hits(words, some.numbers):
            found.append(hit)
            # In the order of names: when there are enough of these, nothing that follows comes before them.
            as_good_as_can_be += hit.standing[2:] <= likely
            if as_good_as_can_be == count:
                break
        return nsmallest(count, found)

    def _hits(self, words: Sequence[str], numbers: Iterable[int]) -> Iterator[Hit]:
        for number in numbers:
            document = self.documents[number]
            found = standing(document, words)
            if found is not None:
                yield Hit(found, document.order, document)

    def _best_possible(self, some: _Some) -> tuple[int, int, int]:
        """What no distance, part and form of these documents are better than."""
        parts = forms = 0
        for word in some.words:
            part, form = self._best_place(word, some.numbers)
            parts, forms = parts + part, forms + form
        return 0, parts, forms

    def _best_place(self, word: str, numbers: Sequence[int]) -> tuple[int, int]:
        texts = self._texts
        for form, text in ((WHOLE, f" {word} "), (BEGINNING, f" {word}"), (INSIDE, word)):
            if text in self._all and any(text in texts[number] for number in numbers):
                return self._best_part(word, numbers), form
        return 0, MISTYPED

    def _best_part(self, word: str, numbers: Sequence[int]) -> int:
        documents = self.documents
        for rank in RANKS[:-1]:
            if word in self._by_rank[rank] and any(
                part.rank == rank and word in part.text for number in numbers for part in documents[number].parts
            ):
                return rank
        return RANKS[-1]

    def _with(self, word: str) -> list[int]:
        """The documents that hold a word as it is: told by the ends of documents between one place and the next."""
        between = self._all.split(word)[:-1]
        return list(dict.fromkeys(accumulate(map(str.count, between, repeat(_END)))))

    def _mistyped(self, word: str) -> dict[int, int]:
        """The documents that hold a word with typos, and with how many; some of them hold it as it is, too."""
        found: dict[int, int] = {}
        for one, typos in self._stems_like(word):
            for number in self._holders[one]:
                if typos < found.get(number, typos + 1):
                    found[number] = typos
        return found

    def _stems_like(self, word: str) -> Iterator[tuple[str, int]]:
        allowed = typos_allowed(word)
        if not allowed:
            return
        # So many typos leave one of one more pieces as it is, and move it no further than that.
        pieces = _pieces(word, allowed + 1)
        near = re.compile("|".join(f".{{{max(at - allowed, 0)},{at + allowed}}}{piece}" for at, piece in pieces))
        beginnings = tuple(swapped(word))
        texts = [piece for _, piece in pieces]
        for one in self._holders:
            if (any(piece in one for piece in texts) and near.match(one)) or one.startswith(beginnings):
                typos = mistyped(word, one)
                if typos is not None:
                    yield one, typos


def _pieces(word: str, count: int) -> list[tuple[int, str]]:
    """A word in so many pieces, with where each begins."""
    bounds = [len(word) * number // count for number in range(count + 1)]
    return [(start, word[start:end]) for start, end in pairwise(bounds)]


def search(indexes: Sequence[Index], words: Sequence[str], count: int) -> list[Hit]:
    """The best answers of all indexes to words that are each there once, so many of them.

    Documents with all words as they are written come before all others: those are looked for only where these are too
    few.
    """
    full = [(index, _Some(tuple(words), index.with_all(words))) for index in indexes]
    if sum(len(some.numbers) for _, some in full) >= count:
        return nsmallest(count, chain.from_iterable(index.best(words, some, count) for index, some in full))
    groups: dict[Group, list[tuple[Index, _Some]]] = {}
    for index in indexes:
        for group, alike in index.groups(words).items():
            groups.setdefault(group, []).extend((index, some) for some in alike)
    found: list[Hit] = []
    for _, members in sorted(groups.items(), key=lambda one: one[0]):
        found += chain.from_iterable(index.best(words, some, count) for index, some in members)
        if len(found) >= count:
            break
    return nsmallest(count, found)
