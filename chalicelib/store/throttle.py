"""Counting what is tried: one atomic counter for a name and a span of time, gone when the span is over."""

import time

from chalicelib.errors import Unavailable
from chalicelib.store import keys, reads, reference, session
from chalicelib.store.failures import meaning
from chalicelib.store.patience import Patience


def count(name: str, seconds: int) -> int:
    """Counts an attempt and tells how many there were in this span of so many seconds (one call)."""
    from chalicelib.store.table import Item

    now = int(time.time())
    item = Item(*keys.attempts(name, now // seconds))
    patience = Patience()
    while True:
        session.count("UpdateItem", None)
        try:
            # Counted twice where an answer is lost: too often rather than too seldom.
            item.update(actions=[Item.v.add(1), Item.ttl.set(now + 2 * seconds)])
        except Exception as problem:
            if meaning(problem) == "refused":
                raise Unavailable("The database does not take this.") from problem
        else:
            return int(item.v or 0)
        patience.wait("The database does not answer.")


def counted(name: str, seconds: int) -> int:
    """How many attempts there were in this span of so many seconds (one read, which also brings the stamp)."""
    key = keys.attempts(name, int(time.time()) // seconds)
    rows = reads.items([keys.STAMP_KEY, key])
    reference.note_stamp(rows.get(keys.STAMP_KEY))
    return int(rows[key].v.N) if key in rows else 0
