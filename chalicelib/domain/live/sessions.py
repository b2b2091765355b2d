"""The sessions of the event stream: one for each client that is connected (docs/adr/0014-live-events.md).

Those that hear of events lie in one partition, so that one query finds them all; those that have not said who they are
lie in another, so that a crowd of strangers costs nobody anything. A session ends when its token does. What is over is
cleared away, with its queue, by the schedule (`upkeep.py`): a client that is about to hear so still reads from it.
"""

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import msgspec

from chalicelib.access.tokens import Claims
from chalicelib.records import clock
from chalicelib.store import bulk_deletion, keys, live_queues, reads
from chalicelib.store.changes import Changes, write
from chalicelib.store.entry import Entry
from chalicelib.store.wire import Row

# 128 bits, in characters that the names of queues may have.
_ID_BYTES: Final = 16
ID: Final = r"[A-Za-z0-9_-]{22}"
# The schedule clears sessions away long before; what it leaves goes by itself.
_KEPT_SECONDS: Final = 86_400


@dataclass(frozen=True, slots=True)
class Session:
    """A session. claims: of the token that it is for, or was opened with; problem: what was wrong with that one.

    hears: whether the client has joined the namespace of the events. over: told to go, or gone. seen: the moment of its
    last sign of life. mark: what this state of it is known by.
    """

    id: str
    claims: Claims | None = None
    problem: str = ""
    hears: bool = False
    over: bool = False
    seen: str = ""
    mark: str = ""

    @property
    def has_run_out(self) -> bool:
        """Whether the time of its token is over."""
        return self.claims is None or (self.claims.expires is not None and self.claims.expires < clock.seconds())

    def is_revoked(self, revoked: Mapping[str, str]) -> bool:
        """Whether its token was logged out of; revoked: the tokens and logins that were, of late."""
        return self.claims is not None and (self.claims.token_id in revoked or self.claims.session_id in revoked)


def start(claims: Claims | None, problem: str = "") -> Session:
    """A new session with its queue, for a client that sent this token along, or one with a problem, or none.

    One transaction, one queue.
    """
    session = Session(secrets.token_urlsafe(_ID_BYTES), claims, problem, seen=clock.now())
    # The item first: by it the queue is cleared away, whatever becomes of this request.
    write(lambda changes: changes.put(_entry(session)))
    live_queues.create(session.id)
    return session


def find(session_id: str) -> Session | None:
    """The session of that id, or None (one read)."""
    places = [keys.live_session(partition, session_id) for partition in (keys.LISTENING, keys.WAITING)]
    return next((_session(row) for row in reads.items(places).values()), None)


def join(session: Session, claims: Claims) -> Session | None:
    """Lets a session hear, as the holder of that token; None where it is gone (one transaction)."""
    return _change(session, lambda now: replace(now, claims=claims, hears=True, seen=clock.now()))


def leave(session: Session) -> Session | None:
    """Lets a session hear no more."""
    return _change(session, lambda now: replace(now, hears=False, seen=clock.now()))


def touch(session: Session) -> Session | None:
    """Notes a sign of life."""
    return _change(session, lambda now: replace(now, seen=clock.now()))


def end(session: Session) -> Session | None:
    """Ends a session: it hears no more, and nothing is taken from it."""
    return _change(session, lambda now: replace(now, hears=False, over=True, seen=clock.now()))


def _change(session: Session, change: Callable[[Session], Session]) -> Session | None:
    known: list[Session] = [session]

    def command(changes: Changes) -> Session | None:
        # What was read a moment ago does for the first try; the transaction holds only if it is still so.
        now = known.pop() if known else find(session.id)
        if now is None:
            return None
        new = replace(change(now), mark=secrets.token_hex(8))
        entry = _entry(new)
        if _place(now) == _place(new):
            changes.exchange(entry, now.mark)
        else:
            changes.remove(_place(now), now.mark)
            changes.put(entry)
        return new

    return write(command)


def listening() -> tuple[list[Session], dict[str, str]]:
    """The sessions that hear of events, and when which tokens were logged out of late (one query)."""
    rows = [row for page in reads.pages(keys.LISTENING) for row in page]
    revoked = {row.sk.S.removeprefix(_REVOKED): row.at.S for row in rows if row.doc is None and row.at is not None}
    return [_session(row) for row in rows if row.doc is not None], revoked


def waiting() -> list[Session]:
    """The sessions that do not hear of events, or are over (one query)."""
    return [_session(row) for row in reads.rows(keys.WAITING)]


def remove(ended: Iterable[Session], revoked: Iterable[str] = ()) -> None:
    """Takes sessions away, whose queues are gone, and marks of tokens that no session has any more."""
    places = [keys.live_session(place, one.id) for one in ended for place in (keys.LISTENING, keys.WAITING)]
    bulk_deletion.delete([*places, *(keys.live_end(token) for token in revoked)])


_REVOKED: Final = keys.live_end("")[1]


class _Stored(msgspec.Struct, omit_defaults=True):
    """How a session is written down."""

    person_id: str = ""
    token_id: str = ""
    identity: str = "person"
    expires: int | None = None
    problem: str = ""
    over: bool = False
    seen: str = ""


def _place(session: Session) -> tuple[str, str]:
    return keys.live_session(keys.LISTENING if session.hears else keys.WAITING, session.id)


def _entry(session: Session) -> Entry:
    claims = session.claims
    told = _Stored(problem=session.problem, over=session.over, seen=session.seen)
    if claims is not None:
        told.person_id, told.token_id = claims.person_id, claims.token_id
        told.identity, told.expires = claims.identity, claims.expires
    text = msgspec.json.encode(told).decode()
    mark = session.mark or secrets.token_hex(8)
    return Entry(*_place(session), doc=text, at=mark, ttl=clock.epoch(session.seen) + _KEPT_SECONDS)


def _session(row: Row) -> Session:
    told = msgspec.json.decode(row.doc.S if row.doc else "{}", type=_Stored)
    claims = Claims(told.person_id, told.token_id, told.identity, told.expires) if told.person_id else None
    session_id = row.sk.S.partition("#")[2]
    hears = row.pk.S == keys.LISTENING
    return Session(session_id, claims, told.problem, hears, told.over, told.seen, row.at.S if row.at else "")
