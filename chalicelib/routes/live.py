"""The event stream (docs/contract/interchange.md section 7.2): what reaches the API of `/socket.io/`.

The gateway in front answers a client that waits for packets; docs/adr/0014-live-events.md tells why.
"""

from chalicelib.access import rules
from chalicelib.domain.live import conversation, protocol
from chalicelib.errors import MethodNotAllowed
from chalicelib.events import packets
from chalicelib.http.answers import Answer
from chalicelib.http.call import Call
from chalicelib.http.routing import Area

_TEXT = "text/plain; charset=UTF-8"
area = Area("live", "The event stream: Socket.IO over long polling.")


@area.get(
    "/live",
    access=rules.anybody,
    answer=_TEXT,
    query={"EIO": "The version of the protocol, `4`.", "transport": "`polling`."},
)
def open_stream(call: Call) -> Answer:
    """Opens a session of the event stream."""
    protocol.check_handshake(call.query)
    if call.is_head:
        raise protocol.bad_method()
    return Answer(
        conversation.begin(call.token_text, call.peer).encode(),
        headers={"Cache-Control": "no-store"},
        content_type=_TEXT,
    )


@area.post(
    "/live",
    access=rules.anybody,
    answer=_TEXT,
    text=packets.MOST_BYTES,
    query={"sid": "The session: whoever knows it hears what it hears, so no path, which logs hold, has it."},
)
def say(call: Call) -> Answer:
    """Takes packets of a client."""
    session_id = call.query.get("sid")
    if not session_id:
        protocol.check_handshake(call.query)
        raise protocol.bad_method()
    protocol.check_transport(call.query)
    conversation.hear(session_id, call.body, call.token_text)
    return Answer(b"ok", content_type=_TEXT)


@area.get("/live/{session_id}", access=rules.anybody, answer=_TEXT)
def wait_for_events(call: Call) -> None:
    """Waits for packets: the gateway answers this, from the queue of the session."""
    protocol.check_transport(call.query)
    raise MethodNotAllowed("The gateway in front of the API answers this; ask at /socket.io/.", {"allowed": ["POST"]})
