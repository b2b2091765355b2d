"""Taking away what goes with its owner: the partitions of a deleted production, what hung on a deleted record.

The one place that writes outside `store.changes`: in batches, without conditions and without transactions, because
nobody keeps what these items say. Records leave a tombstone as everywhere, so that a container which holds the
partition learns of it should a production of the same id be imported again. Everything may be done twice.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, Final

from chalicelib.errors import Unavailable
from chalicelib.records import clock
from chalicelib.records.fields import Kind
from chalicelib.records.record import Record
from chalicelib.store import homes, keys, objects, reads, session
from chalicelib.store.changes import TOMBSTONE_SECONDS, guards
from chalicelib.store.failures import meaning
from chalicelib.store.patience import Patience

Key = tuple[str, str]
FilesOf = Callable[[Record], Iterable[str]]
_BATCH: Final = 25
_SECONDS: Final = 12.0
_log = logging.getLogger("vulpes.store")


def empty(kind: Kind, home: str, files_of: FilesOf | None = None) -> Iterator[int]:
    """Takes away the records of a kind in a home, a page at a time; gives how many went with each page.

    Edges, pointers and stored objects of a record (`files_of` tells which) go before it does: whoever takes up a run
    that was cut off finds them by it.
    """
    for page in reads.pages(keys.partition(home, kind)):
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
        gone = [(keys.partition(home, kind), record.id) for home, record in housed if record.kind is kind]
        _take_away(kind, gone)


def _take_away(kind: Kind, wanted: Sequence[Key]) -> None:
    """Takes the items of records away; with a tombstone where containers hold their partition."""
    (write_tombstones if kind.held else delete)(wanted)


def drop_guards(home: str) -> Iterator[int]:
    """Deletes the guards of a home, a page at a time; gives how many went."""
    for page in reads.pages(keys.guards_of(home)):
        delete((row.pk.S, row.sk.S) for row in page)
        yield len(page)


def delete(wanted: Iterable[Key]) -> None:
    """Deletes items without a trace."""
    _send([_attributes(*key) for key in dict.fromkeys(wanted)], "delete_items")


def write_tombstones(wanted: Iterable[Key]) -> None:
    """Puts a tombstone in the place of each of these records."""
    _send([_attributes(*key) for key in dict.fromkeys(wanted)], "put_items")


def _edges(record: Record) -> Iterator[Key]:
    for edge in record.kind.edges:
        for target in record.get(edge.field) or ():
            yield keys.edges_under(target, record.kind, edge.field), record.id


def _attributes(pk: str, sk: str) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def _send(items: list[dict[str, Any]], verb: str) -> None:
    parts = [items[start : start + _BATCH] for start in range(0, len(items), _BATCH)]
    reads.parallel([partial(_write, part, verb) for part in parts])


def _write(items: list[dict[str, Any]], verb: str) -> None:
    """One batch, and again what the engine left of it or did not answer; Unavailable where it takes no more for good.

    Each try has a stamp of its own, as it may come long after the first one.
    """
    from chalicelib.store.table import Item, connection

    table, patience = Item.Meta.table_name, Patience(_SECONDS)
    request, part = ("PutRequest", "Item") if verb == "put_items" else ("DeleteRequest", "Key")
    while True:
        session.count("BatchWriteItem", None)
        wanted: dict[str, Any] = {verb: [{**item, **_mark()} for item in items] if verb == "put_items" else items}
        try:
            reply = connection().batch_write_item(table, **wanted)
        except Exception as problem:
            if meaning(problem) == "refused":
                _log.exception("The database refuses a batch.")
                raise Unavailable("The database does not take this.") from problem
        else:
            left = reply.get("UnprocessedItems", {}).get(table, ())
            if not left:
                return
            items = [one[request][part] for one in left]
        patience.wait("The database takes no more right now; the rest stays to be done.")


def _mark() -> dict[str, Any]:
    """What makes an item a tombstone."""
    moment = clock.now()
    return {"w": {"S": moment}, "ttl": {"N": str(clock.epoch(moment) + TOMBSTONE_SECONDS)}}
