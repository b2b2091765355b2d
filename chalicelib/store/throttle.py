"""Counting what is tried: one atomic counter for a name and a span of time, gone when the span is over."""

import logging
import time
from typing import Any, Final

from chalicelib.errors import Unavailable
from chalicelib.store import keys, session
from chalicelib.store.failures import is_condition_failed, meaning
from chalicelib.store.patience import Patience

Place = tuple[str, str]
_log: Final = logging.getLogger("vulpes.store")


def take(name: str, seconds: int, most: int) -> Place | None:
    """Takes one of the places that a name has in this span of so many seconds; None where all `most` are taken.

    One conditional write: of a crowd no more than `most` get one.
    """
    now = int(time.time())
    place = keys.attempts(name, now // seconds)
    return place if _add(place, 1, most, now + 2 * seconds) else None


def give_back(place: Place) -> None:
    """Gives a place back that counts for nothing (one write); one that cannot be is free when its span is over."""
    try:
        _add(place, -1)
    except Unavailable:
        _log.exception("A place stays taken: %s", place)


def _add(place: Place, number: int, most: int | None = None, expiry: int | None = None) -> bool:
    from chalicelib.store.table import Item

    item, patience = Item(*place), Patience()
    actions: list[Any] = [Item.v.add(number), *([Item.ttl.set(expiry)] if expiry else ())]
    condition = Item.v.does_not_exist() | (Item.v < most) if most is not None else None
    while True:
        session.count("UpdateItem", None)
        try:
            # Counted twice where an answer is lost: too often rather than too seldom.
            item.update(actions=actions, condition=condition)
        except Exception as problem:
            if is_condition_failed(problem):
                return False
            if meaning(problem) == "refused":
                raise Unavailable("The database does not take this.") from problem
        else:
            return True
        patience.wait("The database does not answer.")
