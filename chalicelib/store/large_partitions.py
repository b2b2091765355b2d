"""Partitions too large to be held as records: held as their texts alone, or not at all (docs/adr/0009-bytes-held.md).

Both are mappings of ids to records, as a held partition is, so that those who read them know nothing of it.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from chalicelib.records.fields import Kind
from chalicelib.records.record import Record, Texts
from chalicelib.store import reads

PackedRecords = dict[str, tuple[Texts, int]]
# Records that somebody looks at one by one, in a partition that is not held, are read once: so many of them.
_MOST_LOOKED_UP: Final = 1_000


class Packed(Mapping[str, Record]):
    """A partition as its texts: a record is made anew for each who looks at it, and takes a quarter of the memory."""

    def __init__(self, kind: Kind, home: str, packed: PackedRecords) -> None:
        self._kind = kind
        self._home = home
        self._packed = packed

    @classmethod
    def of(cls, kind: Kind, home: str, records: Iterable[Record]) -> "Packed":
        """These records as texts."""
        return cls(kind, home, {one.id: (one.texts, one.version) for one in records})

    def merged(self, changed: Mapping[str, Record | None]) -> "Packed":
        """The same with what changed; None takes a record away."""
        new = {one: (record.texts, record.version) for one, record in changed.items() if record is not None}
        kept = {one: packed for one, packed in self._packed.items() if one not in changed}
        return Packed(self._kind, self._home, kept | new)

    def __getitem__(self, record_id: str) -> Record:
        texts, version = self._packed[record_id]
        return reads.record_of(self._kind, texts, version, self._home)

    def __contains__(self, record_id: object) -> bool:
        return record_id in self._packed

    def __iter__(self) -> Iterator[str]:
        return iter(self._packed)

    def __len__(self) -> int:
        return len(self._packed)


class Streamed(Mapping[str, Record]):
    """A partition that is not held: a pass over it reads it page by page, a look at one record reads that one."""

    def __init__(self, kind: Kind, home: str) -> None:
        self._kind = kind
        self._home = home
        self._looked_up: OrderedDict[str, Record | None] = OrderedDict()

    def __getitem__(self, record_id: str) -> Record:
        if record_id not in self._looked_up:
            self._note(record_id, reads.find_at(self._kind, self._home, record_id))
        found = self._looked_up[record_id]
        if found is None:
            raise KeyError(record_id)
        return found

    def __iter__(self) -> Iterator[str]:
        for record in self._stream():
            # Who makes a dict of it asks for each by its id, one after the other.
            self._note(record.id, record)
            yield record.id

    def _note(self, record_id: str, record: Record | None) -> None:
        self._looked_up[record_id] = record
        if len(self._looked_up) > _MOST_LOOKED_UP:
            self._looked_up.popitem(last=False)

    def __len__(self) -> int:
        return sum(1 for page in reads.pages_of(self._kind, self._home) for row in page if row.doc is not None)

    def __bool__(self) -> bool:
        return True

    def _stream(self) -> Iterator[Record]:
        for page in reads.pages_of(self._kind, self._home):
            yield from reads.records_of(self._kind, page)

    def values(self) -> "_Values":  # type: ignore[override]
        """The records, read again by each who goes through them."""
        return _Values(self)

    def items(self) -> "_Items":  # type: ignore[override]
        """The same with their ids."""
        return _Items(self)


class _Values:
    def __init__(self, streamed: Streamed) -> None:
        self._streamed = streamed

    # Without a length: whoever makes a list of it would ask for that first, and read all of it once more.
    def __iter__(self) -> Iterator[Record]:
        return self._streamed._stream()


class _Items(_Values):
    def __iter__(self) -> Iterator[tuple[str, Record]]:  # type: ignore[override]
        return ((record.id, record) for record in self._streamed._stream())
