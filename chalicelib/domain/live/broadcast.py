"""Telling those who listen of what happened: the events of a batch, to each session those that its person may know of.

Best effort: what a client misses, it finds in the journal (docs/live.md).
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from chalicelib.access.events import audiences_of
from chalicelib.domain.live import listeners
from chalicelib.events import packets
from chalicelib.store import live_queues

Event = Mapping[str, Any]
# The stream gives a batch again if a listener failed: what was told of late is not told anew by this container.
_MOST_KNOWN: Final = 5000
_told: Final[OrderedDict[str, None]] = OrderedDict()


def tell(events: Sequence[Event]) -> int:
    """Tells the sessions that may hear of them; how many were told.

    One query, one read of the stamp, and a message a session (more where one holds not all of it).
    """
    fresh = [event for event in events if event["id"] not in _told]
    if not fresh:
        return 0
    heard, _ = listeners.present()
    if not heard:
        return 0
    said = [packets.event(event["name"], event["data"]) for event in fresh]
    told_of = list(zip(said, audiences_of(fresh), strict=True))
    messages: list[tuple[str, list[str]]] = []
    for session, caller in heard:
        if wanted := [packet for packet, hearing in told_of if hearing.holds(caller)]:
            messages.append((session.id, packets.messages(wanted)))
    told = live_queues.send_all(messages)
    _note(fresh)
    return told


def _note(events: Sequence[Event]) -> None:
    for event in events:
        _told[event["id"]] = None
    while len(_told) > _MOST_KNOWN:
        _told.popitem(last=False)
