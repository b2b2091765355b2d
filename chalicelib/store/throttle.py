"""Counting what is tried: one atomic counter for a name and a span of time, gone when the span is over."""

import time

from chalicelib.store import keys, reads, reference, session


def count(name: str, seconds: int) -> int:
    """Counts an attempt and tells how many there were in this span of so many seconds (one call)."""
    from chalicelib.store.table import Item

    now = int(time.time())
    item = Item(*keys.attempts(name, now // seconds))
    session.count("UpdateItem", None)
    item.update(actions=[Item.v.add(1), Item.ttl.set(now + 2 * seconds)])
    return int(item.v or 0)


def counted(name: str, seconds: int) -> int:
    """How many attempts there were in this span of so many seconds (one read, which also brings the stamp)."""
    key = keys.attempts(name, int(time.time()) // seconds)
    rows = reads.items([keys.STAMP_KEY, key])
    reference.note_stamp(rows.get(keys.STAMP_KEY))
    return int(rows[key].v.N) if key in rows else 0
