"""Stored files as answers: small ones as they are, larger ones by a redirect to the bucket."""

from datetime import datetime
from email.utils import format_datetime
from typing import Final

from chalicelib.domain.files import downloads
from chalicelib.domain.files.downloads import StoredFile
from chalicelib.http import answers
from chalicelib.http.answers import Answer
from chalicelib.http.call import Call
from chalicelib.records import clock

WEEK: Final = 604_800
CACHED: Final = f"private, max-age={WEEK}"
# A browser keeps the bytes for a week, a redirect for half an hour; Lambda passes a megabyte on as base64 in 20 ms.
LARGEST_DIRECT: Final = 1_000_000
_CHANGING: Final = "private, no-cache"
_REDIRECT: Final = f"private, max-age={downloads.LINK_SECONDS // 2}"


def answer(call: Call, found: StoredFile) -> Answer:
    """The answer for a stored file: 304 for a tag that is known, bytes (or a part of them), or 302 to the bucket."""
    tag, modified = f'"{found.tag}"', http_date(found.modified)
    cache = CACHED if found.lasting else _CHANGING
    headers = {"Cache-Control": cache, "Last-Modified": modified, "Accept-Ranges": "bytes"}
    headers |= answers.file_headers(found.content_type, found.name, attachment=not found.inline)
    if call.knows(tag):
        return Answer(b"", 304, headers, etag=tag)
    if call.is_head:
        told = {**headers, "Content-Length": str(found.size)}
        return Answer(b"", 200, told, content_type=found.content_type, etag=tag)
    if found.size > LARGEST_DIRECT:
        location = downloads.link(found, headers["Content-Disposition"], cache)
        kept = _REDIRECT if found.lasting else "no-store"
        return Answer(b"", 302, {"Location": location, "Cache-Control": kept})
    return Answer(downloads.content(found), 200, headers, content_type=found.content_type, etag=tag, ranges=True)


def http_date(moment: str) -> str:
    """A kept moment as HTTP writes dates."""
    return format_datetime(datetime.fromisoformat(clock.shown(moment) + "+00:00"), usegmt=True)
