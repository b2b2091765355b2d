"""Engine.IO and Socket.IO as texts."""

import json
from typing import Any

import pytest
from engineio.packet import Packet as EngineIOPacket
from engineio.payload import Payload
from socketio.packet import Packet as SocketIOPacket

from chalicelib.events import packets
from chalicelib.events.packets import Malformed, Packet, decode


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("40", Packet("connect")),
        ("40/events,", Packet("connect", "/events")),
        ("40/events", Packet("connect", "/events")),
        ('40/events,{"token":"abc"}', Packet("connect", "/events", None, {"token": "abc"})),
        ("40/events?x=1,", Packet("connect", "/events")),
        ("41/events,", Packet("disconnect", "/events")),
        ('42["a"]', Packet("event", "/", None, ["a"])),
        ('42/events,["a",{"b":"1,2"}]', Packet("event", "/events", None, ["a", {"b": "1,2"}])),
        ('42/events,17["a"]', Packet("event", "/events", 17, ["a"])),
        ("43/events,17[]", Packet("ack", "/events", 17, [])),
        ("1", Packet("close")),
        ("2", Packet("ping")),
        ("3", Packet("pong")),
        ("3probe", Packet("pong")),
        ("6", Packet("noop")),
    ],
)
def test_what_clients_say(said: str, heard: Packet) -> None:
    assert decode(said.encode()) == [heard]


def test_a_payload_holds_several() -> None:
    found = decode('3\x1e40/events,\x1e42/events,["preview-room:join",{"playlist_id":"é"}]'.encode())
    assert [one.sort for one in found] == ["pong", "connect", "event"]
    assert (found[2].name, found[2].arguments) == ("preview-room:join", [{"playlist_id": "é"}])


def test_nothing_is_no_packet() -> None:
    assert decode(b"") == []


@pytest.mark.parametrize(
    "said",
    [
        b"bAQID",
        b'451-["file",{"_placeholder":true,"num":0}]',
        b"461-[]",
        b"\xff\xfe",
        b"4",
        b"9",
        b"x",
        b"44{}",
        b'42{"no":"list"}',
        b"42[]",
        b"42[1]",
        b"42/events,[",
        b"3\x1e",
        b"42" + b"[" * 100_000,
    ],
)
def test_what_is_none_and_what_is_binary_is_refused(said: bytes) -> None:
    with pytest.raises(Malformed):
        decode(said)


def as_clients_read(said: str) -> tuple[int, str, Any]:
    """Type, namespace and data of a packet, as python-engineio and python-socketio have them."""
    outer = EngineIOPacket(encoded_packet=said)
    inner = SocketIOPacket(encoded_packet=outer.data if isinstance(outer.data, str) else json.dumps(outer.data))
    return inner.packet_type, inner.namespace or "/", inner.data


def test_what_is_said_is_what_clients_read() -> None:
    assert as_clients_read(packets.connected("/events", "an-id")) == (0, "/events", {"sid": "an-id"})
    assert as_clients_read(packets.connected("/", "an-id")) == (0, "/", {"sid": "an-id"})
    assert as_clients_read(packets.refused("/events", "No.")) == (4, "/events", {"message": "No."})
    assert as_clients_read(packets.event("a:b", {"c": "ü\n\x1e"})) == (2, "/events", ["a:b", {"c": "ü\n\x1e"}])
    assert SocketIOPacket(encoded_packet=packets.acknowledged("/events", 7)[1:]).id == 7


def test_the_first_packet_offers_long_polling_alone() -> None:
    (first,) = Payload(encoded_payload=packets.opened("abc")).packets
    assert first.packet_type == 0
    assert first.data["upgrades"] == []
    assert first.data["pingInterval"] + first.data["pingTimeout"] == 600_000


def test_messages_hold_what_a_client_takes_at_once_and_sqs_takes() -> None:
    said = [packets.event("a", {"number": number, "text": "é\n" * 10}) for number in range(40)]
    bodies = packets.messages(said)
    assert [body.count("\n") + 1 for body in bodies] == [16, 16, 8]
    assert "\n".join(bodies).split("\n") == said
    assert all(body.isascii() and "\x1e" not in body for body in bodies)
    # What python-engineio takes, exactly.
    assert len(Payload(encoded_payload=bodies[0].replace("\n", "\x1e")).packets) == Payload.max_decode_packets


def test_large_packets_stand_alone() -> None:
    small, large = packets.event("a", 1), packets.event("b", "x" * packets.MOST_MESSAGE_BYTES)
    half = packets.event("c", "x" * (packets.MOST_MESSAGE_BYTES // 2))
    assert packets.messages([small, large, small, small]) == [small, large, f"{small}\n{small}"]
    assert packets.messages([half, half, small]) == [half, f"{half}\n{small}"]
    assert packets.messages([]) == []
