"""Answers out: ETag and 304, Range, gzip, what is too large for Lambda, and the shape API Gateway wants."""

import base64
import hashlib
import re
import zlib
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from chalice.app import Response

from chalicelib.errors import error_body
from chalicelib.http import cors
from chalicelib.http.answers import Answer, RawJson, encode
from chalicelib.http.call import is_known

# Takes (bytes, content type, content encoding), gives the address of a copy the client may fetch.
Overflow = Callable[[bytes, str, str], str]

JSON = "application/json"
GZIP_FROM = 1024
# Level 1 packs 4.3 MB of records in 45 ms, to 35 percent; level 6 takes 108 ms, to 32 percent.
GZIP_LEVEL = 1
# Longer texts go out as base64: escaping them inside Lambda's JSON answer may take any size, base64 takes a third.
LONGEST_TEXT = 1_000_000
_PACKED = re.compile(r"(text/|application/(json|xml|javascript|[\w.-]+\+(json|xml))|image/svg)")
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")
_EMPTY = (204, 304)


class Reply(Response):  # type: ignore[misc, unused-ignore]
    """A finished answer. Chalice's own refuses bytes without a matching `Accept` and knows one cookie only."""

    def __init__(self, body: bytes, headers: dict[str, Any], status: int, *, raw: bool = False) -> None:
        super().__init__(body, headers, status)
        self.raw = raw

    def to_dict(self, binary_types: list[str] | None = None) -> dict[str, Any]:  # noqa: ARG002
        """The answer as API Gateway takes it from Lambda; as the local server takes it, with the bytes as they are."""
        single, several = self._sort_headers(self.headers)
        body, encoded = self.body, False
        if isinstance(body, bytes) and not self.raw:
            encoded = _needs_base64(body, single)
            body = base64.b64encode(body).decode("ascii") if encoded else body.decode()
        return {
            "statusCode": self.status_code,
            "headers": single,
            "multiValueHeaders": several,
            "body": body,
            "isBase64Encoded": encoded,
        }


class Sender:
    """Turns answers into replies."""

    def __init__(self, overflow: Overflow | None = None) -> None:
        self._overflow = overflow

    def send(
        self,
        answer: Answer,
        asked: dict[str, str],
        method: str,
        *,
        raw: bool = False,
        limit: int = 0,
        origins: Sequence[str] = (),
    ) -> Reply:
        """The reply to a request of these headers.

        `raw`: the local server wants the bytes. `limit`: what the transport takes. `origins`: see http/cors.py.
        """
        status = answer.status or 200
        body = b"" if status in _EMPTY else answer.body if isinstance(answer.body, bytes) else encode(answer.body)
        headers = _headers_of(answer, status, method)
        vary = ["Origin"] if origins else []
        if status == 200 and method in ("GET", "HEAD"):
            status, body = _settled(answer, asked, headers, body)
        if len(body) > GZIP_FROM and status != 206 and _PACKED.match(headers.get("Content-Type", "")):
            vary.insert(0, "Accept-Encoding")
            if _takes_gzip(asked.get("accept-encoding", "")):
                body = zlib.compress(body, GZIP_LEVEL, 31)
                headers["Content-Encoding"] = "gzip"
                headers.pop("Accept-Ranges", None)
        if limit and self._overflow and method != "HEAD" and _sent_size(body, headers, raw) > limit:
            address = self._overflow(body, headers["Content-Type"], headers.get("Content-Encoding", ""))
            status, body, headers = 302, b"", {"Location": address, "Cache-Control": "no-store"}
        return _finished(body, headers, status, vary, answer.cookies, asked, method, raw, origins)


def _headers_of(answer: Answer, status: int, method: str) -> dict[str, Any]:
    headers: dict[str, Any] = {name: _CONTROLS.sub(" ", value) for name, value in answer.headers.items()}
    if answer.etag:
        headers["ETag"] = answer.etag
    if status in _EMPTY:
        return headers
    plain = isinstance(answer.body, bytes)
    if not plain or answer.body or answer.content_type:
        headers["Content-Type"] = answer.content_type or ("application/octet-stream" if plain else JSON)
    if "Cache-Control" not in headers:
        headers["Cache-Control"] = "private, no-cache" if method in ("GET", "HEAD") else "no-store"
    return headers


def _settled(answer: Answer, asked: dict[str, str], headers: dict[str, Any], body: bytes) -> tuple[int, bytes]:
    """The tag of a whole answer, and what of it is sent: all, nothing (304), a part (206), or that there is none."""
    etag = answer.etag or (answer.body.etag if isinstance(answer.body, RawJson) else None) or _tag(answer, body)
    headers["ETag"] = etag
    if is_known(asked, etag):
        headers.pop("Content-Type", None)
        return 304, b""
    if not answer.ranges:
        return 200, body
    headers["Accept-Ranges"] = "bytes"
    wanted = _range_of(asked, headers, len(body))
    if wanted is None:
        return 200, body
    start, end = wanted
    if start >= end:
        headers["Content-Range"] = f"bytes */{len(body)}"
        headers["Content-Type"] = JSON
        return 416, encode(error_body("There is no such range.", {"size": len(body)}))
    headers["Content-Range"] = f"bytes {start}-{end - 1}/{len(body)}"
    return 206, body[start:end]


def _tag(answer: Answer, body: bytes) -> str:
    # SHA-256 has instructions of its own on Lambda's processors: thrice as fast as BLAKE2 there.
    digest = hashlib.sha256(body, usedforsecurity=False).hexdigest()[:32]
    # A range needs a strong tag; JSON may come packed or not, which are different bytes of one content.
    return f'"{digest}"' if answer.ranges else f'W/"{digest}"'


def _range_of(asked: dict[str, str], headers: dict[str, Any], size: int) -> tuple[int, int] | None:
    """The half-open range that is asked for; None for the whole, which several ranges in one request get, too."""
    found = _RANGE.fullmatch(asked.get("range", "").strip())
    if not found or found[0] == "bytes=-":
        return None
    if asked.get("if-range", headers["ETag"]) not in (headers["ETag"], headers.get("Last-Modified")):
        return None
    first, last = found[1], found[2]
    if not first:
        return max(size - int(last), 0), size if int(last) else 0
    return int(first), min(int(last) + 1, size) if last else size


@lru_cache(maxsize=64)
def _takes_gzip(accepted: str) -> bool:
    for entry in accepted.lower().split(","):
        coding, _, quality = entry.partition(";")
        if coding.strip() in ("gzip", "*"):
            return not re.fullmatch(r"\s*q\s*=\s*0(\.0*)?\s*", quality)
    return False


def _needs_base64(body: bytes, headers: dict[str, Any]) -> bool:
    if len(body) > LONGEST_TEXT or "Content-Encoding" in headers:
        return True
    if not body:
        return False
    return not headers.get("Content-Type", "").startswith(JSON) or (not body.isascii() and not _is_text(body))


def _is_text(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _sent_size(body: bytes, headers: dict[str, Any], raw: bool) -> int:
    return len(body) * 4 // 3 if not raw and _needs_base64(body, headers) else len(body)


def _finished(
    body: bytes,
    headers: dict[str, Any],
    status: int,
    vary: list[str],
    cookies: list[str],
    asked: dict[str, str],
    method: str,
    raw: bool,
    origins: Sequence[str],
) -> Reply:
    headers.update(cors.headers_for(asked.get("origin", ""), origins))
    headers["X-Content-Type-Options"] = "nosniff"
    if vary:
        headers["Vary"] = ", ".join(vary)
    if cookies:
        headers["Set-Cookie"] = list(cookies)
    if method == "HEAD":
        # A handler that knows the size of what it does not send has said so.
        headers.setdefault("Content-Length", str(len(body)))
        body = b""
    return Reply(body, headers, status, raw=raw)
