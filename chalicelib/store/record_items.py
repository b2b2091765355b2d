"""The items that a record is stored as: itself, a guard for each unique value, an edge for each id that it lists."""

from typing import Any

import msgspec

from chalicelib.records.fields import Edge
from chalicelib.records.record import Record
from chalicelib.store import keys
from chalicelib.store.entry import Entry


def entry_of(record: Record, pk: str, version: int, moment: str, author: str | None = None) -> Entry:
    """The item that stores a record; author: who writes it, where the audit tells of it (store/session.py)."""
    texts = record.texts
    indexed: dict[str, Any] = index_values(record, pk)
    written = moment if record.kind.held else None
    ids, own = texts.ids or None, texts.own or None
    return Entry(pk, record.id, v=version, w=written, doc=texts.doc, ids=ids, own=own, by=author, **indexed)


def index_values(record: Record, pk: str) -> dict[str, str | None]:
    """What the local indexes sort a record of a partition by, by their attributes; None where it is not in one."""
    return {
        index.attribute: keys.index_value(record, index.fields)
        for index in record.kind.indexes
        if keys.is_in_index(pk, index.attribute) and (index.where is None or index.where(record))
    }


def guards(home: str, record: Record | None) -> dict[tuple[str, str], tuple[str, ...]]:
    """The keys of the unique values of a record, with the fields they are made of."""
    if record is None:
        return {}
    kind = record.kind
    groups = [(field.name,) for field in kind.fields if field.unique]
    found = {}
    for fields in (*groups, *kind.unique_together):
        holds = kind.unique_where.get(fields[0])
        key = keys.guard(home, kind, fields, record) if holds is None or holds(record) else None
        if key:
            found[key] = fields
    return found


def edge_items(edge: Edge, record: Record | None) -> dict[tuple[str, str], str]:
    """The keys of the edges that lead to a record, with what each carries."""
    if record is None:
        return {}
    carried = msgspec.json.encode({name: record.get(name) for name in edge.carries}).decode()
    targets = record.get(edge.field) or ()
    return {(keys.edges_under(target, record.kind, edge.field), record.id): carried for target in targets}
