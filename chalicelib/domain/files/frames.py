"""Single frames and the tile of a movie, on demand (docs/contract/files.md 6.4 and 6.5).

Where this machine has no ffmpeg (the function of the API), the queue function cuts the frame and the request waits.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from chalicelib.domain.files import processing, storage, waiting
from chalicelib.errors import Invalid, NotFound
from chalicelib.media import keys, movies
from chalicelib.media.unreadable import Unreadable
from chalicelib.records.files import PREVIEW_FILE
from chalicelib.records.record import Record
from chalicelib.store import objects, queue, reads


def movie_of(preview: Record) -> keys.Entry | None:
    """The stored movie of a preview, or None."""
    return keys.entry(preview.get("stored"), keys.MOVIE)


def cut(preview: Record, number: int) -> bytes:
    """A frame (from 1) of a movie as PNG, in its size. Errors: NotFound for no movie, Invalid past its end."""
    movie = movie_of(preview)
    if movie is None:
        raise NotFound("There is no movie of this preview file.", {"id": preview.id})
    if number < 0:
        raise Invalid("Frames are counted from 1.", "frame_number", "a whole number above zero")
    if movies.program() is not None:
        return _cut_here(movie, max(1, number))
    return _ask_queue(preview, movie, max(1, number))


def _cut_here(movie: keys.Entry, number: int) -> bytes:
    with _fetched(movie) as source:
        frame = movies.frame(source, number, movies.probe(source))
    if frame is None:
        raise Invalid("The movie has fewer frames.", "frame_number", "a frame of the movie")
    return frame


def _ask_queue(preview: Record, movie: keys.Entry, number: int) -> bytes:
    """Has the queue function store the frame, and waits for it; an empty object tells that there is none."""
    key = f"{movie.key}.{number}.png"
    _send(preview, number, answer=key)
    frame = waiting.until(partial(objects.get, key), "The frame is not there yet; ask again in a moment.")
    objects.discard([key])
    if not frame:
        raise Invalid("The movie has fewer frames.", "frame_number", "a frame of the movie")
    return frame


def _send(preview: Record, number: int, answer: str = "") -> None:
    frame = {"preview_file_id": preview.id, "number": number, "answer": answer}
    queue.send(json.dumps({"frame": frame}))


def show_frame(preview: Record, number: int) -> None:
    """Makes a frame the four pictures of a movie; without ffmpeg here, a moment later. Invalid for what is no movie."""
    movie = movie_of(preview)
    if movie is None:
        raise Invalid("Only a movie has frames.", "frame_number", "nothing, for what is no movie")
    if number < 0:
        raise Invalid("Frames are counted from 1.", "frame_number", "a whole number above zero")
    if movies.program() is None:
        _send(preview, number)
        return
    _show(preview, _cut_here(movie, max(1, number)))


def _show(preview: Record, frame: bytes) -> None:
    from chalicelib.media import pictures

    processing.add_files(preview.id, storage.put_files(preview, pictures.make(frame).files))


def serve(asked: dict[str, Any]) -> None:
    """Does what a request asked the queue function for: stores a frame under `answer`, or shows it."""
    preview = reads.find(PREVIEW_FILE, asked["preview_file_id"])
    movie = movie_of(preview) if preview is not None else None
    if preview is None or movie is None:
        return
    try:
        frame = _cut_here(movie, max(1, asked["number"]))
    except (Invalid, NotFound, Unreadable):
        frame = b""
    if asked["answer"]:
        objects.put(asked["answer"], frame, "image/png")
    elif frame:
        _show(preview, frame)


def tile(preview: Record) -> bytes:
    """The tile of a movie, made anew and stored where ffmpeg is here. Errors: Invalid for what is no movie."""
    movie, known = movie_of(preview), keys.entry(preview.get("stored"), keys.TILE)
    if movie is None or known is None:
        raise Invalid("Only a movie has a tile.", "preview_file_id", "the id of a movie")
    if movies.program() is None:
        stored = objects.get(known.key)
        if stored is None:
            raise NotFound("The tile of this movie is lost.")
        return stored
    with _fetched(movie) as source:
        told = movies.probe(source)
        target = source.with_name(keys.TILE)
        # A hair more, since the duration is kept to the millisecond.
        movies.tile(source, told, int((preview["duration"] or told.duration) * told.fps + 0.05), target)
        processing.add_files(preview.id, storage.put_files(preview, {}, {keys.TILE: target}))
        return target.read_bytes()


@contextmanager
def _fetched(movie: keys.Entry) -> Iterator[Path]:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / keys.MOVIE
        if not objects.fetch(movie.key, str(source)):
            raise NotFound("The file of this movie is lost.")
        yield source
