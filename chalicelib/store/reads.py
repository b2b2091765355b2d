"""Reading records: one, some, the records of a home; strongly consistent throughout."""

import contextvars
import functools
import heapq
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import Any, TypeVar

import msgspec

from chalicelib.errors import NotFound, Unavailable
from chalicelib.records.fields import STUDIO, Kind, Values
from chalicelib.records.record import Record, Texts
from chalicelib.settings import current
from chalicelib.store import keys, months, objects, rehearsal, spill, wire
from chalicelib.store.indexes import INDEXES
from chalicelib.store.patience import Patience

T = TypeVar("T")
Condition = keys.Condition
_BATCH = 100
_log = logging.getLogger("vulpes.store")
# A record that is written anew at each look is given up.
_LOOKS = 8
# Sorts after every character of a key.
_LAST = "\U0010ffff"


def _text(value: str) -> dict[str, str]:
    return {"S": value}


def _key(pk: str, sk: str) -> dict[str, dict[str, str]]:
    return {"pk": _text(pk), "sk": _text(sk)}


def _whole(row: wire.Row) -> tuple[wire.Row, Texts] | None:
    """An item and its written forms; None for a tombstone, or where it went while it was read.

    Large fields that spilled over are fetched from the bucket. Where their object is gone, the record was written
    anew since the item was read: then it is read again, and never shown without them.
    """
    found: wire.Row | None = row
    for _ in range(_LOOKS):
        if found is None or found.doc is None:
            return None
        if found.big is None:
            return found, Texts(*_written_texts(found))
        stored = objects.get(found.big.S)
        if stored is not None:
            doc, ids, own = spill.put_back(_written_texts(found), stored)
            return found, Texts(doc, ids, own, found.big.S)
        before, found = found.big.S, item(found.pk.S, found.sk.S)
        if found is not None and found.big is not None and before == found.big.S:
            _log.error("The object of %s is lost: %s", found.sk.S, before)
            raise Unavailable("A part of this record cannot be read.", {"id": found.sk.S})
    raise Unavailable("This record is written too often to be read.", {"id": row.sk.S})


def texts_if_there(row: wire.Row) -> Texts | None:
    """The written forms an item holds, whole; None where it holds no record any more."""
    found = _whole(row)
    return found[1] if found else None


def record_if_there(kind: Kind, row: wire.Row) -> Record | None:
    """The record an item holds, whole; None where it holds none any more."""
    found = _whole(row)
    return _record(kind, *found) if found else None


def _written_texts(row: wire.Row) -> tuple[str, str, str]:
    return row.doc.S if row.doc else "", row.ids.S if row.ids else "", row.own.S if row.own else ""


def _record(kind: Kind, row: wire.Row, texts: Texts) -> Record:
    return record_of(kind, texts, int(row.v.N), row.pk.S.partition("#")[0])


def record_of(kind: Kind, texts: Texts, version: int, home: str) -> Record:
    """The record that these texts are the written forms of."""
    # A null that no answer shows is not stored.
    return Record(kind, dict.fromkeys(kind.private) | texts.values(), version, texts, home)


def records_of(kind: Kind, found: Iterable[wire.Row]) -> list[Record]:
    """The records that items hold, in their order; tombstones are left out."""
    return [record for row in found if (record := record_if_there(kind, row)) is not None]


def item(pk: str, sk: str) -> wire.Row | None:
    """One item by its key, whatever it is."""
    rehearsed = rehearsal.current()
    if rehearsed is not None and rehearsed.knows((pk, sk)):
        return rehearsed.row((pk, sk))
    asked = {"TableName": current().table, "Key": _key(pk, sk), "ConsistentRead": True}
    return wire.call("GetItem", asked, wire.Got).Item


def items(wanted: Sequence[tuple[str, str]]) -> dict[tuple[str, str], wire.Row]:
    """Items by their keys, a hundred a request; those that are not there are left out.

    Raises Unavailable where the engine leaves some undone for longer than there is time.
    """
    patience = Patience()
    found: dict[tuple[str, str], wire.Row] = {}
    rehearsed = rehearsal.current()
    asked_for = dict.fromkeys(wanted)
    if rehearsed is not None:
        found = {key: row for key in asked_for if (row := rehearsed.row(key)) is not None}
        asked_for = {key: None for key in asked_for if not rehearsed.knows(key)}
    pending = [_key(pk, sk) for pk, sk in asked_for]
    while pending:
        asked, pending = pending[:_BATCH], pending[_BATCH:]
        table = current().table
        reply = wire.call(
            "BatchGetItem", {"RequestItems": {table: {"Keys": asked, "ConsistentRead": True}}}, wire.Batch
        )
        for row in reply.Responses.get(table, ()):
            found[row.pk.S, row.sk.S] = row
        if left := reply.UnprocessedKeys.get(table, {}).get("Keys", []):
            patience.wait("The database gives no more right now.")
            pending += left
    return found


def find(kind: Kind, record_id: str) -> Record | None:
    """The record with this id, or None."""
    if not keys.is_id(record_id):
        return None
    record_id = record_id.lower()
    if not kind.home.named:
        return find_at(kind, STUDIO, record_id)
    told = keys.home_told_by(record_id)
    if told is not None and (found := find_at(kind, told, record_id)) is not None:
        return found
    row = item(*keys.pointer(record_id))
    return find_at(kind, row.at.S, record_id) if row and row.at else None


def find_at(kind: Kind, home: str, record_id: str) -> Record | None:
    """The record with this id in a home, or None."""
    for pk in keys.partitions_with(home, kind, record_id):
        if (row := item(pk, record_id)) is not None:
            return record_if_there(kind, row)
    return None


def get(kind: Kind, record_id: str) -> Record:
    """The record with this id; NotFound for an unknown or malformed one."""
    found = find(kind, record_id)
    if found is None:
        raise NotFound(f"There is no {kind.name} with the id {record_id!r}.", {"id": record_id})
    return found


def get_many(kind: Kind, ids: Iterable[str]) -> list[Record]:
    """The records with these ids, in the order asked for; unknown ones are left out."""
    wanted = [record_id.lower() for record_id in dict.fromkeys(ids) if keys.is_id(record_id)]
    in_studio = not kind.home.named
    homes = {record_id: STUDIO if in_studio else keys.home_told_by(record_id) for record_id in wanted}
    places = [(home, record_id) for record_id, home in homes.items() if home]
    rows = items([(pk, one) for home, one in places for pk in keys.partitions_with(home, kind, one)])
    by_id = {record.id: record for record in records_of(kind, rows.values())}
    if not in_studio and (lost := [record_id for record_id in wanted if record_id not in by_id]):
        led = items([keys.pointer(record_id) for record_id in lost])
        where = [
            (pk, row.sk.S) for row in led.values() if row.at for pk in keys.partitions_with(row.at.S, kind, row.sk.S)
        ]
        by_id |= {record.id: record for record in records_of(kind, items(where).values())}
    return [by_id[record_id] for record_id in wanted if record_id in by_id]


def pages(
    pk: str,
    index: str | None = None,
    condition: Condition | None = None,
    descending: bool = False,
    limit: int | None = None,
) -> Iterator[list[wire.Row]]:
    """The items of a partition, page by page, in the order of the key or of a local index.

    index: the attribute it sorts by (`l1` … `l4`, `w`). condition: `("=", value)`, `("^", prefix)`, `("<", value)`,
    `(">", value)` or `("..", from, to)` on that sort key. limit: items a page at most (None: a megabyte).
    """
    if condition and condition[0] == ".." and condition[1] > condition[-1]:
        return  # A span that ends before it begins holds nothing; the engine refuses to be asked for one.
    asked = _asked(pk, *keys.asked_in_order(pk, index, condition))
    asked |= {"ScanIndexForward": False} if descending else {}
    asked |= {"Limit": limit} if limit else {}
    for answer in _answers(asked):
        yield answer.Items


def count(kind: Kind, home: str, by: str, condition: Condition | None = None) -> int:
    """How many records of a kind a local index of a home holds: the engine counts, no record is sent or parsed.

    A tombstone is in none of the indexes of a kind, so these count what is there. Arguments as for `query`.
    """
    found, index = partitions(kind, home), kind.sorted_by(by).attribute
    asked = [_asked(pk, *keys.asked_in_order(pk, index, condition)) | {"Select": "COUNT"} for pk in found]
    return sum(answer.Count for one in asked for answer in _answers(one))


def _asked(pk: str, index: str | None, condition: Condition | None) -> dict[str, Any]:
    """A strongly consistent query."""
    asked: dict[str, Any] = {"TableName": current().table, "ConsistentRead": True}
    expression, values = "pk = :p", {":p": _text(pk)}
    if condition:
        sign, *bounds = condition
        bounds = [keys.whole(value) if sign == "=" else keys.beginning(value) for value in bounds]
        if sign == "^":
            # The embedded engine looks through the whole index for begins_with, and not for a span.
            sign, bounds = "..", [bounds[0], bounds[0] + _LAST]
        values |= {f":{letter}": _text(value) for letter, value in zip("ab", bounds, strict=False)}
        expression += " AND #k BETWEEN :a AND :b" if sign == ".." else f" AND #k {sign} :a"
        asked["ExpressionAttributeNames"] = {"#k": index or "sk"}
    asked |= {"KeyConditionExpression": expression, "ExpressionAttributeValues": values}
    if index:
        asked["IndexName"] = INDEXES[index].name
        # What the index does not hold the engine fetches from the table.
        asked |= {} if INDEXES[index].is_whole else {"Select": "ALL_ATTRIBUTES"}
    return asked


def _answers(asked: dict[str, Any]) -> Iterator[wire.Page]:
    while True:
        page = wire.call("Query", asked, wire.Page)
        yield page
        if page.LastEvaluatedKey is None:
            return
        asked["ExclusiveStartKey"] = page.LastEvaluatedKey


def rows(pk: str) -> list[wire.Row]:
    """All live items of a partition (tombstones left out)."""
    return [row for page in pages(pk) for row in page if row.doc is not None]


def partitions(kind: Kind, home: str, descending: bool = False, lately: bool = False) -> list[str]:
    """The partitions of a kind in a home, in the order of their months: one, but for kinds that are kept by the month.

    The one without a month, which holds what is older, stands before the first. lately: the list of months may be one
    that this container read some minutes ago (else one read).
    """
    if not kind.monthly:
        return [keys.partition(home, kind)]
    found = months.known(home, kind) if lately else None
    if found is None:
        listed = [row.sk.S for page in pages(keys.months_of(home), condition=("^", f"{kind.table}#")) for row in page]
        found = months.note_read(home, kind, (one.rpartition("#")[2] for one in listed))
    ordered = [keys.partition(home, kind, month) for month in (None, *found)]
    return ordered[::-1] if descending else ordered


def pages_of(
    kind: Kind, home: str, by: str | None = None, condition: Condition | None = None, **more: Any
) -> Iterator[list[wire.Row]]:
    """The items of all partitions of a kind in a home, page by page, month after month; arguments as for `query`."""
    index = kind.sorted_by(by).attribute if by else None
    for pk in partitions(kind, home, more.get("descending", False)):
        yield from pages(pk, index, condition, **more)


def rows_of(kind: Kind, home: str, *asked: Any, **more: Any) -> list[wire.Row]:
    """All live items of a kind in a home; arguments as for `query`."""
    return [row for page in pages_of(kind, home, *asked, **more) for row in page if row.doc is not None]


def query(kind: Kind, home: str, by: str | None = None, condition: Any = None, **more: Any) -> list[Record]:
    """The records of a kind in a home, all of them.

    by: the field that the local index begins with which leads to them (None: in the order of their ids). The rest as
    for `pages`.
    """
    stored = records_of(kind, rows_of(kind, home, by, condition, **more))
    rehearsed = rehearsal.current()
    return stored if rehearsed is None else rehearsed.found(kind, home, by, condition, stored)


def first(
    kind: Kind, home: str, count: int, by: str | None = None, condition: Any = None, descending: bool = False
) -> list[Record]:
    """The first `count` records in the order of an index; reads no further. Arguments as for `query`."""
    found: list[Record] = []
    for page in pages_of(kind, home, by, condition, descending=descending, limit=count):
        found += records_of(kind, page)
        if len(found) >= count:
            break
    return found[:count]


def holder(kind: Kind, home: str, fields: tuple[str, ...], values: Values) -> str | None:
    """The id of the record that holds a unique value in a home, or None."""
    key = keys.guard(home, kind, fields, values)
    row = item(*key) if key else None
    return row.at.S if row and row.at else None


def claimant(key: tuple[str, str]) -> str | None:
    """Who holds a claim (`Changes.claim`), or None."""
    row = item(*key)
    return row.at.S if row and row.at else None


def edges(kind: Kind, field: str, target_id: str) -> list[dict[str, Any]]:
    """What lists a record: `{"id": …, carried fields}` of each `kind` whose `field` holds `target_id`."""
    return [
        {**msgspec.json.decode(row.doc.S), "id": row.sk.S}
        for page in pages(keys.edges_under(target_id, kind, field))
        for row in page
        if row.doc is not None
    ]


@functools.lru_cache(maxsize=1)
def _workers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=12, thread_name_prefix="store")


def parallel(calls: Sequence[Callable[[], T]]) -> list[T]:
    """The answers of several reads made side by side, in order; the calls must not wait for each other."""
    if len(calls) < 2:
        return [read() for read in calls]
    futures = [_workers().submit(contextvars.copy_context().run, read) for read in calls[1:]]
    return [calls[0](), *(future.result() for future in futures)]


def merged(streams: Sequence[Iterator[Sequence[T]]], key: Callable[[T], str]) -> Iterator[T]:
    """What streams of pages hold, the largest key first, as each of them has it; read as far as it is taken.

    The first page of each is fetched side by side; further ones only as the merge comes to them.
    """
    firsts = parallel([functools.partial(next, stream, ()) for stream in streams])
    whole = [chain(first, chain.from_iterable(rest)) for first, rest in zip(firsts, streams, strict=True)]
    return heapq.merge(*whole, key=key, reverse=True)
