"""Large fields of a record go to the bucket: an item holds 400 KB together with all its index entries (ADR 7).

An index that is whole holds the item once more, so a record in two of them may have a third of that. An object is
written once and never changed; the item names it. The one that a newer version does without stays for a while, since
somebody may have read the item and not yet the object (domain/files/orphans.py takes it away).
"""

import secrets
from collections.abc import Iterable
from typing import Any, Final

import msgspec

from chalicelib.store import objects
from chalicelib.store.entry import Entry
from chalicelib.store.indexes import INDEXES

# Of the 400 KB, with room for the key of the object, for keys in other indexes and for what the engine adds to each.
MOST_BYTES: Final = 380_000
FOLDER: Final = "records/"
_WHOLE: Final = tuple(attribute for attribute, index in INDEXES.items() if index.is_whole)
_TEXTS: Final = ("doc", "ids", "own")
_FOR_THE_KEY: Final = 250


def large_fields(items: Iterable[Entry]) -> list[str]:
    """Moves the largest fields of every item that is too large into the bucket; gives the keys of the objects."""
    stored = []
    for item in items:
        if item.doc is None or _fits(item):
            continue
        moved = _take_out(item)
        item.big = f"{FOLDER}{item.pk.replace('#', '/')}/{item.sk}/{secrets.token_hex(8)}.json"
        objects.put(item.big, msgspec.json.encode(moved), "application/json")
        stored.append(item.big)
    return stored


def copies(item: Entry) -> int:
    """How often the table holds an item: once, and once in each index it is in that is whole."""
    return 1 + sum(getattr(item, name) is not None for name in _WHOLE)


def _fits(item: Entry) -> bool:
    most = MOST_BYTES // copies(item)
    texts = [text for name in _TEXTS if (text := getattr(item, name))]
    # A character has four bytes at most: nearly all items are told to fit without being encoded.
    return sum(map(len, texts)) * 4 <= most or _size(item) <= most


def _size(item: Entry) -> int:
    return sum(len(name) + len(str(value).encode()) for name, value in item.attributes().items())


def _take_out(item: Entry) -> dict[str, dict[str, Any]]:
    """Empties the largest fields of an item until it fits; gives them, by the text they are of."""
    values = {name: msgspec.json.decode(text) for name in _TEXTS if (text := getattr(item, name))}
    # Lists of ids go last: who looks for an id searches the texts of items.
    fields = [
        (text != "ids", len(msgspec.json.encode(value)), text, name)
        for text in values
        for name, value in values[text].items()
    ]
    too_many = _size(item) + _FOR_THE_KEY - MOST_BYTES // copies(item)
    moved: dict[str, dict[str, Any]] = {}
    for _, size, text, name in sorted(fields, reverse=True):
        if too_many <= 0:
            break
        moved.setdefault(text, {})[name] = values[text][name]
        values[text][name] = None
        too_many -= size - len("null")
    for text in moved:
        setattr(item, text, msgspec.json.encode(values[text]).decode())
    return moved


def put_back(texts: tuple[str, str, str], stored: bytes) -> tuple[str, str, str]:
    """The texts of an item (`doc`, `ids`, `own`) with the fields that were taken out of them."""
    moved: dict[str, dict[str, Any]] = msgspec.json.decode(stored)

    def whole(name: str, text: str) -> str:
        return msgspec.json.encode({**msgspec.json.decode(text), **moved[name]}).decode() if name in moved else text

    doc, ids, own = map(whole, _TEXTS, texts)
    return doc, ids, own
