"""The clips of a playlist: what a movie of it is made of (docs/contract/files.md 9.1)."""

import hashlib
from typing import NamedTuple

from chalicelib.access import checks
from chalicelib.domain.entities import names
from chalicelib.domain.files import download_names
from chalicelib.domain.playlists import selection
from chalicelib.media import joining, movies
from chalicelib.media import keys as media_keys
from chalicelib.media.keys import MOVIE, Entry
from chalicelib.records import measures
from chalicelib.records.entities import ENTITY
from chalicelib.records.record import Record
from chalicelib.store import reads


class Clip(NamedTuple):
    """An entry that shows a movie: its entity, its preview, and where the movie lies."""

    entity_id: str
    preview: Record
    movie: Entry

    def made_by(self, shape: "Shape") -> str:
        """What its part in that shape is told by: the file, the shape, and how parts are made."""
        told = f"{self.movie.key} {shape.width}x{shape.height} {shape.fps:g} {joining.RECIPE}"
        return hashlib.sha256(told.encode()).hexdigest()[:32]


class Shape(NamedTuple):
    """Size and rate of a movie."""

    width: int
    height: int
    fps: float


def clips_of(playlist: Record) -> list[Clip]:
    """The entries of a playlist whose preview is a movie that is ready, in their order (a read a hundred)."""
    found = []
    for entry, preview in selection.previews_of(playlist):
        movie = media_keys.entry(preview.get("stored"), MOVIE)
        if movie is not None:
            found.append(Clip(str(entry.get("entity_id") or ""), preview, movie))
    return found


def shape_of(playlist: Record, clips: list[Clip]) -> Shape:
    """How large and fast a movie of these clips is: as its production says, else as large as the first clip."""
    project = checks.project_of(playlist)
    first = clips[0].preview
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
