"""What state a partition is in, told by its newest changes: the same in each container, whether it holds it or not.

Whoever has made something of a partition asks for its state, and knows whether anything was written since: one small
query of the change index from its end (docs/adr/0024-states.md).
"""

import hashlib
from collections.abc import Mapping
from typing import Final

from chalicelib.records import clock
from chalicelib.records.fields import Kind
from chalicelib.store import keys, reads

# What was given up by its writer may land so much later than its stamp, as long as its signature is valid.
LONGEST_LANDING_SECONDS: Final = 900
# A stamp so far ahead is of a clock that is wrong: what others write meanwhile is older, and counts as well.
_AHEAD_SECONDS: Final = 5
_PAGE: Final = 50


def recent(stamps: Mapping[str, str]) -> dict[str, str]:
    """Of the moments at which records were written, by their ids, and deleted ones, those that tell the state."""
    first = _first(max(stamps.values(), default=""))
    return {one: at for one, at in stamps.items() if at >= first}


def told_by(newest: Mapping[str, str]) -> str:
    """The state of a partition whose recent changes are these.

    Any write is the newest one or comes to lie among those that may still land: the state is another one then.
    """
    told = "".join(f"{one}{at}" for one, at in sorted(newest.items()))
    return hashlib.sha256(told.encode(), usedforsecurity=False).hexdigest()[:32]


def of(kind: Kind, home: str) -> str:
    """The state of a partition as it is now; reads its recent changes alone (one query, fifty items a page)."""
    found: dict[str, str] = {}
    first = ""
    for page in reads.pages(keys.partition(home, kind), "w", descending=True, limit=_PAGE):
        for row in page:
            if row.w is not None:
                first = first or _first(row.w.S)
                found.setdefault(row.sk.S, row.w.S)
        if page and page[-1].w is not None and first > page[-1].w.S:
            break
    return told_by({one: at for one, at in found.items() if at >= first})


def _first(newest: str) -> str:
    """From when on changes tell the state."""
    if not newest:
        return ""
    now = clock.now()
    known = newest if newest <= clock.shift(now, seconds=_AHEAD_SECONDS) else now
    return clock.shift(known, seconds=-LONGEST_LANDING_SECONDS)
