"""Bodies that wrap a file: multipart forms as browsers send them, and the signed chunks of S3 clients."""

import re
from collections.abc import Iterator

from infra.local.wire import BadRequest

_FIELD_LIMIT = 64 * 1024


class _Ahead:
    """Pieces of a body, with the start that is still needed."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self.data = b""

    def more(self) -> None:
        """Takes in the next piece; BadRequest where the body ends too early."""
        piece = next(self._pieces, None)
        if piece is None:
            raise BadRequest("The body ends too early.")
        self.data += piece

    def take(self, mark: bytes, limit: int = _FIELD_LIMIT) -> bytes:
        """Everything before `mark`, which is dropped."""
        while (end := self.data.find(mark)) < 0:
            if len(self.data) > limit:
                raise BadRequest("A part of the body is too long.")
            self.more()
        found, self.data = self.data[:end], self.data[end + len(mark) :]
        return found


class FormUpload:
    """A form whose last field is the file (S3's rule): the fields first, then the file in pieces."""

    def __init__(self, content_type: str, pieces: Iterator[bytes]) -> None:
        boundary = re.search(r'boundary="?([^";]{1,200})"?', content_type)
        if not boundary:
            raise BadRequest("The form has no boundary.")
        self._mark = b"\r\n--" + boundary[1].encode("latin-1")
        self._ahead = _Ahead(pieces)
        self._ahead.data = b"\r\n"  # so that the first boundary looks like the others
        self.fields: dict[str, str] = {}
        self.filename = ""
        self.file_type = ""
        self._read_fields()

    def _read_fields(self) -> None:
        self._ahead.take(self._mark)
        while True:
            head = self._ahead.take(b"\r\n\r\n").decode("utf-8", "replace")
            name = re.search(r'name="([^"]*)"', head)
            if not name:
                raise BadRequest("The form has no file.")
            if name[1].lower() == "file":
                filename = re.search(r'filename="([^"]*)"', head)
                file_type = re.search(r"(?im)^content-type:\s*(.+?)\s*$", head)
                self.filename = filename[1] if filename else ""
                self.file_type = file_type[1] if file_type else ""
                return
            self.fields[name[1].lower()] = self._ahead.take(self._mark).decode("utf-8", "replace")

    def file(self) -> Iterator[bytes]:
        """The bytes of the file up to the boundary that ends it."""
        ahead = self._ahead
        while (end := ahead.data.find(self._mark)) < 0:
            # The boundary may have begun at the end of what is here.
            safe = len(ahead.data) - len(self._mark) + 1
            if safe > 0:
                yield ahead.data[:safe]
                ahead.data = ahead.data[safe:]
            ahead.more()
        yield ahead.data[:end]


def signed_chunks(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The content of an `aws-chunked` body: sized chunks whose signatures are not looked at, and trailers."""
    ahead = _Ahead(pieces)
    while True:
        line = ahead.take(b"\r\n", 8192)
        try:
            size = int(line.split(b";", 1)[0], 16)
        except ValueError as error:
            raise BadRequest("A chunk has no size.") from error
        if not size:
            for _ in pieces:
                pass
            return
        while size:
            if not ahead.data:
                ahead.more()
            yield ahead.data[:size]
            taken = min(size, len(ahead.data))
            ahead.data = ahead.data[taken:]
            size -= taken
        ahead.take(b"\r\n", 2)
