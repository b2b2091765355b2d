"""Movies: sizes, rates, tiles, and what ffmpeg must not be led to (docs/contract/files.md 6.3)."""

from pathlib import Path

import pytest

from chalicelib.media import movies
from chalicelib.media.movies import Movie
from chalicelib.media.unreadable import Unreadable
from chalicelib.records import measures
from tests.unit.files.conftest import size_of
from tests.unit.media.conftest import Filming

pytestmark = pytest.mark.slow
WIDE = Movie(1920, 1080, 16 / 9, 2.0, 25.0, True)
TALL = Movie(120, 200, 0.6, 1.0, 25.0, False)


@pytest.mark.parametrize(
    ("wanted", "movie", "size"),
    [
        (["", "320x180"], WIDE, (320, 180)),
        (["401x225", "320x180"], WIDE, (402, 226)),
        (["x240", "320x180"], TALL, (320, 180)),
        (["", "x240"], TALL, (144, 240)),
        ([None, "4k"], WIDE, (1920, 1080)),
        ([], TALL, (648, 1080)),
        (["16x9", "12345x1080"], WIDE, (1920, 1080)),
    ],
)
def test_the_size_is_that_of_the_entity_or_the_production(
    wanted: list[str | None], movie: Movie, size: tuple[int, int]
) -> None:
    assert movies.target_size(wanted, movie) == size


@pytest.mark.parametrize(
    ("wanted", "fps"),
    [(["30", "25"], 30), ([None, "23,976"], 23.976), (["", "fast"], 25), ([0, -5, "12"], 12), ([], 25), (["9999"], 25)],
)
def test_the_rate_is_the_first_that_is_one(wanted: list[object], fps: float) -> None:
    assert measures.frames_per_second(*wanted) == fps


@pytest.mark.parametrize(("aspect", "width"), [(16 / 9, 178), (4 / 3, 134), (0.6, 60), (2.39, 239), (1.0, 100)])
def test_cells_of_a_tile_have_the_aspect_of_the_screen(aspect: float, width: int) -> None:
    assert movies.cell_width(aspect) == width


def test_a_movie_is_normalised(film: Path) -> None:
    told = movies.probe(film)
    assert (told.width, told.height, told.duration, told.has_sound) == (160, 120, 2.0, False)
    normal, low = film.with_name("normal.mp4"), film.with_name("low.mp4")
    assert movies.normalise(film, told, (320, 180), 25, normal, low) == 50
    made, small = movies.probe(normal), movies.probe(low)
    assert (made.width, made.height, made.has_sound) == (320, 180, True)
    assert round(made.aspect, 3) == 1.333
    assert (small.width, small.height) == (1280, 720)


@pytest.mark.parametrize("fps", [12, 25, 23.976])
@pytest.mark.parametrize("seconds", [0.04, 0.2, 0.52, 3])
def test_silence_lasts_as_long_as_the_movie(filming: Filming, seconds: float, fps: float) -> None:
    source = filming(f"testsrc=size=160x120:rate=25:duration={seconds}")
    normal, low = source.with_name("normal.mp4"), source.with_name("low.mp4")
    frames = movies.normalise(source, movies.probe(source), (160, 120), fps, normal, low)
    for made in (normal, low):
        told = movies.probe(made)
        assert told.has_sound
        # ffmpeg tells hundredths of a second.
        assert told.duration == pytest.approx(frames / fps, abs=0.011)


def test_a_tile_holds_every_frame_or_an_even_choice(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = film.with_name("tile.png")
    movies.tile(film, movies.probe(film), 50, target)
    assert size_of(target.read_bytes()) == (8 * 134, 700)
    monkeypatch.setattr(movies, "MOST_ROWS", 2)
    movies.tile(film, movies.probe(film), 50, target)
    assert size_of(target.read_bytes()) == (8 * 134, 200)


def test_frames_are_counted_from_one(film: Path) -> None:
    first, second, last = (movies.frame(film, number, movies.probe(film)) for number in (1, 2, 50))
    assert first is not None
    assert size_of(first) == (160, 120)
    assert len({first, second, last}) == 3
    assert movies.frame(film, 51, movies.probe(film)) is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"this is not a movie",
        b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n",
        b"ffconcat version 1.0\nfile /etc/hostname\n",
        b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom",
    ],
    ids=["empty", "text", "play list", "list of files", "cut"],
)
def test_what_is_no_movie_is_unreadable(ffmpeg: str, tmp_path: Path, data: bytes) -> None:
    source = tmp_path / "source"
    source.write_bytes(data)
    with pytest.raises(Unreadable, match="not a movie") as refused:
        movies.probe(source)
    assert str(tmp_path) not in str(refused.value)


def test_a_movie_that_takes_too_long_is_given_up(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(movies, "MOST_SECONDS", 0.001)
    with pytest.raises(Unreadable, match="takes longer"):
        movies.normalise(film, movies.probe(film), (320, 180), 25, film.with_name("a.mp4"), film.with_name("b.mp4"))


def test_without_ffmpeg_the_reason_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(movies, "program", lambda: None)
    with pytest.raises(Unreadable, match="no ffmpeg"):
        movies.probe(tmp_path / "source")
