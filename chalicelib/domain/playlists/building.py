"""Building the movie of a playlist, in the queue function (docs/contract/files.md 9.1).

A part is made of each movie and picture and kept in the bucket under a name that tells what made it, so that another
build makes only what changed. A run begins no part after some minutes: what is left is the next run's, which finds the
parts that are there. So a playlist of any length is built within the time of a function; at no time is more than one
clip encoded, and the joined movie has to fit the function's disk, together with its parts.
"""

import shutil
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from chalicelib.domain.playlists import build_jobs
from chalicelib.domain.playlists.clips import Clip, Shape, clips_of, name_of, shape_of
from chalicelib.errors import NotFound
from chalicelib.media import joining, keys
from chalicelib.media.joining import Part
from chalicelib.media.unreadable import Unreadable
from chalicelib.records.files import BUILD_JOB, PLAYLIST
from chalicelib.records.record import Record
from chalicelib.store import homes, objects, reads

# A function has 900 seconds: a part that is begun late takes 620 more at most, and so does joining.
SECONDS_TO_BEGIN: Final = 240.0
_PART_SECONDS: Final = 500.0
_JOIN_SECONDS: Final = 500.0
_LONGEST_ERROR: Final = 4000


class _HandedOn(Exception):
    """The run has no time for what is left; another one goes on."""


@dataclass
class _Run:
    """One run of a build; `unread`: the clips that cannot be read, by what their parts would be made by, and why."""

    playlist: Record
    shape: Shape
    folder: Path
    until: float
    unread: dict[str, str]
    parts: dict[str, str] = field(default_factory=dict)

    @property
    def home(self) -> str:
        """The home of the playlist."""
        return homes.of(PLAYLIST, self.playlist)


def serve(asked: Mapping[str, Any]) -> None:
    """Builds what a request asked for, or as much of it as a run has time for.

    asked: `build_job_id`; `anew` to use no part that is there; `unread` as a former run left it. Nothing happens for a
    build that is gone or has ended.
    """
    build = reads.find(BUILD_JOB, asked["build_job_id"])
    playlist = reads.find(PLAYLIST, build["playlist_id"]) if build else None
    if build is None or playlist is None or build["status"] != "running":
        return
    unread = dict(asked.get("unread") or {})
    try:
        _build(build, playlist, bool(asked.get("anew")), unread)
    except _HandedOn:
        build_jobs.ask(build.id, unread=unread)
    except Unreadable as problem:
        with suppress(NotFound):
            build_jobs.fail(build.id, str(problem)[:_LONGEST_ERROR])


def give_up(asked: Mapping[str, Any], attempts: int) -> None:
    """Ends a build whose runs fail again and again."""
    with suppress(NotFound):
        build_jobs.fail(asked["build_job_id"], f"Building the movie failed {attempts} times.")


def _build(build: Record, playlist: Record, anew: bool, unread: dict[str, str]) -> None:
    clips = clips_of(playlist)
    if not clips:
        raise Unreadable("No entry of the playlist shows a movie any more.")
    shape = shape_of(playlist, clips)
    with tempfile.TemporaryDirectory() as folder:
        run = _Run(playlist, shape, Path(folder), time.monotonic() + SECONDS_TO_BEGIN, unread)
        run.parts = _parts_there(run)
        if anew:
            objects.delete(run.parts.values())
            run.parts = {}
        made = False
        for clip in clips:
            if clip.made_by(shape) in run.parts or clip.made_by(shape) in unread:
                continue
            if made:
                _go_on_while_there_is_time(run)
            _make(run, clip)
            made = True
        if made:
            _go_on_while_there_is_time(run)
        _finish(run, build, clips)


def _go_on_while_there_is_time(run: _Run) -> None:
    if time.monotonic() > run.until:
        raise _HandedOn


def _parts_there(run: _Run) -> dict[str, str]:
    """The keys of the parts that former builds have left, by what made them (a list request a thousand)."""
    found = objects.listed(keys.parts(run.home, run.playlist.id))
    return {told[0]: one.key for one in found if (told := keys.told_of_part(one.key)) is not None}


def _make(run: _Run, clip: Clip) -> None:
    """Makes the part of a clip and keeps it, or notes why that cannot be."""
    made_by = clip.made_by(run.shape)
    source, target = run.folder / "source", run.folder / "part.mov"
    try:
        if not objects.fetch(clip.file.key, str(source)):
            raise Unreadable(f"The file of the {'picture' if clip.is_picture else 'movie'} is lost.")
        make = joining.make_still_part if clip.is_picture else joining.make_part
        frames = make(source, (run.shape.width, run.shape.height), run.shape.fps, target, _PART_SECONDS)
    except Unreadable as problem:
        run.unread[made_by] = str(problem)
    else:
        key = keys.part(run.home, run.playlist.id, made_by, frames)
        objects.put_file(key, str(target), "video/quicktime")
        run.parts[made_by] = key
    for path in (source, target):
        path.unlink(missing_ok=True)


def _finish(run: _Run, build: Record, clips: list[Clip]) -> None:
    """Joins the parts in the order of the clips, ends the build, and takes away the parts that nobody needs."""
    wanted = [run.parts[made_by] for clip in clips if (made_by := clip.made_by(run.shape)) in run.parts]
    error = _told(run, clips)
    if not wanted:
        raise Unreadable(error or "Nothing is left to be built.")
    target = run.folder / "movie.mp4"
    joining.join(_fetched(run, wanted), run.shape.fps, target, _JOIN_SECONDS)
    key, size = keys.build(run.home, run.playlist.id, build.id), target.stat().st_size
    objects.put_file(key, str(target), "video/mp4")
    try:
        build_jobs.succeed(build.id, key, size, error)
    except NotFound:
        objects.discard([key])
        return
    objects.discard(set(run.parts.values()) - set(wanted))


def _fetched(run: _Run, wanted: list[str]) -> list[Part]:
    """The parts on this machine, each once."""
    here: dict[str, Part] = {}
    for key in dict.fromkeys(wanted):
        told = keys.told_of_part(key)
        assert told is not None
        part = Part(run.folder / f"{len(here)}.mov", told[1])
        if not objects.fetch(key, str(part.path)):
            raise RuntimeError(f"A part went while the movie was made: {key}")
        here[key] = part
    needed = sum(here[key].path.stat().st_size for key in wanted)
    if needed > shutil.disk_usage(run.folder).free:
        raise Unreadable(f"The movie is too large to be built here: about {needed // 1_000_000} MB.")
    return [here[key] for key in wanted]


def _told(run: _Run, clips: list[Clip]) -> str | None:
    """The clips that are not in the movie, by name, each with the reason; None where all are."""
    lines = [
        f"{name_of(clip)} (revision {clip.preview['revision']}): {run.unread[made_by]}"
        for clip in clips
        if (made_by := clip.made_by(run.shape)) in run.unread
    ]
    return "\n".join(dict.fromkeys(lines))[:_LONGEST_ERROR] or None
