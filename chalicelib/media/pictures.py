"""Pictures: what is derived of one, always in the same sizes (docs/contract/files.md 6.3 and 7).

Pillow is imported by this module alone, and this module where pictures are made: the API starts without either.
"""

import io
import math
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageCms, ImageOps

from chalicelib.media import keys, limits
from chalicelib.media.unreadable import Unreadable

PREVIEW_WIDTH: Final = 1200
THUMBNAIL_SIZE: Final = (150, 100)
SQUARE_SIZE: Final = (100, 100)
AVATAR_SIZE: Final = (400, 400)
# A strip of 10 x 10,000 pixels would become 1.2 million rows.
TALLEST_PREVIEW: Final = 16_384
_FORMATS: Final = ("PNG", "JPEG")
# Of photographs, level 6 takes four times as long as level 2 for 8 percent fewer bytes.
_COMPRESSION: Final = 2
_LARGEST_PROFILE: Final = 1_000_000
# Pictures from so many pixels on are reduced in bands of so many pixels.
_LARGE: Final = 4_000_000
_BAND: Final = 2_000_000

# The size of each picture is looked at before it is decoded (media/limits.py); Pillow's own limit would only warn.
Image.MAX_IMAGE_PIXELS = None


@dataclass(frozen=True, slots=True)
class Made:
    """What was made of a picture: PNG files by variant (media/keys.py), and the size of the original."""

    width: int
    height: int
    files: dict[str, bytes]


def cost(data: bytes) -> int:
    """How many pixels are to be encoded for a picture; read off its head. Raises Unreadable."""
    with _opened(data) as image:
        width, height = image.size
        return width * height + PREVIEW_WIDTH * preview_height(width, height)


def preview_height(width: int, height: int) -> int:
    """How high the preview of a picture is."""
    return min(math.ceil(PREVIEW_WIDTH * height / width), TALLEST_PREVIEW)


def make(data: bytes) -> Made:
    """The original as PNG and the three pictures derived of it. Raises Unreadable.

    A PNG stays as it was sent unless it has to be turned; anything else becomes one.
    """
    with _opened(data) as image:
        upright, turned = _upright(image)
        kept = image.format == "PNG" and not turned and not getattr(image, "is_animated", False)
        original = data if kept else _as_png(upright)
        width, height = upright.size
        preview = _fitted(upright, (PREVIEW_WIDTH, preview_height(width, height)))
        files = {
            keys.ORIGINAL: original,
            keys.PREVIEW: _png(preview),
            keys.THUMBNAIL: _png(_fitted(_shrunk(preview, upright), THUMBNAIL_SIZE)),
            keys.SQUARE: _png(_fitted(_shrunk(preview, upright), SQUARE_SIZE)),
        }
        return Made(width, height, files)


def avatar(data: bytes) -> bytes:
    """The picture of a person, a production or the studio. Raises Unreadable."""
    return _small(data, AVATAR_SIZE)


def thumbnail(data: bytes) -> bytes:
    """The small picture of what was sent along with words. Raises Unreadable."""
    return _small(data, THUMBNAIL_SIZE)


def _small(data: bytes, box: tuple[int, int]) -> bytes:
    """One small picture, made inside a request: of a photograph no more is decoded than it takes."""
    with _opened(data, limits.IN_REQUEST) as image:
        image.draft(None, (4 * box[0], 4 * box[1]))
        upright, _ = _upright(image)
        return _png(_fitted(upright, box))


def pixels_in(data: bytes, box: tuple[int, int]) -> bytes:
    """The picture inside a box, centred on black: RGB, three bytes a pixel. Raises Unreadable."""
    with _opened(data) as image:
        fitted = _fitted(_upright(image)[0], box)
        canvas = Image.new("RGBA", box, "black")
        canvas.alpha_composite(fitted)
        return canvas.convert("RGB").tobytes()


def from_pixels(width: int, height: int, pixels: bytes) -> bytes:
    """A PNG of so many RGB pixels, three bytes each."""
    return _png(Image.frombytes("RGB", (width, height), pixels).convert("RGBA"))


@contextmanager
def _opened(data: bytes, bounds: limits.Bounds = limits.IN_QUEUE) -> Iterator[Image.Image]:
    """The picture, its head read and found within bounds; what goes wrong inside the body becomes Unreadable."""
    limits.check(data, bounds)
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            # Whatever two readers of one head may make of it.
            limits.check_size(*image.size, bounds)
            yield image
    except Unreadable:
        raise
    # Broken files make decoders raise errors of every sort.
    except Exception as problem:
        raise Unreadable("The file is not a whole PNG or JPEG picture.") from problem


def _upright(image: Image.Image) -> tuple[Image.Image, bool]:
    """The picture as it is to be looked at, and whether it had to be turned (cameras note how they were held)."""
    image.load()
    turned = image.getexif().get(0x0112, 1) not in (0, 1)
    return (ImageOps.exif_transpose(image) if turned else image), turned


def _as_png(image: Image.Image) -> bytes:
    """The whole picture as PNG, with its profile; ink becomes light, and its profile goes."""
    if image.mode in ("CMYK", "YCbCr", "LAB", "HSV"):
        return _png(_on_screen(image).convert("RGB"))
    return _png(image, image.info.get("icc_profile"))


def _fitted(image: Image.Image, box: tuple[int, int]) -> Image.Image:
    """The picture inside a box: aspect kept, centred on a transparent canvas, RGBA, in the colours of screens."""
    width, height = image.size
    scale = min(box[0] / width, box[1] / height)
    # Rounded up, a preview fills its own box to the last row.
    size = (min(box[0], max(1, math.ceil(width * scale))), min(box[1], max(1, math.ceil(height * scale))))
    small = _coloured(_reduced(image, size)).resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    small = _on_screen(small).convert("RGBA")
    if size == box:
        return small
    canvas = Image.new("RGBA", box, (0, 0, 0, 0))
    canvas.paste(small, ((box[0] - size[0]) // 2, (box[1] - size[1]) // 2))
    return canvas


def _reduced(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """A large picture, three times the size that is wanted or more.

    It is made in bands: the colours of a whole picture would take its memory several times over.
    """
    factor = min(image.width // (3 * size[0]), image.height // (3 * size[1]))
    if factor < 2 or image.width * image.height < _LARGE:
        return image
    rows = factor * max(1, _BAND // (image.width * factor))
    small: Image.Image | None = None
    for top in range(0, image.height, rows):
        band = _coloured(image.crop((0, top, image.width, min(top + rows, image.height))))
        # Colours under full transparency must not shine through.
        band = band.convert("RGBa").reduce(factor).convert("RGBA") if band.mode == "RGBA" else band.reduce(factor)
        if small is None:
            small = Image.new(band.mode, (band.width, -(-image.height // factor)))
            small.info.update({name: image.info[name] for name in ("icc_profile",) if name in image.info})
        small.paste(band, (0, top // factor))
    return small or image


def _shrunk(preview: Image.Image, image: Image.Image) -> Image.Image:
    """What small pictures are made of: the preview, unless that is a cut of a very tall strip."""
    return preview if preview.height < TALLEST_PREVIEW else image


def _coloured(image: Image.Image) -> Image.Image:
    """The picture in a mode that can be resized smoothly."""
    if image.mode in ("RGB", "RGBA", "L", "CMYK") and "transparency" not in image.info:
        return image
    if image.mode.startswith("I"):
        # Sixteen bits of grey: the upper eight are what a screen shows.
        return image.convert("I").point(lambda level: level / 256).convert("L")
    info = image.info
    made = image.convert("RGBA")
    made.info.update({name: info[name] for name in ("icc_profile",) if name in info})
    return made


def _on_screen(image: Image.Image) -> Image.Image:
    """The picture in sRGB, where it brings the profile of another space."""
    profile = image.info.get("icc_profile")
    if not profile or len(profile) > _LARGEST_PROFILE or image.mode not in ("RGB", "RGBA", "CMYK"):
        return image.convert("RGB") if image.mode == "CMYK" else image
    wanted = "RGBA" if image.mode == "RGBA" else "RGB"
    with suppress(ImageCms.PyCMSError, OSError, ValueError):
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        made = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=wanted)
        if made is not None:
            return made
    return image.convert(wanted)


def _png(image: Image.Image, profile: bytes | None = None) -> bytes:
    target = io.BytesIO()
    # Without being told, Pillow copies the profile of the source into every derived picture.
    image.save(target, "PNG", compress_level=_COMPRESSION, icc_profile=profile)
    return target.getvalue()
