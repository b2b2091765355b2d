"""Movies and pictures become one movie: a part of each, all alike, and the parts joined (docs/contract/files.md 9.1).

The pictures of a part are as they stay: joining copies them. Its sound is not compressed yet, so that it is as long as
the pictures to the sample, and the joined movie has no seams in it.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from chalicelib.media import movies
from chalicelib.media.movies import Movie

# Whatever changes how parts are made has to change this, or parts of both sorts would be joined.
RECIPE: Final = "1"
# How long a picture among the clips is shown; another length makes other parts.
STILL_SECONDS: Final = 2.0
_SAMPLES_A_SECOND: Final = 48_000
_QUALITY, _MOST_BITS = "20", "28M"
# Players need to know which colours are meant, and the parts must not differ in that.
_COLOURS: Final = "range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"
_SCREEN: Final = f"format=yuv420p,setparams={_COLOURS}"


class Part(NamedTuple):
    """A part on this machine, and how many frames it has."""

    path: Path
    frames: int


def make_part(source: Path, size: tuple[int, int], fps: float, target: Path, seconds: float) -> int:
    """Writes the part of a movie: in that size and rate, fitted and centred, with sound or silence; gives its frames.

    seconds: how long that may take. Raises Unreadable.
    """
    movie = movies.probe(source)
    frames = _write_mute([*movies.reading(source), "-map", "0:v:0"], _filters(movie, size, fps), fps, target, seconds)
    _add_sound(target, source if movie.has_sound else None, frames, fps)
    return frames


def make_still_part(source: Path, size: tuple[int, int], fps: float, target: Path, seconds: float) -> int:
    """The same of a picture: it stands for `STILL_SECONDS`, in silence."""
    # Pillow is loaded where pictures are made alone.
    from chalicelib.media import pictures

    pixels = target.with_name(f"{target.name}.rgb")
    pixels.write_bytes(pictures.pixels_in(source.read_bytes(), size))
    width, height = size
    frame = ["-f", "rawvideo", "-pixel_format", "rgb24", "-video_size", f"{width}x{height}", "-framerate", f"{fps:g}"]
    frames = max(1, round(STILL_SECONDS * fps))
    filters = f"loop=loop={frames - 1}:size=1,scale=out_color_matrix=bt709:out_range=tv,{_SCREEN}"
    frames = _write_mute([*frame, "-i", str(pixels)], filters, fps, target, seconds)
    pixels.unlink()
    _add_sound(target, None, frames, fps)
    return frames


def _write_mute(reading: Sequence[str], filters: str, fps: float, target: Path, seconds: float) -> int:
    """Writes the pictures of a part beside its target; gives how many there are."""
    mute = ["-an", "-vf", filters, *_encoding(fps), str(_mute_of(target)), *movies.PROGRESS]
    return movies.frames_told(movies.run([*reading, *mute], seconds=seconds))


def _mute_of(target: Path) -> Path:
    return target.with_name(f"mute-{target.name}")


def _add_sound(target: Path, source: Path | None, frames: int, fps: float) -> None:
    """Writes a part of its pictures, and of the sound of a movie or of silence, exactly as long."""
    mute = _mute_of(target)
    samples = round(frames / fps * _SAMPLES_A_SECOND)
    tracks = ["-map", "0:v:0", "-map", "1:a:0", "-c:v", "copy", "-c:a", "pcm_s16le", str(target)]
    movies.run([*movies.reading(mute), *_sound(source, samples), *tracks], seconds=movies.SHORT_SECONDS)
    mute.unlink()


def join(parts: Sequence[Part], fps: float, target: Path, seconds: float) -> None:
    """Writes the movie that the parts make one after the other. Raises Unreadable."""
    entries = [f"file '{part.path.name}'\nduration {part.frames / fps:.6f}\n" for part in parts]
    told = target.with_name("parts.ffconcat")
    told.write_text("ffconcat version 1.0\n" + "".join(entries))
    guards = ["-protocol_whitelist", "file,pipe", "-format_whitelist", "concat,mov"]
    sound = ["-c:a", "aac", "-b:a", "160k", "-ac", "2", "-af", "aresample=async=1:first_pts=0"]
    tracks = ["-map", "0:v:0", "-map", "0:a:0", "-c:v", "copy", *sound, *movies.FINISH, str(target)]
    movies.run([*guards, "-f", "concat", "-i", str(told), *tracks], seconds=seconds)


def _filters(movie: Movie, size: tuple[int, int], fps: float) -> str:
    width, height = size
    wide, high = (movies.even(one) for one in movies.fitted_size(movie, size))
    # A picture that begins late is shown from the start, so that the sound stays where it was.
    rate = f"{movies.at_rate(movie, fps)}:start_time=0"
    scale = f"scale={min(wide, width)}:{min(high, height)}:out_color_matrix=bt709:out_range=tv,setsar=1"
    return f"{rate},{scale},pad={width}:{height}:(ow-iw)/2:(oh-ih)/2,{_SCREEN}"


def _encoding(fps: float) -> list[str]:
    """A key frame a second, and no frame that needs a later one: so parts end where they end."""
    codec = ["-c:v", "libx264", "-preset", "veryfast", "-crf", _QUALITY, "-maxrate", _MOST_BITS, "-bufsize", _MOST_BITS]
    return [*codec, "-bf", "0", "-g", str(max(1, round(fps))), "-map_metadata", "-1"]


def _sound(source: Path | None, samples: int) -> list[str]:
    """The second input, and the filter that makes its sound exactly so long."""
    length = f"apad,atrim=end_sample={samples}"
    if source is not None:
        alike = f"aresample={_SAMPLES_A_SECOND}:async=1:first_pts=0,aformat=sample_fmts=s16:channel_layouts=stereo"
        return [*movies.reading(source), "-af", f"{alike},{length}"]
    silence = f"anullsrc=channel_layout=stereo:sample_rate={_SAMPLES_A_SECOND}"
    return ["-f", "lavfi", "-i", silence, "-af", length]
