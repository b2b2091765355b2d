"""How large a picture may be, read off its head before anything of it is decoded.

A file of 200 KB may hold a picture of 3 GB: what it says of itself is looked at in the bytes themselves, without a
decoder. PNG, JPEG, GIF and WebP are known here; of any other file nothing is told, and no decoder takes one.
"""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from chalicelib.media.unreadable import Unreadable

MOST_SIDE: Final = 32_768
MOST_FRAMES: Final = 2_000
# An honest progressive JPEG has about ten; a decoder walks over the whole picture for each.
MOST_SCANS: Final = 100
# Files that stay as they are may be of many GB; no picture that browsers show is.
LARGEST_LOOKED_AT: Final = 200_000_000
_START_OF_FRAME: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_START_OF_SCAN: Final = 0xDA
_END: Final = 0xD9
# In packed data a marker is anything but a stuffed zero, a restart, or filling.
_MARKER = re.compile(rb"\xff+([^\x00\xd0-\xd7\xff])")
_PNG_CHANNELS: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


@dataclass(frozen=True, slots=True)
class Bounds:
    """What may be decoded in one place: pixels, and bytes that they take."""

    pixels: int
    bytes: int


# The function of the queue has 3 GB; larger pictures belong into a file that is kept as it is.
IN_QUEUE: Final = Bounds(100_000_000, 400_000_000)
# A request shares one GB with everything else that the API holds.
IN_REQUEST: Final = Bounds(50_000_000, 200_000_000)


@dataclass(frozen=True, slots=True)
class Head:
    """What a picture says of itself."""

    width: int
    height: int
    bytes: int
    frames: int = 1
    scans: int = 1


def check(data: bytes, bounds: Bounds = IN_QUEUE) -> None:
    """Raises Unreadable, naming the limit, for a picture that is too large for a place; nothing is decoded."""
    head = head_of(data)
    if head is None:
        return
    check_size(head.width, head.height, bounds)
    if head.bytes > bounds.bytes:
        raise Unreadable(f"The picture takes {head.bytes:,} bytes once decoded, more than {bounds.bytes:,}.")
    if head.frames > MOST_FRAMES:
        raise Unreadable(f"The picture has {head.frames} frames, more than {MOST_FRAMES}.")
    if head.scans > MOST_SCANS:
        raise Unreadable(f"The picture is packed in {head.scans} scans, more than {MOST_SCANS}.")


def check_size(width: int, height: int, bounds: Bounds = IN_QUEUE) -> None:
    """The same for the size of a picture alone."""
    if max(width, height) > MOST_SIDE:
        raise Unreadable(f"The picture has {width} x {height} pixels, more than {MOST_SIDE} on a side.")
    if width * height > bounds.pixels:
        raise Unreadable(f"The picture has {width} x {height} pixels, more than {bounds.pixels:,} in all.")


def head_of(data: bytes) -> Head | None:
    """What a PNG, JPEG, GIF or WebP says of itself; None for anything else, and for what ends before it says so."""
    try:
        if data.startswith(b"\x89PNG\r\n\x1a\n"):
            return _of_png(data)
        if data.startswith(b"\xff\xd8"):
            return _of_jpeg(data)
        if data[:6] in (b"GIF87a", b"GIF89a"):
            return _of_gif(data)
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return _of_webp(data)
    except (IndexError, struct.error):
        pass
    return None


def _of_png(data: bytes) -> Head:
    width, height, depth, colour = struct.unpack_from(">IIBB", data, 16)
    frames, position = 1, 8
    while position < len(data):
        length, kind = struct.unpack_from(">I4s", data, position)
        if kind == b"acTL":
            frames = max(frames, struct.unpack_from(">I", data, position + 8)[0])
        if kind == b"IDAT":
            break
        position += 12 + length
    # A decoder gives each pixel a byte a channel at least.
    return Head(width, height, width * height * _PNG_CHANNELS.get(colour, 4) * max(8, depth) // 8, frames)


def _of_jpeg(data: bytes) -> Head | None:
    """Of several frame headers the largest counts, whichever a decoder believes."""
    width = height = channels = scans = 0
    for marker, position in _jpeg_segments(data):
        if marker == _START_OF_SCAN:
            scans += 1
        elif marker in _START_OF_FRAME:
            found_height, found_width, found = struct.unpack_from(">HHB", data, position + 3)
            width, height, channels = max(width, found_width), max(height, found_height), max(channels, found)
    return Head(width, height, width * height * channels, scans=scans) if width else None


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, int]]:
    """The markers of a JPEG that have a segment, each with where its length stands."""
    position = 2
    while found := _MARKER.search(data, position):
        marker = found[1][0]
        if marker == _END:
            return
        position = found.end()
        if marker not in (0x01, 0xD8):
            yield marker, position
            position += max(2, struct.unpack_from(">H", data, position)[0])


def _of_gif(data: bytes) -> Head:
    width, height = struct.unpack_from("<HH", data, 6)
    frames, position = 0, 13 + _gif_colours(data[10])
    while position < len(data) and frames <= MOST_FRAMES:
        block = data[position]
        if block == 0x2C:
            frames += 1
            left, top, own_width, own_height, packed = struct.unpack_from("<HHHHB", data, position + 1)
            width, height = max(width, left + own_width), max(height, top + own_height)
            position = _after_gif_blocks(data, position + 11 + _gif_colours(packed))
        elif block == 0x21:
            position = _after_gif_blocks(data, position + 2)
        else:
            break
    return Head(width, height, width * height * 4, max(1, frames))


def _gif_colours(packed: int) -> int:
    """How many bytes a table of colours takes."""
    return 3 * 2 ** ((packed & 7) + 1) if packed & 0x80 else 0


def _after_gif_blocks(data: bytes, position: int) -> int:
    while data[position]:
        position += 1 + data[position]
    return position + 1


def _of_webp(data: bytes) -> Head | None:
    width = height = frames = 0
    position = 12
    while position + 8 <= len(data):
        kind, length = struct.unpack_from("<4sI", data, position)
        start = position + 8
        if kind == b"VP8X":
            width, height = (1 + int.from_bytes(data[at : at + 3], "little") for at in (start + 4, start + 7))
        elif kind == b"VP8 ":
            width, height = max(width, _low(data, start + 6)), max(height, _low(data, start + 8))
        elif kind == b"VP8L":
            packed = struct.unpack_from("<I", data, start + 1)[0]
            width, height = max(width, 1 + (packed & 0x3FFF)), max(height, 1 + (packed >> 14 & 0x3FFF))
        frames += kind == b"ANMF"
        position = start + length + length % 2
    return Head(width, height, width * height * 4, max(1, frames)) if width else None


def _low(data: bytes, position: int) -> int:
    """The fourteen bits that hold a side; two more tell how it is scaled."""
    side: int = struct.unpack_from("<H", data, position)[0]
    return side & 0x3FFF
