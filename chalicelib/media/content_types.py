"""What a file is, told by its content: neither its name nor what a client says of it can be trusted.

Only what a browser may show is told apart; all else is bytes, to be saved.
"""

import codecs
import re
from typing import Final

BYTES: Final = "application/octet-stream"
TEXT: Final = "text/plain; charset=utf-8"
_HEAD: Final = 4096
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
# A page, a drawing, a style sheet, a feed: what begins like markup, or holds a script early on.
_MARKUP = re.compile(r"\A\ufeff?\s*<|<(?:[!?/]|script|html|svg|body|head|iframe|xsl:|\w+:script)", re.IGNORECASE)
_BEGINNINGS: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
)
_MP4_BRANDS: Final = (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"dash", b"MSNV")


def told_by(data: bytes) -> str:
    """The content type of a file: PNG, JPEG, GIF, WebP, MP4, PDF, plain text (UTF-8, no markup), or bytes."""
    for beginning, content_type in _BEGINNINGS:
        if data.startswith(beginning):
            return content_type
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp" and data[8:12] in _MP4_BRANDS:
        return "video/mp4"
    return TEXT if _is_plain_text(data[:_HEAD]) else BYTES


def _is_plain_text(head: bytes) -> bool:
    try:
        # A letter may be cut at the end of the head.
        text = codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return not _CONTROLS.search(text) and not _MARKUP.search(text)
