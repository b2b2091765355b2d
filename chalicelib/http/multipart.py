"""Multipart bodies (RFC 7578), split at the boundary without copying them through a line parser.

The standard library's e-mail parser walks a body line by line, which takes seconds for a few megabytes of movie.
"""

import re
from typing import Any, NamedTuple
from urllib.parse import unquote

from chalicelib.errors import Invalid
from chalicelib.http.call import UploadedFile
from chalicelib.http.charsets import codec_of

MOST_PARTS = 1000
LONGEST_HEADERS = 16_384
_PARAMETER = re.compile(r';\s*([\w!#$%&\'*+.^`|~-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))')
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")


class Form(NamedTuple):
    """What a multipart body holds: the values of each field, and the files in their order."""

    fields: dict[str, list[str]]
    files: list[UploadedFile]


def header_value(text: str) -> tuple[str, dict[str, str]]:
    """A header like `form-data; name="file"` as its value and its parameters, names in lower case."""
    value, semicolon, rest = text.partition(";")
    found: dict[str, str] = {}
    if semicolon:
        for name, quoted, bare in _PARAMETER.findall(";" + rest):
            found.setdefault(name.lower(), quoted.replace('\\"', '"').replace("\\\\", "\\") or bare)
    return value.strip().lower(), found


def parse(data: bytes, boundary: str) -> Form:
    """The fields and files of a body; Invalid (400) names what is wrong with it."""
    if not boundary or len(boundary) > 200 or not boundary.isascii():
        raise _broken("the content type names no boundary", "multipart/form-data; boundary=…")
    form = Form({}, [])
    for head, content in _parts(data, b"--" + boundary.encode()):
        _keep(form, head, content)
    return form


def _parts(data: bytes, delimiter: bytes) -> list[tuple[bytes, bytes]]:
    found: list[tuple[bytes, bytes]] = []
    start = 0 if data.startswith(delimiter) else data.find(b"\r\n" + delimiter) + 2
    if start == 1:
        raise _broken("the boundary of the content type does not occur in it", delimiter.decode())
    start += len(delimiter)
    while not data.startswith(b"--", start):
        head_start = data.find(b"\r\n", start, start + 256) + 2
        if head_start == 1:
            raise _broken("a boundary line does not end", "CRLF")
        # A part without headers begins with the empty line itself.
        head_end = data.find(b"\r\n\r\n", head_start - 2, head_start + LONGEST_HEADERS)
        if head_end < 0:
            raise _broken("the headers of a part do not end", "an empty line after them")
        end = data.find(b"\r\n" + delimiter, head_end + 2)
        if end < 0:
            raise _broken("the last boundary is missing: it was cut off", delimiter.decode() + "--")
        found.append((data[head_start:head_end], data[head_end + 4 : end]))
        if len(found) > MOST_PARTS:
            raise _broken("it has too many parts", f"at most {MOST_PARTS}")
        start = end + 2 + len(delimiter)
    return found


def _keep(form: Form, head: bytes, content: bytes) -> None:
    headers = _headers(head)
    disposition, named = header_value(headers.get("content-disposition", ""))
    if disposition != "form-data":
        raise _broken("a part lacks its Content-Disposition", 'form-data; name="…"')
    field = _plain(named.get("name", ""))
    if not field:
        raise _broken("a part has no name", 'form-data; name="…"')
    filename = _filename(named)
    content_type = headers.get("content-type", "")
    if filename is None:
        form.fields.setdefault(field, []).append(_text(field, content, content_type))
    elif filename or content:
        # A browser sends an empty part of no name for a file input that was left alone.
        form.files.append(UploadedFile(field, filename, content_type, content))


def _headers(head: bytes) -> dict[str, str]:
    try:
        text = head.decode()
    except UnicodeDecodeError:
        text = head.decode("latin-1")
    found = {}
    for line in text.split("\r\n"):
        name, colon, value = line.partition(":")
        if line and not colon:
            raise _broken("a header of a part has no colon", "name: value")
        found[name.strip().lower()] = value.strip()
    return found


def _filename(named: dict[str, str]) -> str | None:
    if "filename*" in named:
        charset, _, rest = named["filename*"].partition("'")
        codec = "latin-1" if charset.lower() == "iso-8859-1" else "utf-8"
        given = unquote(rest.partition("'")[2], encoding=codec, errors="replace")
    elif "filename" in named:
        given = _plain(named["filename"])
    else:
        return None
    # Some clients send whole paths; nothing past here may meet a folder.
    return _CONTROLS.sub("", given).replace("\\", "/").rpartition("/")[2]


def _plain(text: str) -> str:
    """Browsers write a quote and line ends inside a name as %22, %0D and %0A."""
    return text.replace("%22", '"').replace("%0D", "\r").replace("%0A", "\n") if "%" in text else text


def _text(field: str, content: bytes, content_type: str) -> str:
    codec = codec_of(header_value(content_type)[1])
    try:
        return content.decode(codec)
    except UnicodeDecodeError:
        raise Invalid(f"The form field {field} is no text.", field, f"text in {codec}") from None


def _broken(what: str, expected: Any) -> Invalid:
    return Invalid(f"The multipart body is broken: {what}.", "body", str(expected))
