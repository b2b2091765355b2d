"""The clips of a playlist: what a movie of it is made of (docs/contract/files.md 9.1)."""

import hashlib
from typing import NamedTuple

from chalicelib.access import checks
from chalicelib.domain.entities import names
from chalicelib.domain.files import download_names
from chalicelib.domain.playlists import selection
from chalicelib.media import joining, movies
from chalicelib.media import keys as media_keys
from chalicelib.media.keys import MOVIE, ORIGINAL, Entry
from chalicelib.records import measures
from chalicelib.records.entities import ENTITY
from chalicelib.records.record import Record
from chalicelib.store import reads


class Clip(NamedTuple):
    """An entry that shows a movie or a picture: its entity, its preview, and where the file lies."""

    entity_id: str
    preview: Record
    file: Entry
    is_picture: bool

    def made_by(self, shape: "Shape") -> str:
        """What its part in that shape is told by: the file, the shape, and how parts are made."""
        told = f"{self.file.key} {shape.width}x{shape.height} {shape.fps:g} {joining.RECIPE}"
        if self.is_picture:
            told += f" {joining.STILL_SECONDS:g}"
        return hashlib.sha256(told.encode()).hexdigest()[:32]


class Shape(NamedTuple):
    """Size and rate of a movie."""

    width: int
    height: int
    fps: float


def clips_of(playlist: Record) -> list[Clip]:
    """The entries of a playlist whose preview is a movie or a picture that is ready, in their order (a read a hundred).

    None without a movie among them: the rate of one, and the size of the first, are what pictures are fitted into.
    """
    found = []
    for entry, preview in selection.previews_of(playlist):
        movie = media_keys.entry(preview.get("stored"), MOVIE)
        file = movie or media_keys.entry(preview.get("stored"), ORIGINAL)
        if file is not None:
            found.append(Clip(str(entry.get("entity_id") or ""), preview, file, is_picture=movie is None))
    return [] if all(clip.is_picture for clip in found) else found


def shape_of(playlist: Record, clips: list[Clip]) -> Shape:
    """How large and fast a movie of these clips is: as its production says, else as large as their first movie."""
    project = checks.project_of(playlist)
    first = next(clip.preview for clip in clips if not clip.is_picture)
    width, height = int(first["width"] or 0), int(first["height"] or 0)
    if not (width and height):
        width, height = movies.USUAL_HEIGHT * 16 // 9, movies.USUAL_HEIGHT
    text = project["resolution"]
    if measures.resolution(text) or measures.height(text):
        # Only the shape of the clip counts, where the production tells a height alone.
        alike = movies.Movie(width, height, width / height, 0.0, 0.0, has_sound=False)
        width, height = movies.target_size([text], alike)
    return Shape(movies.even(width), movies.even(height), measures.frames_per_second(project["fps"]))


def name_of(clip: Clip) -> str:
    """The full name of the entity that a clip shows, as far as it is there (up to three reads)."""
    entity = reads.find(ENTITY, clip.entity_id)
    if entity is None:
        return str(clip.preview["original_name"] or clip.preview.id)
    return download_names.full_entity_name(entity, names.ancestors_of([entity]))
