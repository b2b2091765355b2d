"""What is derived of a picture, always in the same sizes (docs/contract/files.md 6.3)."""

import io
import math
import struct
import zlib
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageCms

from chalicelib.media import keys, pictures
from chalicelib.media.unreadable import Unreadable
from tests.unit.media import bombs


def encoded(image: Image.Image, sort: str = "PNG", **options: Any) -> bytes:
    target = io.BytesIO()
    image.save(target, sort, **options)
    return target.getvalue()


def gradient(width: int, height: int, mode: str = "RGB") -> Image.Image:
    return Image.linear_gradient("L").resize((width, height)).convert(mode)


def opened(made: pictures.Made, name: str) -> Image.Image:
    return Image.open(io.BytesIO(made.files[name]))


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is that large."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("width", "height", "preview"),
    [(640, 360, 675), (300, 500, 2000), (60, 40, 800), (901, 133, 178), (333, 217, 782), (1, 1, 1200), (4000, 10, 3)],
)
def test_every_shape_gets_the_same_sizes(width: int, height: int, preview: int) -> None:
    made = pictures.make(encoded(gradient(width, height)))
    assert preview == math.ceil(1200 * height / width)
    assert (made.width, made.height) == (width, height)
    assert [opened(made, name).size for name in keys.PICTURES] == [
        (width, height),
        (1200, preview),
        (150, 100),
        (100, 100),
    ]
    assert {opened(made, name).mode for name in keys.PICTURES[1:]} == {"RGBA"}


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_pixels_can_be_shown(mode: str) -> None:
    source = gradient(30, 300, "L")
    image = Image.new(mode, source.size) if mode == "I;16" else source.convert("RGBA" if mode == "P" else mode)
    image = image.quantize() if mode == "P" else image
    if mode == "I;16":
        image.putdata([level * 256 for level in source.get_flattened_data()])
    small = opened(pictures.make(encoded(image)), keys.PREVIEW).convert("L")
    top, bottom = small.getpixel((600, 100)), small.getpixel((600, small.height - 100))
    assert isinstance(top, int)
    assert isinstance(bottom, int)
    assert top < 40
    assert bottom > 215


def test_ink_becomes_light() -> None:
    red = Image.new("CMYK", (40, 40), (0, 255, 255, 0))
    made = pictures.make(encoded(red, "JPEG", quality=95))
    assert opened(made, keys.ORIGINAL).mode == "RGB"
    pixel = opened(made, keys.THUMBNAIL).getpixel((75, 50))
    assert isinstance(pixel, tuple)
    assert pixel[0] > 200
    assert max(pixel[1], pixel[2]) < 60


def test_a_png_stays_as_it_was_sent() -> None:
    data = encoded(gradient(40, 30))
    assert pictures.make(data).files[keys.ORIGINAL] == data


def test_what_a_camera_held_upright_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    made = pictures.make(encoded(gradient(80, 40), "JPEG", exif=exif))
    assert (made.width, made.height) == (40, 80)
    assert opened(made, keys.ORIGINAL).size == (40, 80)
    assert opened(made, keys.ORIGINAL).getexif().get(0x0112, 1) == 1


def test_a_picture_is_centred_on_a_transparent_canvas() -> None:
    thumbnail = opened(pictures.make(encoded(gradient(100, 100))), keys.THUMBNAIL)
    corner, centre = thumbnail.getpixel((5, 50)), thumbnail.getpixel((75, 50))
    assert isinstance(corner, tuple)
    assert isinstance(centre, tuple)
    assert (corner[3], centre[3]) == (0, 255)


def test_transparency_survives() -> None:
    image = Image.new("RGBA", (50, 50), (255, 0, 0, 0))
    pixel = opened(pictures.make(encoded(image)), keys.PREVIEW).getpixel((600, 600))
    assert isinstance(pixel, tuple)
    assert pixel[3] == 0


def test_colours_of_another_space_are_those_of_screens() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    made = pictures.make(encoded(gradient(40, 30), "JPEG", icc_profile=lab))
    assert "icc_profile" not in opened(made, keys.THUMBNAIL).info
    assert opened(made, keys.ORIGINAL).info["icc_profile"] == lab


def test_a_damaged_profile_does_no_harm() -> None:
    made = pictures.make(encoded(gradient(40, 30), "JPEG", icc_profile=b"nonsense" * 20))
    assert opened(made, keys.THUMBNAIL).size == (150, 100)


def test_a_strip_does_not_become_a_million_rows() -> None:
    made = pictures.make(encoded(gradient(10, 9000)))
    assert opened(made, keys.PREVIEW).size == (1200, pictures.TALLEST_PREVIEW)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a picture",
        encoded(gradient(300, 300))[:200],
        encoded(gradient(300, 300), "JPEG")[:600],
        encoded(gradient(10, 10), "GIF"),
        encoded(gradient(10, 10), "TIFF"),
        encoded(gradient(300, 300))[:-20].replace(b"IDAT", b"IDXT"),
        claiming(2000, 2000),
        claiming(0, 10),
    ],
    ids=["empty", "text", "cut png", "cut jpeg", "gif", "tiff", "no pixels", "too few pixels", "no width"],
)
def test_what_is_no_whole_picture_is_unreadable(data: bytes) -> None:
    with pytest.raises(Unreadable, match="not a whole PNG or JPEG"):
        pictures.make(data)


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK"])
def test_a_large_picture_is_reduced_in_bands_and_looks_the_same(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    source = gradient(2500, 2100).convert("RGBA" if mode == "P" else mode)
    image = source.quantize() if mode == "P" else source
    data = encoded(image, "JPEG" if mode == "CMYK" else "PNG")
    in_bands = Image.open(io.BytesIO(pictures.thumbnail(data))).convert("L")
    monkeypatch.setattr(pictures, "_LARGE", 10**9)
    at_once = Image.open(io.BytesIO(pictures.thumbnail(data))).convert("L")
    assert in_bands.size == at_once.size
    difference = ImageChops.difference(in_bands, at_once).getextrema()
    assert isinstance(difference[1], int)
    # A drawing of black and white dots gets its greys another way.
    assert difference[1] <= (64 if mode == "1" else 8)


def test_a_bomb_is_refused_by_its_head() -> None:
    for measure in (pictures.make, pictures.cost, pictures.avatar, pictures.thumbnail):
        for data in bombs.TOO_LARGE.values():
            with pytest.raises(Unreadable, match="more than"):
                measure(data)


def test_a_bomb_of_text_is_unreadable() -> None:
    text = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(80_000_000), 9))
    data = encoded(gradient(10, 10))
    with pytest.raises(Unreadable):
        pictures.make(data[:33] + text + data[33:])


def test_the_cost_is_read_off_the_head() -> None:
    assert pictures.cost(encoded(gradient(100, 50))) == 100 * 50 + 1200 * 600
    assert pictures.cost(claiming(2000, 1000)) == 2_000_000 + 1200 * 600
