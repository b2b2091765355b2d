"""Who listens, as they are at this moment: a session ends with its token, and with what the person's record says."""

import logging
from collections.abc import Mapping
from typing import Final

from chalicelib.access import identity
from chalicelib.access.caller import Caller
from chalicelib.domain.live import room_messages, sessions
from chalicelib.domain.live.sessions import Session
from chalicelib.errors import NotSignedIn
from chalicelib.events import packets
from chalicelib.store import live_queues

_log: Final = logging.getLogger("vulpes.live")
# Not a word that the namespace is over: after that browsers would not come back, who may hold a newer token by now.
_FAREWELL: Final = [packets.CLOSE]


def present() -> tuple[list[tuple[Session, Caller]], dict[str, str]]:
    """The sessions that hear, each with its caller, and the tokens that were logged out of late.

    What has ended is dismissed. One query, and one read of the stamp of the reference data.
    """
    heard, revoked = sessions.listening()
    found = [(session, _caller(session, revoked)) for session in heard]
    for session, caller in found:
        if caller is None:
            _dismiss(session)
    return [(session, caller) for session, caller in found if caller is not None], revoked


def is_welcome(session: Session) -> bool:
    """Whether a session that says something is still signed in; it is dismissed otherwise (one read)."""
    try:
        if session.claims is not None and not session.has_run_out:
            identity.holder(session.claims)
            return True
    except NotSignedIn:
        pass
    _dismiss(session)
    return False


def _caller(session: Session, revoked: Mapping[str, str]) -> Caller | None:
    if session.claims is None or session.has_run_out or session.is_revoked(revoked):
        return None
    try:
        return identity.holder_unless_revoked(session.claims)
    except NotSignedIn:
        return None


def _dismiss(session: Session) -> None:
    """Ends a session: the connection is closed, and the client hears why if it comes back."""
    try:
        sessions.end(session)
        room_messages.leave(session)
        live_queues.send(session.id, _FAREWELL)
    except Exception:
        _log.exception("A session that is over was not told so; it hears nothing nevertheless.")
