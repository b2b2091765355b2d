"""Review rooms: people who look at a playlist together, each in a browser of their own (docs/live-rooms.md).

A client says `preview-room:<verb>` with the id of a playlist; what follows are messages to the sessions of the room.
Who has the playlist open hears who is in the room; who has joined hears what the others do. The first to join says what
is shown; everybody's changes are laid over that, and who joins later is told it whole.

A room is one item, written on condition that it is still as it was read, and forgotten with the last person. What has
no sense (a room one is not in, a playlist one may not see) is answered by nothing: the protocol has no word for it.

Source: docs/contract/interchange.md section 7.2; what it leaves open is decided in docs/live-rooms.md.
"""

import secrets
from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple, Protocol

import msgspec

from chalicelib.access.caller import Caller
from chalicelib.access.playlists import see_playlist
from chalicelib.access.tokens import Claims
from chalicelib.errors import Forbidden, NotFound
from chalicelib.records import clock
from chalicelib.records.files import PLAYLIST
from chalicelib.records.people import PERSON
from chalicelib.records.record import Record
from chalicelib.store import keys, reads, reference
from chalicelib.store.changes import Changes, write
from chalicelib.store.entry import Entry
from chalicelib.store.wire import Row

PREFIX: Final = "preview-room:"
PEOPLE: Final = f"{PREFIX}room-people-updated"
STATE: Final = f"{PREFIX}room-updated"
# What one says and all in the room hear as it was said.
REPEATED: Final = ("add-annotation", "remove-annotation", "update-annotation", "change-version", "panzoom-changed")
# A room in which nothing happened for so long is over, whoever forgot to leave it.
_KEPT_SECONDS: Final = 12 * 3600
# What is shown is a handful of ids and numbers; an item holds 400 KB.
_MOST_BYTES: Final = 64 * 1024
_NO_STATE: Final = frozenset({"playlist_id", "id", "people"})


class Message(NamedTuple):
    """An event for one session."""

    session_id: str
    name: str
    data: dict[str, Any]


class Session(Protocol):
    """A session of the event stream, as far as rooms know it."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def claims(self) -> Claims | None:
        """What its token says; None where nobody has signed in."""


class _Place(msgspec.Struct, array_like=True, frozen=True):
    session_id: str
    person_id: str


class _Room(msgspec.Struct, omit_defaults=True):
    """A room as it is stored. joined: who is in it, watching: who has the playlist open; both in their order."""

    project_id: str = ""
    for_client: bool = False
    joined: list[_Place] = []
    watching: list[_Place] = []
    state: dict[str, Any] = {}


def take(session: Session, name: str, data: Any) -> list[Message]:
    """What follows on a message of a client; nothing where it makes no sense.

    Opening and joining read the playlist and write the room (two reads, a transaction), a new state writes it (a read,
    a transaction), what is repeated reads it (one read).
    """
    verb = name.removeprefix(PREFIX)
    playlist_id = data.get("playlist_id") if isinstance(data, dict) else None
    caller = _caller_of(session.claims.person_id) if session.claims is not None else None
    if caller is None or not keys.is_id(playlist_id) or len(msgspec.json.encode(data)) > _MOST_BYTES:
        return []
    turn = _Turn(_Place(session.id, caller.id), str(playlist_id).lower(), data)
    if verb in REPEATED:
        return turn.repeated(name)
    taken = {
        "open-playlist": lambda: turn.entered(caller, turn.opening),
        "join": lambda: turn.entered(caller, turn.joining),
        "close-playlist": turn.closed,
        "leave": turn.left,
        "room-updated": turn.shown,
    }
    return taken[verb]() if verb in taken else []


def left(session: Session) -> list[Message]:
    """A session has ended: it leaves the rooms it was in (one query, a transaction for each of these)."""
    place = _Place(session.id, session.claims.person_id if session.claims is not None else "")
    found: list[Message] = []
    for row in reads.rows(keys.LIVE_ROOMS):
        room = _room_in(row)
        if room is not None and any(one.session_id == session.id for one in (*room.joined, *room.watching)):
            found += _Turn(place, row.sk.S, {}).closed()
    return found


class _Turn:
    """One message about one room."""

    def __init__(self, place: _Place, playlist_id: str, data: dict[str, Any]) -> None:
        self._place = place
        self._playlist_id = playlist_id
        self._data = data

    # -- the messages --------------------------------------------------------------------------------------------------
    def entered(self, caller: Caller, enter: Callable[[_Room], list[Message]]) -> list[Message]:
        """Opens the playlist, or joins; nothing for who may not see it."""
        playlist = reads.find(PLAYLIST, self._playlist_id)
        if playlist is None or not _may_see(caller, playlist):
            return []
        return self._change(enter, playlist)

    def opening(self, room: _Room) -> list[Message]:
        """Who has the playlist open hears who is in the room."""
        room.watching = [*self._without(room.watching), self._place]
        return [self._people_to(self._place, room)]

    def joining(self, room: _Room) -> list[Message]:
        """The first one says what is shown, all others are told."""
        if not room.joined:
            room.state = self._told_state()
        room.joined = [*self._without(room.joined), self._place]
        return [*self._tell_people(room), Message(self._place.session_id, STATE, self._state(room))]

    def left(self) -> list[Message]:
        """Leaves the room; who has the playlist open goes on to hear who is in it."""

        def change(room: _Room) -> list[Message]:
            room.joined = self._without(room.joined)
            return self._tell_people(room)

        return self._change(change)

    def closed(self) -> list[Message]:
        """Leaves the room, and closes the playlist."""

        def change(room: _Room) -> list[Message]:
            was_in = len(room.joined)
            room.joined, room.watching = self._without(room.joined), self._without(room.watching)
            return self._tell_people(room) if len(room.joined) < was_in else []

        return self._change(change)

    def shown(self) -> list[Message]:
        """Something else is shown: what is said of it is laid over the state, and all are told the whole."""

        def change(room: _Room) -> list[Message]:
            if self._place not in room.joined:
                return []
            room.state = {**room.state, **self._told_state()}
            return [Message(one.session_id, STATE, self._state(room)) for one in _admitted(room, room.joined)]

        return self._change(change)

    def repeated(self, name: str) -> list[Message]:
        """What one in the room says, as it was said, to all in it."""
        row = reads.item(keys.LIVE_ROOMS, self._playlist_id)
        room = _room_in(row) if row is not None else None
        if room is None or self._place not in (admitted := _admitted(room, room.joined)):
            return []
        return [Message(one.session_id, name, self._data) for one in admitted]

    # -- the item ------------------------------------------------------------------------------------------------------
    def _change(self, change: Callable[[_Room], list[Message]], playlist: Record | None = None) -> list[Message]:
        """Changes the room, or makes the one of a playlist; two at once follow one another."""

        def command(changes: Changes) -> list[Message]:
            row = reads.item(keys.LIVE_ROOMS, self._playlist_id)
            room = _room_in(row) if row is not None else None
            if room is None and playlist is None:
                return []
            room = room or _Room()
            if playlist is not None:
                room.project_id, room.for_client = playlist["project_id"], bool(playlist["for_client"])
            room.joined, room.watching = _admitted(room, room.joined), _admitted(room, room.watching)
            messages = change(room)
            if not room.joined:
                room.state = {}
            self._keep(changes, room, row)
            return messages

        return write(command)

    def _keep(self, changes: Changes, room: _Room, row: Row | None) -> None:
        key, seen = (keys.LIVE_ROOMS, self._playlist_id), row.at.S if row is not None and row.at else None
        if room.joined or room.watching:
            text = msgspec.json.encode(room).decode()
            expires = clock.epoch(clock.now()) + _KEPT_SECONDS
            changes.exchange(Entry(*key, doc=text, at=secrets.token_hex(8), ttl=expires), seen)
        elif seen is not None:
            changes.remove(key, seen)

    # -- what is told --------------------------------------------------------------------------------------------------
    def _told_state(self) -> dict[str, Any]:
        return {name: value for name, value in self._data.items() if name not in _NO_STATE}

    def _state(self, room: _Room) -> dict[str, Any]:
        return {**room.state, "playlist_id": self._playlist_id, "id": self._playlist_id, "people": _people_in(room)}

    def _tell_people(self, room: _Room) -> list[Message]:
        hearing = {one.session_id: one for one in (*room.joined, *room.watching)}
        return [self._people_to(one, room) for one in _admitted(room, hearing.values())]

    def _people_to(self, place: _Place, room: _Room) -> Message:
        told = {"playlist_id": self._playlist_id, "id": self._playlist_id, "people": _people_in(room)}
        return Message(place.session_id, PEOPLE, told)

    def _without(self, places: Iterable[_Place]) -> list[_Place]:
        return [one for one in places if one.session_id != self._place.session_id]


def _room_in(row: Row) -> _Room | None:
    """The room of an item; None where it is over, and not cleared away yet."""
    over = row.ttl is not None and int(row.ttl.N) <= clock.epoch(clock.now())
    return msgspec.json.decode(row.doc.S, type=_Room) if row.doc is not None and not over else None


def _caller_of(person_id: str) -> Caller | None:
    person = reference.find(PERSON, person_id)
    return Caller(person) if person is not None and person["active"] else None


def _people_in(room: _Room) -> list[str]:
    """Who is in a room, in the order of their coming; who has it open twice once."""
    return list(dict.fromkeys(one.person_id for one in room.joined))


def _admitted(room: _Room, places: Iterable[_Place]) -> list[_Place]:
    """Those of them who may see the playlist at this moment."""
    playlist = Record(PLAYLIST, {"project_id": room.project_id, "for_client": room.for_client})
    callers = [(one, _caller_of(one.person_id)) for one in places]
    return [one for one, caller in callers if caller is not None and _may_see(caller, playlist)]


def _may_see(caller: Caller, playlist: Record) -> bool:
    try:
        see_playlist(caller, playlist)
    except (Forbidden, NotFound):
        return False
    return True
