"""Requests to servers that others name: webhooks, chat services. What comes back is bounded in size and in time.

No redirect is followed, no proxy asked, no connection kept; the certificate has to be for the host of the URL.
"""

import contextlib
import http.client
import io
import re
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, cast

from chalicelib.outgoing.addresses import NotAllowed, NotSent, Target, addresses_of, target_of

SECONDS: Final = 10.0
MOST_BODY: Final = 16_384
# The head of an answer, its body, and what chunks add.
_MOST_BYTES: Final = 65_536
_PIECE: Final = 16_384
_IN_A_LINE: Final = re.compile(r"[\t\x20-\x7e]*")


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: `headers` by name in lower case, of `body` the first 16 KB, or as much as came in time."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def send(
    method: str, url: str, headers: Mapping[str, str], body: bytes | None = None, seconds: float = SECONDS
) -> Reply:
    """Sends a request, and gives the answer, whatever it says; all of it within so many seconds.

    NotAllowed where the URL leads to what may not be called, or a header would not stay one; NotSent where no answer
    came.
    """
    until = time.monotonic() + seconds
    target = target_of(url)
    head = _head(method, target, headers, body)
    addresses = addresses_of(target, until)
    with contextlib.closing(_connected(target, addresses, until)) as connection:
        try:
            _write(connection, head + (body or b""), until)
        except (OSError, ValueError) as problem:
            raise NotSent(_told(problem, "The connection was closed before the message was sent.")) from problem
        return _read(method, connection, until)


def _head(method: str, target: Target, headers: Mapping[str, str], body: bytes | None) -> bytes:
    length = {} if body is None else {"Content-Length": str(len(body))}
    every = {"Host": target.host_header, "Connection": "close", "Accept-Encoding": "identity", **length, **headers}
    for name, value in every.items():
        if not _IN_A_LINE.fullmatch(value):
            raise NotAllowed(f"The header {name} would hold more than a line of ASCII.")
    lines = [f"{method} {target.path} HTTP/1.1", *(f"{name}: {value}" for name, value in every.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")


@lru_cache(maxsize=1)
def tls() -> ssl.SSLContext:
    """What connections are made with: certificates are verified, and the host's name in them."""
    return ssl.create_default_context()


def _connected(target: Target, addresses: list[str], until: float) -> socket.socket:
    """A connection to the first of these addresses that takes one."""
    failure = NotSent(f"{target.host} does not answer.")
    for address in addresses:
        opened = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
        try:
            opened.settimeout(_left(until))
            opened.connect((address, target.port))
            # The handshake as a whole has what is left of the time.
            opened.settimeout(_left(until))
            return tls().wrap_socket(opened, server_hostname=target.host) if target.scheme == "https" else opened
        except ssl.SSLCertVerificationError as problem:
            opened.close()
            raise NotSent(f"The certificate is not valid: {problem.verify_message}") from problem
        except OSError as problem:
            opened.close()
            failure = NotSent(_told(problem, f"{target.host} takes no connection: {problem.strerror or 'closed'}."))
    raise failure


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _write(connection: socket.socket, content: bytes, until: float) -> None:
    rest = memoryview(content)
    while rest:
        connection.settimeout(_left(until))
        rest = rest[connection.send(rest[:_PIECE]) :]


class _Answer(io.RawIOBase):
    """What a connection brings, up to a moment and a number of bytes; looks like a socket to the standard library."""

    def __init__(self, connection: socket.socket, until: float) -> None:
        super().__init__()
        self._connection = connection
        self._until = until
        self._room = _MOST_BYTES

    def makefile(self, *_: object) -> io.BufferedReader:
        """This, buffered."""
        return io.BufferedReader(self)

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: object) -> int:
        """The next bytes; NotSent where there are too many, TimeoutError where they come too late."""
        if self._room <= 0:
            raise NotSent("The answer is too large.")
        self._connection.settimeout(_left(self._until))
        got = self._connection.recv_into(cast("bytearray", buffer), min(self._room, len(cast("bytearray", buffer))))
        self._room -= got
        return got


def _read(method: str, connection: socket.socket, until: float) -> Reply:
    answer = http.client.HTTPResponse(cast("socket.socket", _Answer(connection, until)), method=method)
    try:
        answer.begin()
    except http.client.RemoteDisconnected as problem:
        raise NotSent("The connection was closed without an answer.") from problem
    except (http.client.HTTPException, ValueError) as problem:
        raise NotSent("The answer is no HTTP, or its head is too large.") from problem
    except OSError as problem:
        raise NotSent(_told(problem, "The connection was closed within the answer.")) from problem
    headers = {name.lower(): value for name, value in answer.getheaders()}
    return Reply(answer.status, headers, _body(answer))


def _body(answer: http.client.HTTPResponse) -> bytes:
    """The beginning of a body. The status counts already: what does not come in time is left out."""
    found = b""
    with contextlib.suppress(OSError, NotSent, http.client.HTTPException, ValueError):
        while len(found) < MOST_BODY and (piece := answer.read1(MOST_BODY - len(found))):
            found += piece
    return found


def _told(problem: Exception, otherwise: str) -> str:
    return "There was no answer in time." if isinstance(problem, TimeoutError) else otherwise
