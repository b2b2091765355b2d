"""Engine.IO 4 and Socket.IO 5 as texts: what the clients of the event stream say, and what is said to them.

An Engine.IO packet is a digit and what follows it; several of them make a payload. A message packet (`4`) holds a
Socket.IO packet: another digit, a namespace, a number where the sender waits for a word, and JSON. Binary data is not
taken: none of the clients has any to say. Source: docs/contract/interchange.md section 7.2.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal

EVENTS: Final = "/events"
SEPARATOR: Final = "\x1e"
OPEN, CLOSE, PING, PONG, MESSAGE, UPGRADE, NOOP = "0123456"
PROTOCOL: Final = "4"
# What a client may say at once, in bytes; told to it in the open packet.
MOST_BYTES: Final = 1_000_000
# As many python-engineio takes at once; with more it hangs up ("Too many packets in payload").
MOST_PACKETS: Final = 16
# SQS takes 1 MB, and took 256 KB for long.
MOST_MESSAGE_BYTES: Final = 240_000
IN_QUEUES: Final = "\n"
PING_SECONDS: Final = 300

Sort = Literal["close", "ping", "pong", "noop", "connect", "disconnect", "event", "ack"]
_QUIET: Final[dict[str, Sort]] = {CLOSE: "close", PING: "ping", PONG: "pong", UPGRADE: "noop", NOOP: "noop"}
_SAID: Final[dict[str, Sort]] = {"0": "connect", "1": "disconnect", "2": "event", "3": "ack"}
_ERROR: Final = "4"
_BINARY: Final = ("5", "6")
_SOCKET_PACKET: Final = re.compile(r"(?:(?P<namespace>/[^,]*)(?:,|$))?(?P<number>\d{1,15})?(?P<data>.*)", re.DOTALL)


class Malformed(ValueError):
    """What came is no payload of the protocol, or a binary one; the text says why."""


@dataclass(frozen=True, slots=True)
class Packet:
    """What a client said: `name` and `arguments` of an event, `data` of a connect packet, `number` to answer to."""

    sort: Sort
    namespace: str = "/"
    number: int | None = None
    data: Any = None

    @property
    def name(self) -> str:
        """The name of an event."""
        return str(self.data[0])

    @property
    def arguments(self) -> list[Any]:
        """What came with an event."""
        return list(self.data[1:])


def decode(payload: bytes) -> list[Packet]:
    """What a payload holds; raises Malformed for what is none, and for binary packets."""
    try:
        text = payload.decode()
    except UnicodeDecodeError:
        raise Malformed("Binary data is not taken.") from None
    return [_packet(one) for one in text.split(SEPARATOR)] if text else []


def _packet(text: str) -> Packet:
    sort, rest = text[:1], text[1:]
    if sort in _QUIET:
        return Packet(_QUIET[sort])
    if sort == "b":
        raise Malformed("Binary data is not taken.")
    if sort != MESSAGE:
        raise Malformed("A packet of the protocol begins with its type.")
    return _message(rest)


def _message(text: str) -> Packet:
    sort = text[:1]
    if sort in _BINARY:
        raise Malformed("Binary data is not taken.")
    found = _SOCKET_PACKET.fullmatch(text[1:])
    if sort not in _SAID or found is None:
        raise Malformed("A message is no packet of Socket.IO.")
    number = int(found["number"]) if found["number"] else None
    namespace = (found["namespace"] or "/").partition("?")[0]
    packet = Packet(_SAID[sort], namespace, number, _data(found["data"]))
    if packet.sort == "event" and not (
        isinstance(packet.data, list) and packet.data and isinstance(packet.data[0], str)
    ):
        raise Malformed("An event is a list that begins with its name.")
    return packet


def _data(text: str) -> Any:
    if not text:
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise Malformed("What a packet carries is no JSON.") from None


# What is said to a client. All of it is ASCII in one line, so that it passes through the queue as it is
# (`messages`).


def opened(session_id: str) -> str:
    """The first packet of a session: it stays with long polling, and is asked now and then if it is still there."""
    told = {
        "sid": session_id,
        "upgrades": [],
        "pingInterval": PING_SECONDS * 1000,
        "pingTimeout": PING_SECONDS * 1000,
        "maxPayload": MOST_BYTES,
    }
    return OPEN + _json(told)


def connected(namespace: str, own_id: str) -> str:
    """A namespace is joined; own_id: what the client is called there."""
    return f"{MESSAGE}0{_prefix(namespace)}{_json({'sid': own_id})}"


def refused(namespace: str, message: str) -> str:
    """A namespace is not to be had."""
    return f"{MESSAGE}{_ERROR}{_prefix(namespace)}{_json({'message': message})}"


def event(name: str, data: Any, namespace: str = EVENTS) -> str:
    """An event with one argument."""
    return f"{MESSAGE}2{_prefix(namespace)}{_json([name, data])}"


def acknowledged(namespace: str, number: int) -> str:
    """The word that the sender of an event waits for."""
    return f"{MESSAGE}3{_prefix(namespace)}{number}[]"


def _prefix(namespace: str) -> str:
    return "" if namespace == "/" else f"{namespace},"


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def messages(said: Iterable[str]) -> list[str]:
    """Packets as the messages of a queue, in their order: no more at once than a client takes, and than SQS does.

    SQS takes no 0x1e either, by which the protocol joins packets: here it is a line feed, which none of them holds; the
    answer of the gateway has the right one (infra/aws/live.vtl). A packet that is larger than that stands alone.
    """
    bodies: list[str] = []
    room = packets = 0
    for packet in said:
        if packets == MOST_PACKETS or len(packet) >= room:
            bodies.append(packet)
            room, packets = MOST_MESSAGE_BYTES, 0
        else:
            bodies[-1] += IN_QUEUES + packet
        room -= len(packet) + 1
        packets += 1
    return bodies
