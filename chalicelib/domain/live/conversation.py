"""What clients of the event stream say, and what they are answered: joining, signs of life, leaving.

Answers go through the queue of the session, where the client looks for them.
"""

import re
import secrets
from typing import Final

from chalicelib.access import identity, tokens
from chalicelib.access.tokens import Claims
from chalicelib.domain.live import listeners, room_messages, rooms, sessions
from chalicelib.domain.live.protocol import bad_request, unknown_session
from chalicelib.domain.live.sessions import Session
from chalicelib.domain.people import visitor_rate_limit
from chalicelib.errors import NotSignedIn, Unavailable, VulpesError
from chalicelib.events import packets
from chalicelib.events.packets import EVENTS, Packet
from chalicelib.records import clock
from chalicelib.store import live_queues
from chalicelib.store.patience import Patience

# gazu joins both, and fails if either is refused.
_NAMESPACES: Final = ("/", EVENTS)
_ID: Final = re.compile(sessions.ID)
# A sign of life is noted when the one before is older.
_FRESH_SECONDS: Final = 60
# AWS promises a queue a second after it was made.
_SECONDS_FOR_A_NEW_QUEUE: Final = 2.0


def begin(token: str | None, address: str) -> str:
    """Opens a session for a client that may have sent a token along; gives the packet that tells it so.

    A token is looked at when the client joins: then it hears what is wrong with it. Without a good one TooManyRequests
    for an address that opened too many sessions of late. One transaction and one queue; another write for a stranger.
    """
    claims, problem = None, ""
    try:
        claims = tokens.read(token) if token else None
    except VulpesError as refusal:
        problem = refusal.message
    if claims is None:
        visitor_rate_limit.count("event stream", address)
    return packets.opened(sessions.start(claims, problem).id)


def hear(session_id: str, payload: bytes, token: str | None) -> None:
    """Takes what a client says; token: of this request, if any.

    Raises Invalid in the words of Engine.IO for an unknown session, for what is no payload, and for binary data. One
    read; joining costs another, a transaction and a message.
    """
    session = sessions.find(session_id) if _ID.fullmatch(session_id) else None
    if session is None or session.over:
        raise unknown_session()
    try:
        said = packets.decode(payload)
    except packets.Malformed as problem:
        raise bad_request(str(problem)) from None
    turn = _Turn(session, token)
    for packet in said:
        turn.take(packet)
    turn.finish()


class _Turn:
    """One request of a client: the session as it becomes packet by packet, and what is answered."""

    def __init__(self, session: Session, token: str | None) -> None:
        self._session = session
        self._token = token
        self._answers: list[str] = []
        self._told: list[rooms.Message] = []

    def take(self, packet: Packet) -> None:
        """Does what a packet asks for; what needs no answer and changes nothing is a sign of life."""
        if self._session.over:
            return
        match packet.sort:
            case "close":
                # The request that waits for packets is answered by this one, so that the client need not wait for it.
                self._answers.append(packets.NOOP)
                self._leave()
                self._become(sessions.end(self._session))
            case "connect":
                self._answers.append(self._joined(packet))
            case "disconnect":
                if packet.namespace == EVENTS and self._session.hears:
                    self._leave()
                    self._become(sessions.leave(self._session))
            case "event":
                self._take_event(packet)
            case _:
                self._note_life()

    def finish(self) -> None:
        """Says the answers, and to others what this client said to them; a session whose queue is gone is over."""
        room_messages.say(self._told)
        if self._answers and not self._is_answered():
            sessions.end(self._session)
            raise unknown_session()

    def _is_answered(self) -> bool:
        bodies, patience = packets.messages(self._answers), Patience(_SECONDS_FOR_A_NEW_QUEUE)
        while not live_queues.send(self._session.id, bodies):
            try:
                patience.wait("There is no such queue.")
            except Unavailable:
                return False
        return True

    def _become(self, session: Session | None) -> None:
        if session is None:
            raise unknown_session()
        self._session = session

    def _take_event(self, packet: Packet) -> None:
        """Something that is said in a review room; nobody waits for other events of a client."""
        if packet.number is not None:
            self._answers.append(packets.acknowledged(packet.namespace, packet.number))
        in_rooms = packet.namespace == EVENTS and packet.name.startswith(rooms.PREFIX)
        if in_rooms and self._session.hears and listeners.is_welcome(self._session):
            self._told += rooms.take(self._session, packet.name, next(iter(packet.arguments), None))

    def _leave(self) -> None:
        if self._session.hears:
            self._told += rooms.left(self._session)

    def _note_life(self) -> None:
        if clock.shift(self._session.seen, seconds=_FRESH_SECONDS) < clock.now():
            self._become(sessions.touch(self._session))

    def _joined(self, packet: Packet) -> str:
        namespace = packet.namespace
        if namespace not in _NAMESPACES:
            return packets.refused(namespace, "Invalid namespace")
        if namespace == EVENTS:
            try:
                claims = self._claims(packet)
                identity.holder(claims)
            except VulpesError as refusal:
                return packets.refused(namespace, refusal.message)
            self._become(sessions.join(self._session, claims))
        return packets.connected(namespace, secrets.token_urlsafe(15))

    def _claims(self, packet: Packet) -> Claims:
        """Who joins: by the packet itself, by this request, or by the one that opened the session."""
        told = packet.data.get("token") if isinstance(packet.data, dict) else None
        given = told if isinstance(told, str) and told else self._token
        if given:
            return tokens.read(given.removeprefix("Bearer "))
        if self._session.problem:
            raise NotSignedIn(self._session.problem)
        if self._session.claims is None:
            raise NotSignedIn("You are not signed in.")
        return self._session.claims
