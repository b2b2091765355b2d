"""Batches: items put or deleted without conditions and without a transaction, twenty-five a request, side by side."""

import logging
from collections.abc import Sequence
from functools import partial
from typing import Any, Final, Literal

from chalicelib.errors import Unavailable
from chalicelib.records import clock
from chalicelib.store import reads, rehearsal, session
from chalicelib.store.failures import meaning
from chalicelib.store.patience import Patience

Verb = Literal["put_items", "delete_items"]
_BATCH: Final = 25
_SECONDS: Final = 12.0
_log = logging.getLogger("vulpes.store")


def send(items: Sequence[dict[str, Any]], verb: Verb) -> None:
    """Puts items, or deletes those of these keys, each of them once; Unavailable where some of it stays undone.

    items: as the database has them on the wire, no key twice.
    """
    rehearsal.refuse()
    parts = [list(items[start : start + _BATCH]) for start in range(0, len(items), _BATCH)]
    reads.parallel([partial(_write, part, verb) for part in parts])


def _write(items: list[dict[str, Any]], verb: Verb) -> None:
    """One batch, and again what the engine left of it or did not answer; Unavailable where it takes no more for good.

    Each try has a stamp of its own, as it may come long after the first one.
    """
    from chalicelib.store.table import Item, connection

    table, patience = Item.Meta.table_name, Patience(_SECONDS)
    request, part = ("PutRequest", "Item") if verb == "put_items" else ("DeleteRequest", "Key")
    while True:
        session.count("BatchWriteItem", None)
        wanted: dict[str, Any] = {verb: _stamped(items)}
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


def _stamped(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The items, those that the change index holds with the moment of this attempt to write them."""
    moment = {"S": clock.now()}
    return [{**item, "w": moment} if "w" in item else item for item in items]
