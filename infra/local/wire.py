"""HTTP/1.1 on a socket: reading requests, their bodies (plain and chunked), writing replies.

The standard library's handler parses headers with the e-mail package, which costs more than the whole rest of a
small request; this one splits lines. It is strict where leniency would let two readers disagree about a request.
"""

import json
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO
from urllib.parse import parse_qsl

from chalicelib.errors import error_body

HEAD_LIMIT = 64 * 1024
HEADER_COUNT_LIMIT = 200
PIECE = 256 * 1024
_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_REASONS = {status.value: status.phrase for status in HTTPStatus}


class BadRequest(Exception):
    """A request that cannot be understood or is refused before anybody handles it; the connection is closed."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.message = message
        self.status = status


class Disconnected(Exception):
    """The other side is gone."""


class Reader:
    """What comes in on a connection, with what was read ahead."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._ahead = b""

    def more(self) -> bytes:
        """Reads what is there; raises Disconnected at the end."""
        try:
            received = self._connection.recv(PIECE)
        except (TimeoutError, OSError) as error:
            raise Disconnected from error
        if not received:
            raise Disconnected
        return received

    def until(self, mark: bytes, limit: int) -> bytes:
        """Everything before `mark`, which is dropped; BadRequest (431) past the limit."""
        start = 0
        while (end := self._ahead.find(mark, start)) < 0:
            if len(self._ahead) > limit:
                raise BadRequest("The head of the request is too long.", 431)
            start = max(0, len(self._ahead) - len(mark) + 1)
            self._ahead += self.more()
        found, self._ahead = self._ahead[:end], self._ahead[end + len(mark) :]
        if len(found) > limit:
            raise BadRequest("The head of the request is too long.", 431)
        return found

    def some(self, most: int) -> bytes:
        """At least one byte and at most `most`."""
        data = self._ahead or self.more()
        self._ahead = data[most:]
        return data[:most] if len(data) > most else data

    def send(self, data: bytes) -> None:
        """Writes to the other side."""
        self._connection.sendall(data)


class Body:
    """The body of a request, read on demand: `pieces()` for streams, `whole()` for what fits in memory."""

    def __init__(self, reader: Reader, length: int | None, expects_continue: bool = False) -> None:
        self._reader = reader
        self._chunked = length is None
        self._left = length or 0
        self._invite = expects_continue
        self.done = length == 0

    @property
    def length(self) -> int | None:
        """What is still to come, None where the client does not say (chunked)."""
        return None if self._chunked else self._left

    def pieces(self) -> Iterator[bytes]:
        """The bytes in pieces as they arrive."""
        if self.done:
            return
        if self._invite:
            self._invite = False
            self._reader.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        if self._chunked:
            yield from self._chunks()
        while self._left:
            piece = self._reader.some(min(self._left, PIECE))
            self._left -= len(piece)
            yield piece
        self.done = True

    def _chunks(self) -> Iterator[bytes]:
        while size := self._chunk_size():
            while size:
                piece = self._reader.some(min(size, PIECE))
                size -= len(piece)
                yield piece
            if self._reader.until(b"\r\n", 2):
                raise BadRequest("A chunk of the body is longer than announced.")
        while self._reader.until(b"\r\n", HEAD_LIMIT):
            pass  # trailers carry nothing that is used here

    def _chunk_size(self) -> int:
        line = self._reader.until(b"\r\n", 1024).split(b";", 1)[0].strip()
        if not re.fullmatch(rb"[0-9A-Fa-f]{1,15}", line):
            raise BadRequest("A chunk of the body has no proper size.")
        return int(line, 16)

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
        if self.done:
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


def read_request(reader: Reader, peer: str) -> Request:
    """The next request of a connection; BadRequest for what is none, Disconnected at the end."""
    head = b""
    while not head:  # clients may send empty lines between requests
        head = reader.until(b"\r\n\r\n", HEAD_LIMIT).lstrip(b"\r\n")
    lines = head.decode("latin-1").split("\r\n")
    method, target, version = _request_line(lines[0])
    fields = [_field(line) for line in lines[1:]]
    if len(fields) > HEADER_COUNT_LIMIT:
        raise BadRequest("There are too many headers.", 431)
    headers = {name.lower(): value for name, value in fields}
    if version == "HTTP/1.1" and "host" not in headers:
        raise BadRequest("The Host header is missing.")
    connection = headers.get("connection", "").lower()
    keep_alive = "close" not in connection if version == "HTTP/1.1" else "keep-alive" in connection
    path, _, query = target.partition("?")
    expects_continue = headers.get("expect", "").lower() == "100-continue"
    body = Body(reader, _length(fields, headers), expects_continue)
    return Request(method, path, query, fields, headers, body, peer, keep_alive)


def _request_line(line: str) -> tuple[str, str, str]:
    parts = line.split(" ")
    if len(parts) != 3 or not _TOKEN.fullmatch(parts[0]) or _CONTROL.search(parts[1]):
        raise BadRequest("The request line is not understood.")
    method, target, version = parts
    if version not in ("HTTP/1.1", "HTTP/1.0"):
        raise BadRequest("Only HTTP/1.1 and HTTP/1.0 are spoken here.", 505)
    if not target.startswith("/"):
        absolute = re.match(r"https?://[^/?#]*", target)
        if not absolute and not (target == "*" and method == "OPTIONS"):
            raise BadRequest("The address asked for is not understood.")
        target = target[absolute.end() :] if absolute else "/"
        target = target if target.startswith("/") else "/" + target
    return method, target.partition("#")[0], version


def _field(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon or not _TOKEN.fullmatch(name) or _CONTROL.search(value):
        raise BadRequest("A header is not understood.")
    return name, value.strip(" \t")


def _length(fields: list[tuple[str, str]], headers: dict[str, str]) -> int | None:
    coding = headers.get("transfer-encoding")
    lengths = {value for name, value in fields if name.lower() == "content-length"}
    if coding is not None:
        if lengths:
            raise BadRequest("Content-Length and Transfer-Encoding exclude each other.")
        if coding.lower() != "chunked":
            raise BadRequest("Of the transfer encodings only chunked is known.", 501)
        return None
    if not lengths:
        return 0
    value = lengths.pop()
    if lengths or not (value.isascii() and value.isdigit() and len(value) < 16):
        raise BadRequest("The Content-Length is not understood.")
    return int(value)


def write_reply(connection: socket.socket, reply: Reply, method: str, keep_alive: bool) -> None:
    """Sends a reply; small ones in one packet, files by the kernel."""
    size = reply.body.size if isinstance(reply.body, FileRange) else len(reply.body)
    lines = [f"HTTP/1.1 {reply.status} {_REASONS.get(reply.status, 'Unknown')}"]
    lines += [f"{name}: {_CONTROL.sub(' ', value)}" for name, value in reply.fields]
    bodiless = reply.status in (204, 304) or reply.status < 200
    if not bodiless:
        lines.append(f"Content-Length: {size if reply.length is None else reply.length}")
    lines.append("Connection: keep-alive\r\n\r\n" if keep_alive else "Connection: close\r\n\r\n")
    head = "\r\n".join(lines).encode("latin-1", "replace")
    silent = bodiless or method == "HEAD"
    try:
        if isinstance(reply.body, FileRange):
            connection.sendall(head)
            if not silent and reply.body.size:
                connection.sendfile(reply.body.source, reply.body.start, reply.body.size)
        elif silent or len(reply.body) < PIECE:
            connection.sendall(head if silent else head + reply.body)
        else:
            connection.sendall(head)
            connection.sendall(reply.body)
    finally:
        if isinstance(reply.body, FileRange):
            reply.body.source.close()


def plain(status: int, text: str, content_type: str = "text/plain; charset=utf-8") -> Reply:
    """A reply with a text."""
    return Reply(status, [("Content-Type", content_type)], text.encode())


def refusal(status: int, message: str) -> Reply:
    """An error, in the shape in which the API answers its own."""
    return plain(status, json.dumps(error_body(message)), "application/json")


def file_reply(path: Path, content_type: str) -> Reply:
    """A reply with a whole file."""
    return Reply(200, [("Content-Type", content_type)], FileRange(path.open("rb"), 0, path.stat().st_size))
