"""How large a picture may be is read off its head, in the bytes alone."""

import io

import pytest
from PIL import Image

from chalicelib.media import limits
from chalicelib.media.limits import Head
from chalicelib.media.unreadable import Unreadable
from tests.unit.media import bombs


def encoded(sort: str, mode: str = "RGB", frames: int = 1, **options: object) -> bytes:
    target = io.BytesIO()
    image = Image.linear_gradient("L").resize((31, 20)).convert(mode)
    others = [image.rotate(9 * number) for number in range(1, frames)]
    more = {"save_all": True, "append_images": others} if others else {}
    image.save(target, sort, **options, **more)
    return target.getvalue()


@pytest.mark.parametrize(
    ("data", "head"),
    [
        (encoded("PNG"), Head(31, 20, 31 * 20 * 3)),
        (encoded("PNG", "RGBA"), Head(31, 20, 31 * 20 * 4)),
        (encoded("PNG", "1"), Head(31, 20, 31 * 20)),
        (encoded("PNG", frames=4), Head(31, 20, 31 * 20 * 3, frames=4)),
        (encoded("JPEG"), Head(31, 20, 31 * 20 * 3)),
        (encoded("JPEG", "L"), Head(31, 20, 31 * 20)),
        (encoded("JPEG", "CMYK"), Head(31, 20, 31 * 20 * 4)),
        (encoded("JPEG", progressive=True), Head(31, 20, 31 * 20 * 3, scans=10)),
        (encoded("GIF"), Head(31, 20, 31 * 20 * 4)),
        (encoded("GIF", frames=5), Head(31, 20, 31 * 20 * 4, frames=5)),
        (bombs.webp(31, 20, 7), Head(31, 20, 31 * 20 * 4, frames=7)),
        (b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\x1e\xc0\x04\0", Head(31, 20, 31 * 20 * 4)),
        (b"RIFF\x1a\0\0\0WEBPVP8 \x0a\0\0\0\0\0\0\x9d\x01\x2a\x1f\0\x14\0", Head(31, 20, 31 * 20 * 4)),
    ],
)
def test_a_picture_says_how_large_it_is(data: bytes, head: Head) -> None:
    assert limits.head_of(data) == head


@pytest.mark.parametrize(
    ("says", "data"),
    [
        *bombs.TOO_LARGE.items(),
        ("frames", bombs.gif(frames=3_000)),
        ("on a side", bombs.gif(40_000, 10)),
        ("frames", bombs.webp(10, 10, 3_000)),
        ("on a side", bombs.webp(100_000, 10)),
    ],
)
def test_what_is_too_large_is_refused_by_its_limit(says: str, data: bytes) -> None:
    assert len(data) < 200_000
    with pytest.raises(Unreadable, match=says.strip()):
        limits.check(data)


@pytest.mark.parametrize("sort", ["PNG", "JPEG", "GIF"])
def test_a_head_that_ends_early_is_no_error(sort: str) -> None:
    data = encoded(sort)
    for end in range(min(len(data), 400)):
        limits.check(data[:end])
    limits.check(data[:5] + bytes(100))
