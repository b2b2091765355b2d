"""Names as they are compared: in one normal form of Unicode, in any case of letters where the contract ignores it."""

import unicodedata
from collections.abc import Callable, Iterable
from typing import Any

from chalicelib.records.fields import Field, Kind, Values


def normal(text: str) -> str:
    """A text in one of the ways to write it: `é` is one character, however it was typed (NFC)."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def folded(text: str) -> str:
    """A text as it is compared in any case of letters (Unicode 3.13, canonical caseless matching)."""
    if text.isascii():
        return text.casefold()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).casefold())


def address(text: str) -> str:
    """An e-mail address, or a part of one, as it is compared: in any case of letters, without what is around it."""
    return folded(text.strip())


def compared(field: Field, value: Any) -> Any:
    """The value of a field as guards, look-ups and filters compare it; it is kept and shown as it was typed."""
    if not isinstance(value, str):
        return value
    return address(value) if field.type == "email" else normal(value)


def agrees(kind: Kind, record: Values, wanted: Values) -> bool:
    """Whether a record has these values, as they are compared."""
    fields = kind.by_name
    return all(compared(fields[name], record[name]) == compared(fields[name], wanted[name]) for name in wanted)


def matcher(pattern: str) -> Callable[[str], bool]:
    """Tells which names a pattern matches, in any case: `%` stands for any characters, `_` for one.

    Takes time that grows with the name, and with nothing else that a client chooses: no step back is ever taken.
    """
    parts = folded(pattern).split("%")
    if "_" in pattern:
        return _by_states(parts)
    return _by_parts(parts[0], [part for part in parts[1:-1] if part], parts[-1] if len(parts) > 1 else None)


def _by_parts(first: str, inner: list[str], last: str | None) -> Callable[[str], bool]:
    """What is between the first and the last part is found from left to right; the first place is the best one."""

    def matches(name: str) -> bool:
        text = folded(name)
        if last is None:
            return text == first
        end = len(text) - len(last)
        if end < len(first) or not text.startswith(first) or not text.endswith(last):
            return False
        at = len(first)
        for part in inner:
            found = text.find(part, at, end)
            if found < 0:
                return False
            at = found + len(part)
        return True

    return matches


def _by_states(parts: list[str]) -> Callable[[str], bool]:
    """All places of the pattern that the name may have led to are bits of a number, moved on together."""
    steps = "".join(parts)
    anything = _bits(index for index, step in enumerate(steps) if step == "_")
    known = {step: anything | _bits(i for i, one in enumerate(steps) if one == step) for step in set(steps) - {"_"}}
    waits, place = 0, 0
    for part in parts[:-1]:
        place += len(part)
        waits |= 1 << place
    done = 1 << len(steps)

    def matches(name: str) -> bool:
        states = 1
        for mark in folded(name):
            states = (states & known.get(mark, anything)) << 1 | states & waits
            if not states:
                return False
        return bool(states & done)

    return matches


def _bits(places: Iterable[int]) -> int:
    found = 0
    for place in places:
        found |= 1 << place
    return found
