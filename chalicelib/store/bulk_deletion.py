"""Taking away what goes with its owner: the partitions of a deleted production, what hung on a deleted record.

Beside `bulk_writing`, which fills a studio, the one place that writes outside `store.changes`: in batches, without
conditions and without transactions, because nobody keeps what these items say. Records leave a tombstone as
everywhere, so that a container which holds the partition learns of it should a production of the same id be imported
again. Everything may be done twice.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from chalicelib.records import clock
from chalicelib.records.fields import Kind
from chalicelib.records.record import Record
from chalicelib.store import batches, homes, keys, objects, reads, session
from chalicelib.store.changes import TOMBSTONE_SECONDS
from chalicelib.store.record_items import guards

Key = tuple[str, str]
FilesOf = Callable[[Record], Iterable[str]]


def empty(kind: Kind, home: str, files_of: FilesOf | None = None) -> Iterator[int]:
    """Takes away the records of a kind in a home, a page at a time; gives how many went with each page.

    Edges, pointers and stored objects of a record (`files_of` tells which) go before it does: whoever takes up a run
    that was cut off finds them by it.
    """
    for page in reads.pages_of(kind, home):
        rows = [row for row in page if row.doc is not None]
        if not rows:
            continue
        if kind.edges or files_of:
            records = reads.records_of(kind, rows)
            delete(key for record in records for key in _edges(record))
            objects.delete(key for record in records for key in (files_of(record) if files_of else ()))
        delete(keys.pointer(row.sk.S) for row in rows if keys.home_told_by(row.sk.S) != home)
        _take_away(kind, [(row.pk.S, row.sk.S) for row in rows])
        # Not before: who reads a record whose object is gone holds it for lost.
        objects.discard(row.big.S for row in rows if row.big is not None)
        yield len(rows)


def remove(records: Sequence[Record]) -> None:
    """Takes away single records in homes that stay, with their guards and edges: notifications of persons, say."""
    housed = [(homes.of(record.kind, record), record) for record in records]
    delete(key for home, record in housed for key in (*guards(home, record), *_edges(record)))
    delete(keys.pointer(record.id) for home, record in housed if keys.home_told_by(record.id) != home)
    for kind in dict.fromkeys(record.kind for record in records):
        gone = [(keys.partition_of(home, kind, record), record.id) for home, record in housed if record.kind is kind]
        _take_away(kind, gone)


def _take_away(kind: Kind, wanted: Sequence[Key]) -> None:
    """Takes the items of records away; with a tombstone where containers hold their partition."""
    if kind.held:
        write_tombstones(wanted, session.author() if kind.audited else None)
    else:
        delete(wanted)


def drop_guards(home: str) -> Iterator[int]:
    """Deletes the guards of a home and its list of months, a page at a time; gives how many went."""
    for pk in (keys.guards_of(home), keys.months_of(home)):
        for page in reads.pages(pk):
            delete((row.pk.S, row.sk.S) for row in page)
            yield len(page)


def delete(wanted: Iterable[Key]) -> None:
    """Deletes items without a trace."""
    batches.send([_attributes(*key) for key in dict.fromkeys(wanted)], "delete_items")


def write_tombstones(wanted: Iterable[Key], author: str | None) -> None:
    """Puts a tombstone in the place of each of these records; author: for the audit, where it tells of them."""
    moment = clock.now()
    mark = {"w": {"S": moment}, "ttl": {"N": str(clock.epoch(moment) + TOMBSTONE_SECONDS)}}
    mark |= {"by": {"S": author}} if author is not None else {}
    batches.send([_attributes(*key) | mark for key in dict.fromkeys(wanted)], "put_items")


def _edges(record: Record) -> Iterator[Key]:
    for edge in record.kind.edges:
        for target in record.get(edge.field) or ():
            yield keys.edges_under(target, record.kind, edge.field), record.id


def _attributes(pk: str, sk: str) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": sk}}
