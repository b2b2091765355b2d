"""Large fields of a record go to the bucket: an item may hold 400 KB, annotations and playlists know no bound."""

import secrets
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from chalicelib.store import objects
from chalicelib.store.entry import Entry

MOST_BYTES: Final = 300_000


class Spilled:
    """The objects written for one transaction."""

    def __init__(self) -> None:
        self.keys: list[str] = []

    def undo(self) -> None:
        """The transaction did not hold: takes the objects away again."""
        if self.keys:
            objects.delete(self.keys)

    def finish(self, replaced: Iterable[str]) -> None:
        """The transaction held: takes away the objects that the former versions of the records used."""
        old = [key for key in replaced if key]
        if old:
            objects.delete(old)


def large_fields(items: Sequence[Entry]) -> Spilled:
    """Moves the largest fields of every item that is too large into the bucket; the item keeps the object's key."""
    spilled = Spilled()
    for item in items:
        if item.doc is None or len(item.doc) * 4 <= MOST_BYTES or len(item.doc.encode()) <= MOST_BYTES:
            continue
        values = msgspec.json.decode(item.doc)
        by_size = sorted(values, key=lambda name: len(msgspec.json.encode(values[name])), reverse=True)
        moved = {}
        for name in by_size:
            moved[name], values[name] = values[name], None
            if len(msgspec.json.encode(values)) <= MOST_BYTES:
                break
        item.big = f"records/{item.pk.replace('#', '/')}/{item.sk}/{secrets.token_hex(8)}.json"
        item.doc = msgspec.json.encode(values).decode()
        objects.put(item.big, msgspec.json.encode(moved), "application/json")
        spilled.keys.append(item.big)
    return spilled
