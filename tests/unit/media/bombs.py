"""Pictures that are small as files and huge as pictures, or say that they are; by what is too large of them."""

import io
import struct
import zlib
from typing import Final

from PIL import Image


def chunk(kind: bytes, data: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, depth: int = 8, colour: int = 6, frames: int = 0) -> bytes:
    """A PNG of a few bytes that says it is that large."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    told = chunk(b"acTL", struct.pack(">II", frames, 0)) if frames else b""
    return b"\x89PNG\r\n\x1a\n" + head + told + chunk(b"IDAT", zlib.compress(bytes(1000), 9)) + chunk(b"IEND", b"")


def jpeg(scans: int = 10, width: int = 0, height: int = 0) -> bytes:
    """A JPEG of so many scans, which may say that it is of another size."""
    target = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(target, "JPEG", progressive=True)
    data = target.getvalue()
    if width:
        start = data.index(b"\xff\xc2") + 5
        data = data[:start] + struct.pack(">HH", height, width) + data[start + 4 :]
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * max(1, scans - data.count(b"\xff\xda") + 1) + data[-2:]


def gif(width: int = 10, height: int = 10, frames: int = 1) -> bytes:
    """A GIF of that many frames."""
    one = b"\x2c" + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x02\x02\x4c\x01\x00"
    return b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + bytes(6) + one * frames + b";"


def webp(width: int, height: int, frames: int = 0) -> bytes:
    """A WebP of an extended head and empty frames."""
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"VP8X" + struct.pack("<I", 10) + bytes(4) + sides + (b"ANMF" + struct.pack("<I", 0)) * frames
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body


# By what the refusal says.
TOO_LARGE: Final = {
    "on a side": png(40_000, 1),
    "in all": png(20_000, 20_000, 1, 0),
    "once decoded": png(9_000, 9_000, 16, 6),
    "frames": png(10, 10, frames=50_000),
    "scans": jpeg(scans=400),
    "on a side ": jpeg(width=65_000, height=20),
}
