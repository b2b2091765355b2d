"""Sending on what somebody said in a review room."""

from collections.abc import Iterable

from chalicelib.domain.live import rooms
from chalicelib.domain.live.sessions import Session
from chalicelib.events import packets
from chalicelib.store import live_queues


def say(told: Iterable[rooms.Message]) -> int:
    """Says what somebody said to others in their rooms; how many sessions were told (a message each)."""
    said: dict[str, list[str]] = {}
    for session_id, name, data in told:
        said.setdefault(session_id, []).append(packets.event(name, data))
    return live_queues.send_all([(one, packets.messages(wanted)) for one, wanted in said.items()])


def leave(session: Session) -> None:
    """Takes a session out of its rooms, and tells those who are in them (one query, more where it was in some)."""
    say(rooms.left(session))
