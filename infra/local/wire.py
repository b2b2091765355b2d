"""HTTP/1.1 on a connection: requests, their bodies as they arrive, replies.

What is a request is decided by llhttp, the parser of Node.js, through httptools: heads, lengths, chunks, what is
malformed. Here are the sockets and the values that the stack works with. Why: docs/adr/0006-local-server.md.
"""

import json
import re
import socket
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import BinaryIO, NamedTuple
from urllib.parse import parse_qsl, urlsplit

import httptools

from chalicelib.errors import error_body

HEAD_LIMIT = 64 * 1024
PIECE = 256 * 1024
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_FRAMING = ("content-length", "transfer-encoding")
_REASONS = {status.value: status.phrase for status in HTTPStatus}


class BadRequest(Exception):
    """A request that cannot be understood or is refused before anybody handles it; the connection is closed."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.message = message
        self.status = status


class Disconnected(Exception):
    """The other side is gone."""


@dataclass(slots=True)
class FileRange:
    """A part of a file as the body of a reply: it goes from the disk to the socket without passing through memory."""

    source: BinaryIO
    start: int
    size: int


@dataclass(slots=True)
class Reply:
    """What is answered. `length` stands in for the size of a body that a HEAD request does not get."""

    status: int
    fields: list[tuple[str, str]] = field(default_factory=list)
    body: bytes | FileRange = b""
    length: int | None = None


class Head(NamedTuple):
    """The head of a request as it was sent."""

    method: str
    target: str
    version: str
    fields: list[tuple[str, str]]
    keep_alive: bool


class _Found:
    """Takes what the parser finds, in its order: a head, the pieces of its body, None at its end."""

    def __init__(self) -> None:
        self.events: deque[Head | bytes | BadRequest | None] = deque()
        self.parser = httptools.HttpRequestParser(self)
        self._target = b""
        self._fields: list[tuple[str, str]] = []
        self._repeats = False

    def on_url(self, part: bytes) -> None:
        """A part of the address asked for."""
        self._target += part

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header; after the body, a trailer, which nobody reads."""
        self._fields.append((name.decode("latin-1"), value.decode("latin-1").rstrip(" \t")))

    def on_headers_complete(self) -> None:
        """The head is there."""
        method, version = self.parser.get_method().decode(), self.parser.get_http_version()
        target, fields = self._target.decode("latin-1"), self._fields
        self._target, self._fields = b"", []
        if not self._repeats:
            self.events.append(Head(method, target, version, fields, self.parser.should_keep_alive()))
        self._repeats = False

    def on_body(self, piece: bytes) -> None:
        """A piece of the body."""
        self.events.append(piece)

    def on_message_complete(self) -> None:
        """The request is there."""
        self.events.append(None)
        self._fields = []

    def _head_again(self) -> bytes:
        """A head that makes the parser read the body which it leaves out where a client asks for another protocol."""
        head = self.events[-2]
        framing = [pair for pair in head.fields if pair[0].lower() in _FRAMING] if isinstance(head, Head) else []
        if not framing:
            return b""
        self.events.pop()
        self._repeats = True
        lines = ["POST / HTTP/1.1", *(f"{name}: {value}" for name, value in framing)]
        return "\r\n".join([*lines, "", ""]).encode("latin-1")

    def feed(self, data: bytes) -> None:
        """Lets the parser see what came in; what is no HTTP becomes the last event."""
        while data:
            try:
                self.parser.feed_data(data)
                return
            except httptools.HttpParserUpgrade as upgrade:
                # Nobody gets another protocol here: the request goes on with its body, then comes the next one.
                data = self._head_again() + data[upgrade.args[0] :]
            except httptools.HttpParserError as error:
                self.events.append(BadRequest(f"The request is not understood: {error}."))
                return


class Connection:
    """One client's connection: requests come out of it, replies go into it, in turn."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._found = _Found()

    def event(self) -> Head | bytes | None:
        """What comes next; BadRequest for what is no HTTP, Disconnected at the end."""
        events, waited = self._found.events, 0
        while not events:
            if waited > HEAD_LIMIT:
                raise BadRequest("The head of the request is too long.", 431)
            received = self._receive()
            self._found.feed(received)
            waited += len(received)
        event = events.popleft()
        if isinstance(event, BadRequest):
            raise event
        return event

    def _receive(self) -> bytes:
        try:
            received = self._socket.recv(PIECE)
        except OSError as error:
            raise Disconnected from error
        if not received:
            raise Disconnected
        return received

    def invite(self) -> None:
        """Tells a client that waits for a word to go on."""
        self._socket.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")

    def write(self, reply: Reply, method: str, keep_alive: bool) -> None:
        """Sends a reply, small ones in one packet, files by the kernel."""
        body, bodiless = reply.body, reply.status in (204, 304)
        head = _reply_head(reply, bodiless, keep_alive)
        silent = bodiless or method == "HEAD"
        try:
            if silent or (isinstance(body, bytes) and len(body) < PIECE):
                self._socket.sendall(head if silent or isinstance(body, FileRange) else head + body)
            else:
                self._socket.sendall(head)
                self._send_body(body)
        finally:
            if isinstance(body, FileRange):
                body.source.close()

    def _send_body(self, body: bytes | FileRange) -> None:
        if isinstance(body, bytes):
            self._socket.sendall(body)
        elif body.size:
            self._socket.sendfile(body.source, body.start, body.size)


def _reply_head(reply: Reply, bodiless: bool, keep_alive: bool) -> bytes:
    lines = [f"HTTP/1.1 {reply.status} {_REASONS.get(reply.status, 'Unknown')}"]
    lines += [f"{name}: {_CONTROL.sub(' ', value)}" for name, value in reply.fields]
    if not bodiless:
        size = reply.body.size if isinstance(reply.body, FileRange) else len(reply.body)
        lines.append(f"Content-Length: {size if reply.length is None else reply.length}")
    lines.append("Connection: keep-alive\r\n\r\n" if keep_alive else "Connection: close\r\n\r\n")
    return "\r\n".join(lines).encode("latin-1", "replace")


class Body:
    """The body of a request, read on demand: `pieces()` for streams, `whole()` for what fits in memory."""

    def __init__(self, connection: Connection, length: int | None, expects_continue: bool = False) -> None:
        self._connection = connection
        self._invite = expects_continue
        self._done = False
        self.length = length
        """What the client announced, None where it does not say (chunked)."""

    def pieces(self) -> Iterator[bytes]:
        """The bytes in pieces as they arrive."""
        if self._invite:
            self._invite = False
            self._connection.invite()
        while not self._done:
            event = self._connection.event()
            if isinstance(event, bytes):
                yield event
            else:
                self._done = True

    def whole(self, limit: int) -> bytes:
        """The body in one; BadRequest (413) past `limit`."""
        if (self.length or 0) > limit:
            raise BadRequest(f"The body is larger than {limit} bytes.", 413)
        collected: list[bytes] = []
        size = 0
        for piece in self.pieces():
            size += len(piece)
            if size > limit:
                raise BadRequest(f"The body is larger than {limit} bytes.", 413)
            collected.append(piece)
        return collected[0] if len(collected) == 1 else b"".join(collected)

    def skip(self, limit: int = 4 * 1024 * 1024) -> bool:
        """Reads past what nobody wanted, so that the connection can go on; False where that is not worth it."""
        if self._done:
            return True
        if self._invite or (self.length or 0) > limit:
            return False
        size = 0
        for piece in self.pieces():
            size += len(piece)
            if size > limit:
                return False
        return True


@dataclass(slots=True)
class Request:
    """One request; `path` is still percent-encoded, `fields` are the headers as sent, `headers` by lower-case name."""

    method: str
    path: str
    query: str
    fields: list[tuple[str, str]]
    headers: dict[str, str]
    body: Body
    peer: str
    keep_alive: bool

    def parameters(self) -> list[tuple[str, str]]:
        """The pairs of the query string, decoded, in their order."""
        return parse_qsl(self.query, keep_blank_values=True) if self.query else []


def read_request(connection: Connection, peer: str) -> Request:
    """The next request of a connection; BadRequest for what is none, Disconnected at the end."""
    head = connection.event()
    if not isinstance(head, Head):
        raise Disconnected
    if head.version not in ("1.1", "1.0"):
        raise BadRequest("Only HTTP/1.1 and HTTP/1.0 are spoken here.", 505)
    headers = {name.lower(): value for name, value in head.fields}
    if head.version == "1.1" and "host" not in headers:
        raise BadRequest("The Host header is missing.")
    length = None if "transfer-encoding" in headers else int(headers.get("content-length", "0"))
    body = Body(connection, length, headers.get("expect", "").lower() == "100-continue")
    path, _, query = _target(head.target).partition("?")
    return Request(head.method, path, query, head.fields, headers, body, peer, head.keep_alive)


def _target(target: str) -> str:
    """The path and the query of what is asked for, which those who go through a proxy write as a whole address."""
    if not target.startswith("/"):
        address = urlsplit(target)
        if address.scheme not in ("http", "https"):
            raise BadRequest("The address asked for is not understood.")
        target = address._replace(scheme="", netloc="", path=address.path or "/").geturl()
    return target.partition("#")[0]


def plain(status: int, text: str, content_type: str = "text/plain; charset=utf-8") -> Reply:
    """A reply with a text."""
    return Reply(status, [("Content-Type", content_type)], text.encode())


def refusal(status: int, message: str) -> Reply:
    """An error, in the shape in which the API answers its own."""
    return plain(status, json.dumps(error_body(message)), "application/json")
