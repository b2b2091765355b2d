"""What a handler may return besides a plain value: bytes, redirects, statuses, headers, cookies."""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import msgspec

_CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")
# What a browser may show of what people sent; anything else might run on the origin of the API, and is saved instead.
# The last one stands inline in the contract, and no browser shows it.
_SHOWN = frozenset(
    [
        "image/png",
        "image/jpeg",
        "image/gif",
        "image/webp",
        "video/mp4",
        "application/pdf",
        "text/plain",
        "image/vnd.radiance",
    ]
)
# Whatever a browser makes of a file, nothing in it runs, loads or knows who is signed in.
_SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; media-src 'self'"
# A name that needs no quotes (RFC 9110, 5.6.2).
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_encode = msgspec.json.Encoder(decimal_format="number").encode


@dataclass(slots=True)
class RawJson:
    """JSON that is encoded already; `etag` where the handler knows a cheaper version than the hash of the bytes."""

    data: bytes
    etag: str | None = None


@dataclass(slots=True)
class Answer:
    """A whole answer.

    `body`: bytes as they are, RawJson, anything else is encoded as JSON (`None` is `null`; with 204, nothing).
    `status`: None takes the route's. `cookies`: values of `Set-Cookie` (http/cookies.py). `ranges`: takes `Range`.
    """

    body: Any = None
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    cookies: list[str] = field(default_factory=list)
    content_type: str | None = None
    etag: str | None = None
    ranges: bool = False


def encode(value: Any) -> bytes:
    """A value as JSON."""
    return value.data if isinstance(value, RawJson) else _encode(value)


def binary(
    data: bytes,
    content_type: str,
    *,
    filename: str | None = None,
    attachment: bool = False,
    etag: str | None = None,
    last_modified: str | None = None,
    max_age: int = 0,
    status: int | None = None,
) -> Answer:
    """Bytes of any kind, with Range requests, ETag and 304 (contract: files.md, 1).

    `filename` is what a browser saves it as; `last_modified` is an HTTP date; `max_age` in seconds (0: ask each time).
    """
    cache = f"private, max-age={max_age}" if max_age else "private, no-cache"
    headers = {"Cache-Control": cache, **file_headers(content_type, filename, attachment=attachment)}
    if last_modified:
        headers["Last-Modified"] = last_modified
    return Answer(data, status, headers, content_type=content_type, etag=etag, ranges=True)


def file_headers(content_type: str, filename: str | None, *, attachment: bool = False) -> dict[str, str]:
    """The headers under which a browser runs nothing of a file: a sandbox, and what it may not show is saved.

    That it must not guess another type (`nosniff`) stands in every answer (http/delivery.py).
    """
    attachment = attachment or content_type.partition(";")[0].strip().lower() not in _SHOWN
    return {
        "Content-Disposition": disposition(filename, attachment=attachment),
        "Content-Security-Policy": _SANDBOX,
    }


def disposition(filename: str | None, *, attachment: bool = False) -> str:
    """A `Content-Disposition` for any file name, or for none (RFC 6266); names are quoted where they have to be."""
    if filename is None:
        return "attachment" if attachment else "inline"
    clean = _CONTROLS.sub("", filename) or "file"
    kind = "attachment" if attachment else "inline"
    plain = clean.encode("ascii", "replace").decode().replace("\\", "_").replace('"', "_").replace("?", "_")
    if plain == clean:
        return f"{kind}; filename={plain}" if _TOKEN.fullmatch(plain) else f'{kind}; filename="{plain}"'
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(clean, safe='', errors='replace')}"


def redirect(url: str, status: int = 302) -> Answer:
    """Sends the client elsewhere."""
    address = url if url.isascii() else quote(url, safe=":/?#[]@!$&'()*+,;=%~")
    return Answer(b"", status, {"Location": address, "Cache-Control": "no-store"})


def no_content() -> Answer:
    """204, an empty body."""
    return Answer(b"", 204)


def not_modified(etag: str) -> Answer:
    """304 for a handler that asked `call.knows(etag)`."""
    return Answer(b"", 304, {"Cache-Control": "private, no-cache"}, etag=etag)
