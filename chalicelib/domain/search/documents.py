"""What of a record is searched: the words of its name, its description, its metadata.

Source: docs/contract/interchange.md section 6.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from chalicelib.domain.entities.columns import metadata
from chalicelib.domain.search.words import folded, spaced, words_of
from chalicelib.records.record import Record

NAME, DESCRIPTION, METADATA = RANKS = (0, 1, 2)
# Numbers of frames are found by no one, and nearly every shot has them.
_FRAMES: Final = frozenset({"frame_in", "frame_out", "fps", "handle_in", "handle_out"})


class Part(NamedTuple):
    """A part of a document: how much it counts (`NAME` most), what it is called, its words with blanks around them."""

    rank: int
    term: str
    text: str


class Document:
    """A record as it is searched.

    `above`: what it is in, from near to far. `order` sorts those that are found equally well, by name. `whole` holds
    the texts of all parts; the first one is the name.
    """

    __slots__ = ("above", "id", "order", "parts", "record", "whole")

    def __init__(self, record: Record, parts: tuple[Part, ...], name: str, above: Sequence[Record | None] = ()) -> None:
        self.record = record
        self.id = record.id
        self.parts = parts
        self.above = tuple(above)
        self.whole = parts[0].text if len(parts) == 1 else "\t".join(part.text for part in parts)
        self.order = f"{folded(name)}\0{parts[0].text}\0{record.id}"


def of_asset(asset: Record, type_name: str, hidden: Collection[str] = ()) -> Document:
    """An asset, found by its type as well; `hidden` are keys of metadata that are not searched."""
    parts = (*_name_parts(asset["name"], words_of(type_name)), *_other_parts(asset, hidden))
    return Document(asset, parts, asset["name"])


def of_shot(shot: Record, sequence: Record | None, episode: Record | None, hidden: Collection[str] = ()) -> Document:
    """A shot, found by its sequence and episode as well."""
    before = [word for one in (episode, sequence) if one is not None for word in words_of(one["name"])]
    parts = (*_name_parts(shot["name"], before), *_other_parts(shot, _FRAMES.union(hidden)))
    return Document(shot, parts, shot["name"], (sequence, episode))


def of_person(person: Record) -> Document:
    """A person, found by their full name."""
    return Document(person, (Part(NAME, "name", spaced(words_of(person["full_name"]))),), person["full_name"])


def _name_parts(name: str, before: Sequence[str]) -> Iterator[Part]:
    own = words_of(name)
    yield Part(NAME, "name", spaced([*before, *own]))
    if len(own) > 1:
        # `SH_010` is found as `sh010`, too.
        yield Part(NAME, "name", spaced(["".join(own)]))


def _other_parts(entity: Record, hidden: Collection[str]) -> Iterator[Part]:
    if text := spaced(words_of(entity["description"] or "")):
        yield Part(DESCRIPTION, "description", text)
    for key, value in metadata(entity).items():
        if key not in hidden and (text := spaced(words_of(" ".join(_texts(value))))):
            yield Part(METADATA, key, text)


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, Mapping):
        return [text for one in value.values() for text in _texts(one)]
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    return [] if value is None else [str(value)]
