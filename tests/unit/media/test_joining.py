"""Clips become one movie: its length, its order, what is fitted where (docs/contract/files.md 9.1)."""

import io
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from chalicelib.media import joining, movies
from chalicelib.media.joining import Part
from tests.unit.media.conftest import Filming

pytestmark = pytest.mark.slow
SIZE, FPS = (64, 36), 25.0
TONE = "[out0];sine=frequency=440:sample_rate=44100:duration=1[out1]"


def colour(name: str, size: str = "64x36", rate: str = "25", seconds: float = 0.4) -> str:
    return f"color=c={name}:size={size}:rate={rate}:duration={seconds}"


def part(source: Path, number: int = 0, fps: float = FPS) -> Part:
    target = source.with_name(f"part-{number}.mov")
    return Part(target, joining.make_part(source, SIZE, fps, target, 60))


def decoded(ffmpeg: str, film: Path) -> tuple[int, float]:
    """How many frames a movie shows, and how many seconds of sound it has; everything in it is decoded."""
    command = [ffmpeg, "-hide_banner", "-v", "info", "-i", str(film), "-map", "0:v", "-fps_mode", "passthrough"]
    told = subprocess.run([*command, "-f", "null", "-"], capture_output=True, check=True, text=True).stderr
    assert "rror" not in told
    sound = [ffmpeg, "-v", "error", "-i", str(film), "-map", "0:a", "-f", "s16le", "-ac", "1", "-ar", "48000", "-"]
    samples = len(subprocess.run(sound, capture_output=True, check=True).stdout) / 2
    return int(re.findall(r"frame=\s*(\d+)", told)[-1]), samples / 48_000


def pixel(film: Path, number: int, at: tuple[int, int]) -> Any:
    data = movies.frame(film, number, movies.probe(film))
    assert data is not None
    with Image.open(io.BytesIO(data)) as image:
        return image.convert("RGB").getpixel(at)


def shade(film: Path, number: int, at: tuple[int, int] = (32, 18)) -> str:
    """Which of the colours a frame (from 1) has at a place."""
    return _shade(pixel(film, number, at))


def _shade(colour: Any) -> str:
    strong = tuple(index for index, value in enumerate(colour) if value > 90)
    return {(0,): "red", (1,): "green", (2,): "blue", (): "black", (0, 1, 2): "white"}[strong]


def shades(ffmpeg: str, film: Path) -> list[str]:
    """Which of the colours each frame has in its middle."""
    middle = ["-vf", "crop=2:2", "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    data = subprocess.run([ffmpeg, "-v", "error", "-i", str(film), *middle], capture_output=True, check=True).stdout
    return [_shade(data[start : start + 3]) for start in range(0, len(data), 12)]


def pictured(colour: Any, size: tuple[int, int], mode: str = "RGB") -> bytes:
    """A PNG of one colour."""
    target = io.BytesIO()
    Image.new(mode, size, colour).save(target, "PNG")
    return target.getvalue()


def test_mixed_clips_give_one_movie_in_their_order(ffmpeg: str, filming: Filming) -> None:
    clips = [
        filming(colour("red"), name="a.mp4"),
        # Twice as large, another rate, with sound; upright; of pixels that are no squares.
        filming(colour("lime", "128x72", "50", 1) + TONE, name="b.mov"),
        filming(colour("blue", "40x80", "12", 0.5), name="c.mkv"),
        filming(colour("white", "36x36"), "-vf", "setsar=16/9", "-ac", "1", name="d.mov"),
    ]
    parts = [part(clip, number) for number, clip in enumerate(clips)]
    assert [one.frames for one in parts] == [10, 25, 13, 10]
    target = clips[0].with_name("joined.mp4")
    joining.join(parts, FPS, target, 60)
    told = movies.probe(target)
    assert (told.width, told.height, told.fps, told.has_sound) == (64, 36, 25.0, True)
    frames, sound = decoded(ffmpeg, target)
    assert frames == 58
    # The sound is compressed in frames of 21 ms.
    assert sound == pytest.approx(58 / 25, abs=0.03)
    shades = [shade(target, number) for number in (1, 10, 11, 35, 36, 48, 49, 58)]
    assert shades == ["red", "red", "green", "green", "blue", "blue", "white", "white"]
    # What is upright stands in the middle; what is as wide as the movie fills it.
    assert [shade(target, 40, at) for at in ((4, 18), (60, 18))] == ["black", "black"]
    assert [shade(target, 50, at) for at in ((2, 18), (61, 18), (32, 2))] == ["white", "white", "white"]


@pytest.mark.parametrize("fps", [12, 23.976, 30])
def test_nothing_drifts_over_many_parts(ffmpeg: str, filming: Filming, fps: float) -> None:
    clip = filming(colour("red", seconds=0.3), name="a.mp4")
    made = part(clip, 0, fps)
    target = clip.with_name("joined.mp4")
    joining.join([made] * 30, fps, target, 60)
    frames, sound = decoded(ffmpeg, target)
    assert frames == 30 * made.frames
    assert sound == pytest.approx(frames / fps, abs=0.03)
    assert movies.probe(target).duration == pytest.approx(frames / fps, abs=0.03)


def test_sound_keeps_its_place(ffmpeg: str, filming: Filming) -> None:
    silent = filming(colour("red", seconds=1), name="a.mp4")
    loud = filming(colour("red", seconds=1) + TONE, name="b.mov")
    parts = [part(silent, 0), part(loud, 1), part(silent, 2)]
    target = silent.with_name("joined.mp4")
    joining.join(parts, FPS, target, 60)
    sound = [ffmpeg, "-v", "error", "-i", str(target), "-map", "0:a", "-f", "s16le", "-ac", "1", "-ar", "48000", "-"]
    data = memoryview(subprocess.run(sound, capture_output=True, check=True).stdout).cast("h")
    loudest = [max(map(abs, data[start : start + 24_000])) for start in range(0, 144_000, 24_000)]
    assert [value > 500 for value in loudest[::2] + loudest[1::2]] == [False, True, False] * 2


@pytest.mark.parametrize(
    ("colour", "size", "mode", "wanted"),
    [
        ("red", (64, 36), "RGB", ["red", "red", "red"]),
        ("red", (128, 36), "RGB", ["red", "red", "black"]),
        ("blue", (40, 200), "RGB", ["blue", "black", "blue"]),
        ((0, 255, 0, 10), (64, 36), "RGBA", ["black", "black", "black"]),
        (65_535, (64, 36), "I;16", ["white", "white", "white"]),
        (0, (1, 1), "1", ["black", "black", "black"]),
    ],
)
def test_a_picture_is_fitted_and_stands_in_silence(
    ffmpeg: str, tmp_path: Path, colour: Any, size: tuple[int, int], mode: str, wanted: list[str]
) -> None:
    source, target = tmp_path / "source", tmp_path / "part.mov"
    source.write_bytes(pictured(colour, size, mode))
    frames = joining.make_still_part(source, SIZE, 12, target, 60)
    assert (frames, decoded(ffmpeg, target)) == (24, (24, 2.0))
    assert [shade(target, number, at) for number in (1, 24) for at in ((32, 18), (3, 18), (32, 2))] == wanted * 2
    assert [one.name for one in tmp_path.iterdir() if one.name not in ("frame.png",)] in (
        ["source", "part.mov"],
        ["part.mov", "source"],
    )


def test_a_picture_has_the_colours_of_a_movie(ffmpeg: str, filming: Filming, tmp_path: Path) -> None:
    (tmp_path / "still").write_bytes(pictured((200, 100, 50), (64, 36)))
    still = tmp_path / "still.mov"
    joining.make_still_part(tmp_path / "still", SIZE, FPS, still, 60)
    moving = part(filming(colour("0xC86432"), name="a.mp4")).path
    assert max(abs(a - b) for a, b in zip(pixel(still, 1, (9, 9)), pixel(moving, 1, (9, 9)), strict=True)) <= 4


def test_a_clip_shorter_than_a_frame_is_a_frame(filming: Filming) -> None:
    assert part(filming(colour("red", seconds=0.04)), fps=12).frames == 1


def test_what_takes_too_long_is_given_up(film: Path) -> None:
    with pytest.raises(movies.Unreadable, match="takes longer"):
        joining.make_part(film, SIZE, FPS, film.with_name("part.mov"), 0.001)
