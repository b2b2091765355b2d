"""Many records at once, for the bench and tests of size: in batches, past the rules of the write path."""

from collections.abc import Iterable
from functools import partial
from itertools import islice
from typing import Any

from chalicelib.records import clock
from chalicelib.records.fields import Kind
from chalicelib.records.record import Record
from chalicelib.store import keys, months, reads
from chalicelib.store.changes import Changes
from chalicelib.store.record_items import entry_of
from chalicelib.store.table import Item

_BATCH = 500


def store(kind: Kind, home: str, values: Iterable[dict[str, Any]]) -> list[str]:
    """Writes a record with each of these values into a home; gives their ids."""
    source = iter(values)
    parts = iter(lambda: list(islice(source, _BATCH)), [])
    return [record_id for part in parts for record_id in _store_some(kind, home, part)]


def _store_some(kind: Kind, home: str, values: list[dict[str, Any]]) -> list[str]:
    changes = Changes()
    records = [_updated(changes.create(kind, one), one) for one in values]
    # As if written a while ago: a container that catches up looks back over the last seconds.
    moment = clock.shift(clock.now(), hours=-1)
    items = [Item(**entry_of(one, keys.partition_of(home, kind, one), 1, moment).attributes()) for one in records]
    edges = [
        Item(keys.edges_under(target, kind, edge.field), one.id, doc="{}")
        for edge in kind.edges
        for one in records
        for target in one[edge.field]
    ]
    listed = months.entries(months.unlisted((home, kind, one) for one in records))
    items += [Item(**one.attributes()) for one in listed]
    reads.parallel([partial(_save, (items + edges)[start : start + 25]) for start in range(0, len(items + edges), 25)])
    return [one.id for one in records]


def _updated(record: Record, values: dict[str, Any]) -> Record:
    moments: dict[str, Any] = {name: values[name] for name in ("created_at", "updated_at") if name in values}
    return Record(record.kind, {**record, **moments}, home=record.home) if moments else record


def _save(items: list[Item]) -> None:
    with Item.batch_write() as batch:
        for item in items:
            batch.save(item)
