"""Movies: what is derived of one, by ffmpeg (docs/contract/files.md 6.3).

ffmpeg comes as a layer of the media function alone; where there is none, a movie ends as broken, with that reason.
"""

import itertools
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from chalicelib.media.unreadable import Unreadable
from chalicelib.records import measures
from chalicelib.settings import current

LAYER: Final = "/opt/bin/ffmpeg"
LOW_WIDTH: Final = 1280
USUAL_HEIGHT: Final = 1080
COLUMNS: Final = 8
MOST_ROWS: Final = 480
CELL_HEIGHT: Final = 100
# A run of the function may take 900 seconds: so long for the two movies, so long for each of the rest.
MOST_SECONDS: Final = 600
SHORT_SECONDS: Final = 120
# Play lists and the like would make ffmpeg open other files and addresses.
_CONTAINERS: Final = "mov,matroska,avi,asf"
_MOST_PIXELS: Final = 100_000_000
_RATE, _LOW_RATE = "28M", "6M"
PROGRESS: Final = ("-progress", "pipe:1", "-nostats")
FINISH: Final = ("-map_metadata", "-1", "-movflags", "+faststart")
_DURATION = re.compile(r"Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)")
_VIDEO = re.compile(r"Stream #0:\d+.*?: Video: (.*)")
_SIZE = re.compile(r"(?:^|, )(\d{1,5})x(\d{1,5})(?:[ ,]|$)")
_DISPLAY = re.compile(r"DAR (\d+):(\d+)")
_FPS = re.compile(r"([\d.]+) fps")
# ffmpeg shows two digits of these.
_EXACT_RATES: Final = {23.98: 23.976, 47.95: 47.952}
_TURNED = re.compile(r"rotation of (-?\d+)")


@dataclass(frozen=True, slots=True)
class Movie:
    """What a file tells of itself: its picture as it is to be looked at, its aspect on a screen, its length."""

    width: int
    height: int
    aspect: float
    duration: float
    fps: float
    has_sound: bool


def program() -> str | None:
    """The ffmpeg to run: that of the settings, the layer's, the one on the path; None where there is none."""
    import shutil

    wanted = current().ffmpeg
    if wanted:
        return wanted if os.access(wanted, os.X_OK) else None
    return LAYER if os.access(LAYER, os.X_OK) else shutil.which("ffmpeg")


def probe(source: Path) -> Movie:
    """What a file tells of itself. Raises Unreadable for one that is no movie."""
    told = run([*reading(source)], expect_output=False)
    found = _VIDEO.search(told)
    size = _SIZE.search(found[1]) if found else None
    if found is None or size is None:
        raise Unreadable(f"The file is not a movie: {_reason(told)}")
    width, height = int(size[1]), int(size[2])
    display = _DISPLAY.search(found[1])
    aspect = int(display[1]) / int(display[2]) if display and int(display[2]) else width / height
    turn = _TURNED.search(told)
    if turn and int(turn[1]) % 180:
        width, height, aspect = height, width, 1 / aspect
    rate = _FPS.search(found[1])
    fps = float(rate[1]) if rate else 0.0
    return Movie(width, height, aspect, _seconds(told), _EXACT_RATES.get(fps, fps), ": Audio: " in told)


def normalise(source: Path, movie: Movie, size: tuple[int, int], fps: float, target: Path, low: Path) -> int:
    """Writes the normalised and the low movie; gives the number of frames. Raises Unreadable.

    The picture is scaled to exactly `size`; its aspect on a screen survives. The key frames lie close together, so that
    a player can step; a movie without sound gets silence.
    """
    sound = ["-map", "0:a:0", "-c:a", "aac", "-b:a", "160k", "-ac", "2"] if movie.has_sound else ["-an"]
    targets = [target, low] if movie.has_sound else [one.with_name(f"mute-{one.name}") for one in (target, low)]
    outputs = zip(targets, (size, _low_size(size)), (_RATE, _LOW_RATE), strict=True)
    rate = at_rate(movie, fps)
    encoded = [("-map", "0:v:0", *sound, *_encoding(wanted, bits, rate), str(one)) for one, wanted, bits in outputs]
    told = run(
        [*reading(source), *itertools.chain(*encoded), *PROGRESS],
        seconds=MOST_SECONDS,
    )
    frames = frames_told(told)
    if not movie.has_sound:
        for mute, one in zip(targets, (target, low), strict=True):
            _add_silence(mute, one, frames / fps)
    return frames


def at_rate(movie: Movie, fps: float) -> str:
    """The filter that gives a movie so many frames a second."""
    # The rounding of rates leaves nothing of what is shorter than one frame.
    return f"fps={fps:g}:eof_action={'pass' if movie.duration * fps < 1 else 'round'}"


def frames_told(told: str) -> int:
    """How many frames ffmpeg wrote, by its progress. Raises Unreadable for none."""
    counted = re.findall(r"^frame=\s*(\d+)", told, re.MULTILINE)
    if not counted or not int(counted[-1]):
        raise Unreadable(f"The movie holds no picture: {_reason(told)}")
    return int(counted[-1])


def _add_silence(mute: Path, target: Path, seconds: float) -> None:
    """Gives a movie a sound track of exactly that length.

    ffmpeg's own `-shortest` ends an endless track when it notices, which may be a second too late.
    """
    silence = ["-f", "lavfi", "-t", f"{seconds:.6f}", "-i", "anullsrc=channel_layout=stereo:sample_rate=44100"]
    tracks = ["-map", "0:v:0", "-map", "1:a:0", "-c:v", "copy", "-c:a", "aac", "-b:a", "160k"]
    run([*reading(mute), *silence, *tracks, *FINISH, str(target)])
    mute.unlink()


def frame(source: Path, number: int, movie: Movie) -> bytes | None:
    """A frame (from 1) as PNG, in the size of the movie; None past its end.

    Where the movie's pixels are no squares, the picture is fitted into that size as it is to be looked at, centred.
    """
    # Half a frame early: the first picture from there on is the one that is wanted, whatever the rounding.
    start = max(0.0, (number - 1.5) / movie.fps) if movie.fps else 0.0
    made = source.with_name("frame.png")
    made.unlink(missing_ok=True)
    arguments = ["-map", "0:v:0", *_fitted(movie), "-frames:v", "1", "-update", "1", "-pix_fmt", "rgba", str(made)]
    run(["-ss", f"{start:.6f}", *reading(source), *arguments], expect_output=False)
    return made.read_bytes() if made.exists() else None


def _fitted(movie: Movie) -> list[str]:
    """The filter that shows a movie in square pixels inside its own size; none where they are squares already."""
    width, height = movie.width, movie.height
    wide, high = fitted_size(movie, (width, height))
    if (wide, high) == (width, height):
        return []
    return ["-vf", f"scale={wide}:{high},setsar=1,pad={width}:{height}:({width}-iw)/2:({height}-ih)/2"]


def fitted_size(movie: Movie, box: tuple[int, int]) -> tuple[int, int]:
    """How large a movie is in a box as it is to be looked at, in square pixels."""
    width, height = box
    return min(width, round(height * movie.aspect)), min(height, round(width / movie.aspect))


def tile(source: Path, movie: Movie, frames: int, target: Path) -> None:
    """Writes the picture of all frames side by side, by which a player previews its time line. Raises Unreadable."""
    rows = max(1, min(-(-frames // COLUMNS), MOST_ROWS))
    cells = rows * COLUMNS
    # With more frames than cells, they are dropped evenly.
    drop = f"select=gte(n*{cells}\\,selected_n*{frames})," if frames > cells else ""
    scale = f"scale={cell_width(movie.aspect)}:{CELL_HEIGHT},setsar=1"
    filters = f"{drop}{scale},tile={COLUMNS}x{rows}"
    arguments = ["-map", "0:v:0", "-vf", filters, "-frames:v", "1", "-fps_mode", "vfr", "-update", "1", str(target)]
    run([*reading(source), *arguments])


def cell_width(aspect: float) -> int:
    """How wide a cell of the tile is; a rounding error in the aspect adds no pixel."""
    return -int(-round(CELL_HEIGHT * aspect, 3) // 1)


def target_size(wanted: Sequence[str | None], movie: Movie) -> tuple[int, int]:
    """The size to normalise to, both numbers even.

    wanted: the resolutions of the entity and of its production, the more particular first: `1920x1080`, or `x1080` for
    the production's height alone. Without any the height is 1080.
    """
    for text in wanted:
        if size := measures.resolution(text):
            return even(size[0]), even(size[1])
    height = (measures.height(wanted[-1]) if wanted else None) or USUAL_HEIGHT
    return even(int(movie.width / movie.height * height)), even(height)


def _low_size(size: tuple[int, int]) -> tuple[int, int]:
    return LOW_WIDTH, max(2, even(int(size[1] / size[0] * LOW_WIDTH)))


def even(number: int) -> int:
    """The number itself, or the next one."""
    return number + number % 2


def reading(source: Path) -> list[str]:
    """The input; another container than those of movies is not even tried."""
    guards = ["-protocol_whitelist", "file,pipe", "-format_whitelist", _CONTAINERS, "-max_pixels", str(_MOST_PIXELS)]
    return [*guards, "-i", str(source)]


def _encoding(size: tuple[int, int], bits: str, rate: str) -> list[str]:
    picture = ["-vf", f"{rate},scale={size[0]}:{size[1]}", "-pix_fmt", "yuv420p"]
    codec = ["-c:v", "libx264", "-preset", "veryfast", "-b:v", bits, "-maxrate", bits, "-bufsize", bits, "-g", "2"]
    return [*picture, *codec, *FINISH]


def run(arguments: Sequence[str], expect_output: bool = True, seconds: float = SHORT_SECONDS) -> str:
    """Runs ffmpeg; what it said. Raises Unreadable where it fails although output was expected, or takes too long."""
    # The API loads this module at its cold start, and runs nothing.
    import subprocess

    found = program()
    if found is None:
        raise Unreadable("This installation has no ffmpeg, so movies cannot be prepared.")
    command = [found, "-hide_banner", "-nostdin", "-y", *arguments]
    try:
        ended = subprocess.run(command, capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        raise Unreadable(f"The movie takes longer than {seconds} seconds to prepare.") from None
    told = (ended.stderr + b"\n" + ended.stdout).decode(errors="replace")
    if ended.returncode and expect_output:
        raise Unreadable(f"The movie cannot be read: {_reason(told)}")
    return told


def _reason(told: str) -> str:
    """The line of ffmpeg's report that says what is wrong, without the paths of this machine."""
    lines = [line.strip() for line in told.splitlines() if line.strip() and "=" not in line[:20]]
    wrong = [line for line in lines if re.search(r"error|invalid|not found|no such|unknown|denied", line, re.I)]
    line = (wrong or lines or ["no reason given"])[-1]
    return re.sub(r"(/[\w.\-]+)+", "the file", re.sub(r"^\[[^]]*\] ", "", line))[:200]


def _seconds(told: str) -> float:
    found = _DURATION.search(told)
    return int(found[1]) * 3600 + int(found[2]) * 60 + float(found[3]) if found else 0.0
