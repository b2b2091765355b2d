"""Clips become one movie: a part of each, all alike, and the parts joined (docs/contract/files.md 9.1).

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
_SAMPLES_A_SECOND: Final = 48_000
_QUALITY, _MOST_BITS = "20", "28M"
# Players need to know which colours are meant, and the parts must not differ in that.
_COLOURS: Final = "range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"


class Part(NamedTuple):
    """A part on this machine, and how many frames it has."""

    path: Path
    frames: int


def make_part(source: Path, movie: Movie, size: tuple[int, int], fps: float, target: Path, seconds: float) -> int:
    """Writes the part of a clip: in that size and rate, fitted and centred, with sound or silence; gives its frames.

    seconds: how long that may take. Raises Unreadable.
    """
    mute = target.with_name(f"mute-{target.name}")
    picture = ["-map", "0:v:0", "-an", "-vf", _filters(movie, size, fps), *_encoding(fps), str(mute)]
    told = movies.run([*movies.reading(source), *picture, *movies.PROGRESS], seconds=seconds)
    frames = movies.frames_told(told)
    samples = round(frames / fps * _SAMPLES_A_SECOND)
    tracks = ["-map", "0:v:0", "-map", "1:a:0", "-c:v", "copy", "-c:a", "pcm_s16le", str(target)]
    movies.run([*movies.reading(mute), *_sound(source, movie, samples), *tracks], seconds=movies.SHORT_SECONDS)
    mute.unlink()
    return frames


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
    return f"{rate},{scale},pad={width}:{height}:(ow-iw)/2:(oh-ih)/2,format=yuv420p,setparams={_COLOURS}"


def _encoding(fps: float) -> list[str]:
    """A key frame a second, and no frame that needs a later one: so parts end where they end."""
    codec = ["-c:v", "libx264", "-preset", "veryfast", "-crf", _QUALITY, "-maxrate", _MOST_BITS, "-bufsize", _MOST_BITS]
    return [*codec, "-bf", "0", "-g", str(max(1, round(fps))), "-map_metadata", "-1"]


def _sound(source: Path, movie: Movie, samples: int) -> list[str]:
    """The second input, and the filter that makes its sound exactly so long."""
    length = f"apad,atrim=end_sample={samples}"
    if movie.has_sound:
        alike = f"aresample={_SAMPLES_A_SECOND}:async=1:first_pts=0,aformat=sample_fmts=s16:channel_layouts=stereo"
        return [*movies.reading(source), "-af", f"{alike},{length}"]
    silence = f"anullsrc=channel_layout=stereo:sample_rate={_SAMPLES_A_SECOND}"
    return ["-f", "lavfi", "-i", silence, "-af", length]
