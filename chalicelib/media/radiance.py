"""Radiance HDR: as much of the format as a small picture of it needs (docs/contract/files.md section 7)."""

import re
from functools import lru_cache
from typing import Final

from chalicelib.media import limits
from chalicelib.media.unreadable import Unreadable

GAMMA: Final = 2.2
_SIZE = re.compile(rb"-Y (\d{1,5}) \+X (\d{1,5})")
_FORMATS: Final = (b"FORMAT=32-bit_rle_rgbe",)


@lru_cache(maxsize=1)
def _levels() -> bytes:
    """What a channel shows for its linear value: 4096 steps up to 1, which is as bright as a screen gets."""
    return bytes(round(255 * (step / 4095) ** (1 / GAMMA)) for step in range(4096))


def picture(data: bytes, width: int, height: int) -> bytes:
    """The RGB pixels of a picture of that size, gamma 2.2, clipped at 1. Raises Unreadable for what is no HDR.

    Every row is walked, since rows are packed; of a packed row only the bytes that are shown are looked at.
    """
    rows, columns, position = _head(data)
    wanted = [index * columns // width for index in range(width)]
    chosen: dict[int, list[int]] = {}
    for index in range(height):
        chosen.setdefault(index * rows // height, []).append(index)
    lines: list[bytes] = [b""] * height
    for row in range(rows):
        channels, position = _row(data, position, columns)
        if row in chosen:
            line = _shown(channels, wanted)
            for index in chosen[row]:
                lines[index] = line
    return b"".join(lines)


def _head(data: bytes) -> tuple[int, int, int]:
    """Rows, columns, and where the pixels begin."""
    end = data.find(b"\n\n", 0, 10_000)
    head = data[:end].split(b"\n") if end > 0 else []
    line_end = data.find(b"\n", end + 2)
    size = _SIZE.fullmatch(data[end + 2 : line_end].strip()) if head and line_end > 0 else None
    if size is None or not head[0].startswith(b"#?") or not any(line in _FORMATS for line in head):
        raise Unreadable("The file is not a Radiance HDR picture.")
    rows, columns = int(size[1]), int(size[2])
    if not rows * columns:
        raise Unreadable(f"The picture has {columns} x {rows} pixels.")
    limits.check_size(columns, rows, limits.IN_REQUEST)
    return rows, columns, line_end + 1


def _row(data: bytes, position: int, columns: int) -> tuple[list[bytes], int]:
    """The four channels of one row (red, green, blue, exponent), and where the next row begins."""
    if 8 <= columns < 32_768 and data[position : position + 4] == bytes((2, 2, columns >> 8, columns & 255)):
        position += 4
        channels = []
        for _ in range(4):
            channel, position = _packed(data, position, columns)
            channels.append(channel)
        return channels, position
    flat = data[position : position + 4 * columns]
    if len(flat) < 4 * columns:
        raise Unreadable("The picture ends too early.")
    return [flat[channel::4] for channel in range(4)], position + 4 * columns


def _packed(data: bytes, position: int, columns: int) -> tuple[bytes, int]:
    """One channel of a packed row: runs of one value, and stretches of different ones."""
    channel = bytearray()
    while len(channel) < columns:
        head = data[position : position + 2]
        if len(head) < 2:
            raise Unreadable("The picture ends too early.")
        if head[0] > 128:
            channel += head[1:] * (head[0] - 128)
            position += 2
        else:
            channel += data[position + 1 : position + 1 + head[0]]
            position += 1 + head[0]
        if not head[0]:
            raise Unreadable("The picture is damaged.")
    if len(channel) != columns:
        raise Unreadable("The picture is damaged.")
    return bytes(channel), position


def _shown(channels: list[bytes], wanted: list[int]) -> bytes:
    """The pixels of a row at these columns, as a screen shows them."""
    line = bytearray()
    levels, exponents = _levels(), channels[3]
    for column in wanted:
        scale = 2.0 ** (exponents[column] - 136) * 4095 if exponents[column] else 0.0
        line += bytes(levels[min(4095, int(channel[column] * scale))] for channel in channels[:3])
    return bytes(line)
