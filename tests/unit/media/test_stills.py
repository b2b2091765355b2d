"""Stills of movies whose shape is not the production's: a circle stays a circle, in the middle."""

import io
from pathlib import Path

import pytest
from PIL import Image

from chalicelib.media import movies, pictures
from tests.unit.media.conftest import Filming

pytestmark = pytest.mark.slow
CIRCLE = "geq=lum='if(lte(hypot(X-W/2\\,(Y-H/2)),min(W\\,H)/4),235,16)':cb=128:cr=128"
SHAPES = {"square": (200, 200), "upright": (108, 192), "scope": (288, 120), "wide": (320, 180)}


def extent(still: bytes) -> tuple[tuple[int, int], tuple[float, float]]:
    """How wide and high the circle is, and how far its middle is from that of the picture."""
    image = Image.open(io.BytesIO(still)).convert("L").point(lambda level: 255 if level > 128 else 0)
    box = image.getbbox()
    assert box is not None
    left, top, right, bottom = box
    middle = (left + right - image.width) / 2, (top + bottom - image.height) / 2
    return (right - left, bottom - top), middle


def circle(filming: Filming, size: tuple[int, int], *arguments: str) -> Path:
    return filming(f"color=black:size={size[0]}x{size[1]}:rate=25:duration=0.2,format=yuv444p,{CIRCLE}", *arguments)


def assert_round(still: bytes) -> None:
    (width, height), middle = extent(still)
    assert width > 4
    assert abs(width - height) <= max(2, width // 20)
    assert max(map(abs, middle)) <= 2.5


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_a_circle_stays_one_in_every_still(filming: Filming, tmp_path: Path, shape: str) -> None:
    source = circle(filming, SHAPES[shape])
    normal, low = tmp_path / "normal.mp4", tmp_path / "low.mp4"
    movies.normalise(source, movies.probe(source), (320, 180), 25, normal, low)
    stored = movies.probe(normal)
    still = movies.frame(normal, 1, stored)
    assert still is not None
    assert Image.open(io.BytesIO(still)).size == (320, 180)
    assert_round(still)
    for made in pictures.make(still).files.values():
        assert_round(made)


def test_pixels_that_are_no_squares_are_shown_as_they_look(filming: Filming) -> None:
    source = circle(filming, (160, 160), "-vf", "scale=80:160,setsar=2")
    still = movies.frame(source, 1, movies.probe(source))
    assert still is not None
    assert_round(still)


def test_a_movie_that_is_turned_is_shown_upright(filming: Filming, ffmpeg: str, tmp_path: Path) -> None:
    import subprocess

    source, turned = circle(filming, (200, 120)), tmp_path / "turned.mp4"
    command = [ffmpeg, "-loglevel", "error", "-y", "-display_rotation", "90", "-i", str(source), "-c", "copy"]
    subprocess.run([*command, str(turned)], check=True)
    told = movies.probe(turned)
    assert (told.width, told.height) == (120, 200)
    normal, low = tmp_path / "normal.mp4", tmp_path / "low.mp4"
    movies.normalise(turned, told, (320, 180), 25, normal, low)
    still = movies.frame(normal, 1, movies.probe(normal))
    assert still is not None
    assert_round(still)
