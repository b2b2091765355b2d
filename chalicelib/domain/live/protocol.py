"""What of the protocol is refused, in the words of Engine.IO: clients know them by `code`."""

from collections.abc import Mapping
from typing import Final

from chalicelib.errors import Invalid
from chalicelib.events import packets

TRANSPORT: Final = "polling"


def check_handshake(query: Mapping[str, str]) -> None:
    """Refuses what is no beginning of long polling in the protocol that is spoken here."""
    check_transport(query)
    if query.get("sid"):
        raise unknown_session()
    if query.get("EIO") != packets.PROTOCOL:
        raise Invalid("Unsupported protocol version", code=5)


def check_transport(query: Mapping[str, str]) -> None:
    """Refuses another transport than long polling, the only one that the open packet offers."""
    if query.get("transport") != TRANSPORT:
        raise Invalid("Transport unknown", code=0)


def unknown_session() -> Invalid:
    """There is no such session, or none any more: the client makes a new one."""
    return Invalid("Session ID unknown", code=1)


def bad_method() -> Invalid:
    """A session begins with a GET."""
    return Invalid("Bad handshake method", code=2)


def bad_request(why: str) -> Invalid:
    """What came is no payload of the protocol."""
    return Invalid("Bad request", code=3, data={"reason": why})
