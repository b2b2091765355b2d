"""What is made of one file on this machine, and stored: pictures, movies, or the file itself."""

from pathlib import Path
from typing import Any, NamedTuple

from chalicelib.domain.files import storage
from chalicelib.media import keys, limits, movies
from chalicelib.media.unreadable import Unreadable
from chalicelib.records import measures
from chalicelib.records.entities import ENTITY
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.store import reads, reference


class Derived(NamedTuple):
    """What was stored, and the values that the preview gets."""

    made: keys.Generation
    values: dict[str, Any]


def picture(preview: Record, source: Path) -> Derived:
    """A preview whose file is a picture. Raises Unreadable."""
    from chalicelib.media import pictures

    made = pictures.make(source.read_bytes())
    values = {"width": made.width, "height": made.height, "file_size": len(made.files[keys.ORIGINAL])}
    return Derived(storage.put_files(preview, made.files), values)


def plain(preview: Record, source: Path) -> Derived:
    """A preview whose file stays as it is. Raises Unreadable for a picture that would hurt those who look at it."""
    if source.stat().st_size <= limits.LARGEST_LOOKED_AT:
        limits.check(source.read_bytes())
    made = storage.put_files(preview, {}, {keys.PLAIN: source})
    return Derived(made, {"file_size": source.stat().st_size})


def movie(preview: Record, source: Path, normalize: bool) -> Derived:
    """A preview whose file is a movie; without `normalize` the movie stays as it is. Raises Unreadable."""
    from chalicelib.media import pictures

    told = movies.probe(source)
    normal, low, tile = (source.with_name(name) for name in (keys.MOVIE, keys.LOW_MOVIE, keys.TILE))
    files = {keys.MOVIE: normal, keys.TILE: tile}
    fps, sizes = _wanted(preview)
    if normalize:
        frames = movies.normalise(source, told, movies.target_size(sizes, told), fps, normal, low)
        duration = frames / fps
        files[keys.LOW_MOVIE] = low
    else:
        source.rename(normal)
        fps, duration = told.fps or fps, told.duration
        frames = int(duration * fps)
    stored = movies.probe(normal)
    first = movies.frame(normal, 1, stored)
    if first is None:
        raise Unreadable("The movie holds no picture.")
    movies.tile(normal, stored, frames, tile)
    made = pictures.make(first)
    values = {"width": made.width, "height": made.height, "duration": round(duration, 3)}
    size = normal.stat().st_size
    return Derived(storage.put_files(preview, made.files, files), {**values, "file_size": size})


def _wanted(preview: Record) -> tuple[float, list[str | None]]:
    """Frames a second and resolutions that entity and production ask for."""
    task = reads.find(TASK, preview["task_id"] or "")
    entity = reads.find(ENTITY, task["entity_id"] or "") if task else None
    project = reference.find(PROJECT, task["project_id"]) if task else None
    data = (entity["data"] if entity else None) or {}
    fps = measures.frames_per_second(data.get("fps"), project["fps"] if project else None)
    return fps, [str(data.get("resolution") or ""), project["resolution"] if project else None]
