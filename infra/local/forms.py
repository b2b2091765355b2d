"""Bodies that wrap a file: multipart forms as browsers send them, and the signed chunks of S3 clients."""

import re
from collections.abc import Iterator

import httptools
from multipart import MultipartError, MultipartSegment, PushMultipartParser

from infra.local.wire import BadRequest

_FIELD_LIMIT = 64 * 1024
_CHUNKED = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"


class FormUpload:
    """A form whose last field is the file (S3's rule): the fields first, then the file in pieces."""

    def __init__(self, content_type: str, pieces: Iterator[bytes]) -> None:
        boundary = re.search(r'boundary="?([^";]{1,200})"?', content_type)
        if not boundary:
            raise BadRequest("The form has no boundary.")
        self._events = _events(PushMultipartParser(boundary[1].encode("latin-1")), pieces)
        self.fields: dict[str, str] = {}
        self.filename = ""
        self.file_type = ""
        self._read_fields()

    def _read_fields(self) -> None:
        for event in self._events:
            if not isinstance(event, MultipartSegment):
                continue
            name = event.name.lower()
            if name == "file":
                self.filename = event.filename or ""
                self.file_type = event.header("Content-Type", "")
                return
            value = b""
            for piece in self.file():
                value += piece
                if len(value) > _FIELD_LIMIT:
                    raise BadRequest(f"The field {name} of the form is too long.")
            self.fields[name] = value.decode("utf-8", "replace")
        raise BadRequest("The form has no file.")

    def file(self) -> Iterator[bytes]:
        """The bytes of the file up to the boundary that ends it."""
        for event in self._events:
            if not isinstance(event, bytes):
                return
            yield event


def _events(parser: PushMultipartParser, pieces: Iterator[bytes]) -> Iterator[MultipartSegment | bytes | None]:
    try:
        with parser:
            for piece in pieces:
                yield from parser.parse(piece)
    except MultipartError as error:
        raise BadRequest(f"The form is broken: {error}.") from error


class _Content:
    """Takes the content of chunks from the parser."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self.complete = False

    def on_body(self, piece: bytes) -> None:
        """A piece of the content."""
        self.pieces.append(piece)

    def on_message_complete(self) -> None:
        """The last chunk and the trailers are there."""
        self.complete = True


def signed_chunks(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The content of an `aws-chunked` body: HTTP's chunked coding within the body; signatures are not looked at."""
    content = _Content()
    parser = httptools.HttpRequestParser(content)
    parser.feed_data(_CHUNKED)
    while not content.complete:
        piece = next(pieces, None)
        if piece is None:
            raise BadRequest("The body ends within a chunk.")
        try:
            parser.feed_data(piece)
        except httptools.HttpParserError as error:
            raise BadRequest(f"The body is no series of chunks: {error}.") from error
        yield from content.pieces
        content.pieces.clear()
    for _ in pieces:
        pass
