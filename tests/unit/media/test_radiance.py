"""Small pictures of Radiance HDR files (chalicelib/media/radiance.py)."""

import pytest

from chalicelib.media import radiance
from chalicelib.media.unreadable import Unreadable

HEAD = b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y %d +X %d\n"


def flat(width: int, height: int, pixel: bytes) -> bytes:
    return HEAD % (height, width) + pixel * width * height


def packed_row(width: int, pixel: bytes) -> bytes:
    """A row whose channels are one run each, or two where it is long."""
    runs = b"".join(
        b"".join(bytes((128 + min(100, width - at), value)) for at in range(0, width, 100)) for value in pixel
    )
    return bytes((2, 2, width >> 8, width & 255)) + runs


def test_light_is_shown_with_gamma_and_clipped() -> None:
    half, bright, dark = bytes((128, 64, 0, 128)), bytes((200, 200, 200, 140)), bytes(4)
    assert radiance.picture(flat(2, 1, half), 1, 1) == bytes((186, 136, 0))
    assert radiance.picture(flat(2, 1, bright), 1, 1) == bytes((255, 255, 255))
    assert radiance.picture(flat(2, 1, dark), 1, 1) == bytes(3)


def test_packed_rows_are_walked() -> None:
    rows = [packed_row(150, bytes((level, level, level, 128))) for level in (0, 128)]
    pixels = radiance.picture(HEAD % (2, 150) + b"".join(rows), 3, 4)
    assert pixels == bytes(18) + bytes([186]) * 18


def test_stretches_of_different_values_are_read() -> None:
    ramp = bytes(range(8))
    row = bytes((2, 2, 0, 8)) + (bytes([8]) + ramp) * 3 + bytes((136, 132))
    pixels = radiance.picture(HEAD % (1, 8) + row, 8, 1)
    assert len(set(pixels[::3])) == 8


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"#?RADIANCE\n",
        b"GIF89a",
        flat(4, 2, bytes(4))[:-1],
        HEAD % (1, 8) + bytes((2, 2, 0, 8, 140, 1)),
        HEAD % (1, 8) + bytes((2, 2, 0, 8, 0, 0)),
        HEAD % (1, 8) + bytes((2, 2, 0, 8)) + bytes((129, 1)),
        HEAD % (99999, 99999),
    ],
)
def test_what_is_no_whole_hdr_is_unreadable(data: bytes) -> None:
    with pytest.raises(Unreadable):
        radiance.picture(data, 3, 2)
