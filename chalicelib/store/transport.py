"""Kept connections to the database, for the short way to it: HTTP/1.1 as DynamoDB speaks it, and no more.

urllib3 and http.client parse every answer's headers as a mail: 360 µs of CPU a read, all told, where this way takes 120
(docs/adr/0003-short-reads.md).
"""

import contextlib
import socket
import ssl
import threading
from typing import Final, NamedTuple

# The database answers in milliseconds: what takes longer is lost, and is asked for again.
_CONNECT_SECONDS: Final = 1.0
_READ_SECONDS: Final = 2.5
_LONGEST_HEAD: Final = 65_536
_CHUNK: Final = 262_144


class Reply(NamedTuple):
    """Status, body, and the `date` of an answer, as it was told."""

    status: int
    body: bytes
    date: bytes


class BrokenConnection(OSError):
    """The connection ended, or what came over it is no answer."""


class NotConnected(OSError):
    """No connection could be made, so nothing was sent."""


class Pool:
    """Connections to one host; as many as are in use at once, the latest used first."""

    def __init__(self, secure: bool, host: str, port: int) -> None:
        self._secure = secure
        self._host = host
        self._port = port
        self._idle: list[socket.socket] = []
        self._lock = threading.Lock()
        self._context: ssl.SSLContext | None = None

    def post(self, headers: dict[str, str], body: bytes) -> Reply:
        """The answer to a POST to `/`; OSError where none comes, NotConnected where nothing was sent either.

        A kept connection may have been closed by the other side meanwhile: then the request is sent once more over a
        new one. That is safe, since whatever changes something bears a token, or does the same however often it comes.
        """
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        request = f"POST / HTTP/1.1\r\n{lines}content-length: {len(body)}\r\n\r\n".encode("latin-1") + body
        kept = self._take()
        if kept is not None:
            with contextlib.suppress(OSError):
                return self._exchange(kept, request)
        try:
            fresh = self._connect()
        except OSError as problem:
            unsent = NotConnected if kept is None else BrokenConnection
            raise unsent(f"No connection: {problem}") from problem
        return self._exchange(fresh, request)

    def close(self) -> None:
        """Closes the idle connections."""
        with self._lock:
            while self._idle:
                self._idle.pop().close()

    def _take(self) -> socket.socket | None:
        with self._lock:
            return self._idle.pop() if self._idle else None

    def _connect(self) -> socket.socket:
        made = socket.create_connection((self._host, self._port), timeout=_CONNECT_SECONDS)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        made.settimeout(_READ_SECONDS)
        if not self._secure:
            return made
        self._context = self._context or ssl.create_default_context()
        return self._context.wrap_socket(made, server_hostname=self._host)

    def _exchange(self, link: socket.socket, request: bytes) -> Reply:
        try:
            link.sendall(request)
            reply, lasting = _answer(link)
        except BaseException:
            link.close()
            raise
        if lasting:
            with self._lock:
                self._idle.append(link)
        else:
            link.close()
        return reply


def _answer(link: socket.socket) -> tuple[Reply, bool]:
    """The answer, and whether the connection stays open."""
    received = b""
    while (end := received.find(b"\r\n\r\n")) < 0:
        more = link.recv(_CHUNK)
        if not more or len(received) > _LONGEST_HEAD:
            raise BrokenConnection("The connection ended before an answer.")
        received += more
    head, rest = received[:end].lower(), received[end + 4 :]
    status = int(head[9:12])
    length = _length(head)
    parts, missing = [rest], length - len(rest)
    while missing > 0:
        more = link.recv(min(missing, _CHUNK))
        if not more:
            raise BrokenConnection("The connection ended within an answer.")
        parts.append(more)
        missing -= len(more)
    reply = Reply(status, b"".join(parts), _field(head, b"date"))
    return reply, b"\r\nconnection: close" not in head


def _length(head: bytes) -> int:
    told = _field(head, b"content-length")
    if not told:
        raise BrokenConnection("An answer without a length.")
    return int(told)


def _field(head: bytes, name: bytes) -> bytes:
    """The value of a header; nothing where it is not there. The head is in lower case."""
    start = head.find(b"\r\n" + name + b":")
    if start < 0:
        return b""
    start += len(name) + 3
    end = head.find(b"\r\n", start)
    return head[start : end if end > 0 else None].strip()
