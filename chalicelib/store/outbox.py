"""Messages that wait to go to other servers, and what became of them: the outbox, which is its own log.

A destination (a webhook, a chat service) has a partition: `l1` sorts its messages by their moment, `l2` those that are
still to be sent by the moment of the next attempt. They go by themselves a month after the last attempt.
"""

import json
import logging
import math
import secrets
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, Literal

import msgspec

from chalicelib.errors import Unavailable
from chalicelib.records import clock
from chalicelib.settings import current
from chalicelib.store import bulk_writing, keys, queue, reads
from chalicelib.store.changes import Changes, write
from chalicelib.store.entry import Entry
from chalicelib.store.wire import Row

_log = logging.getLogger("vulpes.outbox")
DAYS_KEPT: Final = 30
LONGEST_DELAY: Final = 900
# Longer than an attempt takes, and what is written about it.
SECONDS_OF_A_TURN: Final = 25.0
# What a message to the queue says: the destination that has something to be sent.
WORD: Final = "outbox"
_DAY: Final = 86_400
State = Literal["pending", "delivered", "failed"]


class Attempt(msgspec.Struct, frozen=True):
    """One try: when, how long it took, what status came and the beginning of the answer, or why none came."""

    at: str
    seconds: float
    status: int | None = None
    answer: str = ""
    problem: str = ""


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A message to a destination; `body` is what is sent, word for word. `tries` counts since it was last asked for."""

    id: str
    destination: str
    name: str
    body: str
    created_at: str
    status: State = "pending"
    next_attempt_at: str | None = None
    tries: int = 0
    attempts: list[Attempt] = []


_decode: Final = msgspec.json.Decoder(Message).decode
_encode: Final = msgspec.json.Encoder().encode


def add(messages: Sequence[Message]) -> list[str]:
    """Puts those that are not there yet; gives their destinations, which have to be woken.

    One read and one write a batch. Those that are there are left as they are: whoever asks for them asks twice, and a
    message that was sent is not sent again.
    """
    there = reads.items([_key(one.destination, one.id) for one in messages]) if messages else {}
    save(one for one in messages if _key(one.destination, one.id) not in there)
    return list(dict.fromkeys(one.destination for one in messages))


def save(messages: Iterable[Message]) -> None:
    """Puts messages as they are now: one write for 25 of them."""
    bulk_writing.put(_entry(one) for one in messages)


def find(destination: str, message_id: str) -> Message | None:
    """The message to a destination with this id, or None (one read)."""
    row = reads.item(*_key(destination, message_id))
    return _decode(row.doc.S) if row is not None and row.doc is not None else None


def due(destination: str, most: int) -> list[Message]:
    """The messages whose next attempt is due, those first that wait longest (one query)."""
    return _messages(destination, "l2", ("<", clock.now()), limit=most)[:most]


def newest(destination: str, most: int, before: str | None = None) -> list[Message]:
    """The messages to a destination, newest first; before: older than this moment (one query)."""
    condition = ("<", before) if before else None
    return _messages(destination, "l1", condition, descending=True, limit=most)[:most]


def earliest(destination: str) -> str | None:
    """The moment at which the next message to a destination is due, past or to come; None where none waits."""
    waiting = _messages(destination, "l2", None, limit=1)
    return waiting[0].next_attempt_at if waiting else None


def wake(destination: str, at: str = "") -> None:
    """Has the messages to a destination sent, now or at a moment; Unavailable where the queue takes nothing.

    The queue waits for 15 minutes at most: whoever is woken too early passes it on (functions/outbox.py). What is lost
    is made up for by the sweep.
    """
    wait = math.ceil(clock.seconds_between(clock.now(), at)) if at else 0
    body = json.dumps({WORD: destination, "at": at})
    queue.send(body, current().outbox_queue, max(0, min(LONGEST_DELAY, wait)))


def wake_soon(destination: str, at: str = "") -> None:
    """The same where the rest is done: if the queue takes nothing right now, the sweep makes up for it."""
    try:
        wake(destination, at)
    except Unavailable:
        _log.exception("Nobody was woken for %s; the sweep will.", destination)


def come_again(destination: str, at: str) -> None:
    """Has somebody woken at a moment, unless somebody is by then (one read; else also one write, one wake)."""
    key = keys.outbox_look(destination)

    def command(changes: Changes) -> bool:
        seen = reads.claimant(key)
        if seen is not None and clock.now() < seen <= at:
            return False
        changes.claim(key, at, seen)
        return True

    if write(command):
        wake_soon(destination, at)


class Turn:
    """The right to send the messages to a destination, for one function at a time, until it lets go or dies."""

    def __init__(self, destination: str, holder: str) -> None:
        self._key = keys.outbox_turn(destination)
        self._holder = holder

    @classmethod
    def take(cls, destination: str) -> "Turn | None":
        """Takes the turn; None where somebody has it (one read, one write).

        Whoever has it looks once more when it has ended it. Should it die, somebody has to come again when the turn
        would be over: the first to find it taken sees to that.
        """
        key, holder = keys.outbox_turn(destination), _holder()

        def command(changes: Changes) -> str | None:
            seen = reads.claimant(key)
            if seen is not None and seen > clock.now():
                return seen.partition("#")[0]
            changes.claim(key, holder, seen)
            return None

        if (until := write(command)) is None:
            return cls(destination, holder)
        come_again(destination, clock.shift(until, seconds=1))
        return None

    def goes_on(self) -> bool:
        """Whether the turn is still this one's; more than half over, it is made longer (then one write)."""
        until, moment = self._holder.partition("#")[0], clock.now()
        if clock.shift(moment, seconds=SECONDS_OF_A_TURN / 2) < until:
            return True
        holder = _holder()

        def command(changes: Changes) -> bool:
            if reads.claimant(self._key) != self._holder:
                return False
            changes.claim(self._key, holder, self._holder)
            return True

        is_ours = write(command)
        self._holder = holder if is_ours else self._holder
        return is_ours

    def give_up(self) -> None:
        """Leaves the turn to others, unless somebody has it already (one read, one write)."""

        def command(changes: Changes) -> None:
            if reads.claimant(self._key) == self._holder:
                changes.remove(self._key, self._holder)

        write(command)


def _holder() -> str:
    return f"{clock.shift(clock.now(), seconds=SECONDS_OF_A_TURN)}#{secrets.token_hex(8)}"


def _messages(destination: str, index: str, condition: Any, limit: int, descending: bool = False) -> list[Message]:
    pages: Iterator[list[Row]] = reads.pages(keys.outbox(destination), index, condition, descending, limit)
    return [_decode(row.doc.S) for row in next(pages, []) if row.doc is not None]


def _key(destination: str, message_id: str) -> tuple[str, str]:
    return keys.outbox(destination), message_id


def _entry(message: Message) -> Entry:
    waits = message.next_attempt_at if message.status == "pending" else None
    expiry = clock.epoch(clock.now()) + DAYS_KEPT * _DAY
    doc = _encode(message).decode()
    return Entry(*_key(message.destination, message.id), l1=message.created_at, l2=waits, doc=doc, ttl=expiry)
