"""The upkeep of the event stream: asks every client whether it is still there, and clears away those that are not."""

from functools import partial
from typing import Final

from chalicelib.domain.jobs import apart
from chalicelib.domain.live import listeners, room_messages, sessions
from chalicelib.domain.live.sessions import Session
from chalicelib.events import packets
from chalicelib.records import clock
from chalicelib.store import live_queues

# A client that has not answered two questions, which come every four minutes, is gone.
SILENT_SECONDS: Final = 600
# How long what is over stays, for a client that is about to hear so; how long a token counts that was logged out of.
_FAREWELL_SECONDS: Final = 60


def look_after() -> int:
    """Asks those that are there for a sign of life, and removes silent ones and those that are over, with their queues.

    Gives how many were asked. Two queries, and a request to the queues a session.
    """
    heard, revoked = listeners.present()
    every = [*(session for session, _ in heard), *sessions.waiting()]
    now = clock.now()
    over, silent = (clock.shift(now, seconds=-seconds) for seconds in (_FAREWELL_SECONDS, SILENT_SECONDS))
    gone = [session for session in every if session.seen < silent or (session.over and session.seen < over)]
    asked = [session for session in every if not session.over and session.seen >= silent]
    live_queues.send_all([(session.id, [packets.PING]) for session in asked])
    apart.each((f"Removing the session {session.id}", partial(_remove, session)) for session in gone)
    sessions.remove((), [token for token, moment in revoked.items() if moment < over])
    return len(asked)


def _remove(session: Session) -> None:
    """The queue first: as long as there is one, there is an item that tells of it."""
    if session.claims is not None:
        room_messages.leave(session)
    live_queues.delete(session.id)
    sessions.remove([session])
