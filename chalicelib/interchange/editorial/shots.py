"""Shots out of a cut: those that are there get its frames, those that are missing are made.

Source: docs/contract/interchange.md section 3.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

from chalicelib.access.caller import Caller
from chalicelib.domain.entities.kinds import CONCEPT, EPISODE, SEQUENCE, SHOT
from chalicelib.domain.workflow import entity_types
from chalicelib.errors import Invalid
from chalicelib.interchange.editorial import naming, reader_process
from chalicelib.interchange.editorial.naming import Convention
from chalicelib.interchange.editorial.timelines import Clip
from chalicelib.interchange.rows.cells import Cells
from chalicelib.interchange.rows.entity_import import EntityImport
from chalicelib.interchange.rows.entity_rows import EntityRows, Place
from chalicelib.interchange.rows.table import Row, Table
from chalicelib.records import measures
from chalicelib.records.entities import ENTITY
from chalicelib.records.record import Record
from chalicelib.store import reads

_CLIP, _FIRST, _LENGTH, _SEQUENCE, _NAME = _HEAD = ("Clip", "First frame", "Frames", "Sequence", "Name")
_OF_PRODUCTION: Final = "${project_name}_${sequence_name}-${shot_name}"
_OF_EPISODE: Final = "${project_name}_${episode_name}-${sequence_name}-${shot_name}"


def cut_import(
    caller: Caller, project: Record, episode_id: str | None, file: tuple[str, bytes], convention: tuple[str, bool]
) -> EntityImport:
    """The import of a cut into a production or an episode of it.

    file: its name and its bytes. convention: how clips are called, empty for the usual way; whether case counts.
    Raises Invalid for an unknown episode, and for what cannot be read.
    """
    episode = _episode(project, episode_id) if episode_id is not None else None
    text, match_case = convention
    named = Convention(text or (_OF_EPISODE if episode else _OF_PRODUCTION), match_case)
    clips = reader_process.read(*file, measures.frames_per_second(project["fps"]))
    # The first cut brings the type of concepts along, which a fresh studio lacks (golden record of cuts).
    entity_types.temporal(CONCEPT.name)
    rows = partial(_ClipRows, convention=named, episode=episode)
    return EntityImport(rows, caller, project, _table(clips, named), update=True)


def _episode(project: Record, episode_id: str) -> Record:
    found = reads.find(ENTITY, episode_id)
    if found is None or found["project_id"] != project.id or not EPISODE.is_of(found):
        raise Invalid("There is no such episode in that production.", "episode_id", "the id of an episode")
    return found


def _table(clips: Sequence[Clip], convention: Convention) -> Table:
    rows = []
    for number, clip in enumerate(clips, 1):
        told = convention.read(clip.name) or {}
        cells = (clip.name, clip.first, clip.length, told.get("sequence_name", ""), told.get("shot_name", ""))
        rows.append(Row(number, [str(cell) for cell in cells]))
    return Table(_HEAD, {column: [place] for place, column in enumerate(_HEAD)}, rows)


class _ClipRows(EntityRows):
    """Clips as rows: a shot is found by what the convention makes of it, else by what the name tells."""

    kind = SHOT
    needed = (_CLIP, _SEQUENCE, _NAME)
    fixed = (_FIRST, _LENGTH)

    def __init__(
        self,
        caller: Caller,
        project: Record,
        table: Table,
        update: bool,
        convention: Convention,
        episode: Record | None,
    ) -> None:
        super().__init__(caller, project, table, update)
        self._convention = convention
        self._episode = episode
        self._known = self._names()

    def _names(self) -> Mapping[str, str]:
        """The shots of the production, or of the episode, by what the convention makes of them."""
        records = self.content.records
        found: dict[str, str] = {}
        for shot in records.values():
            sequence = records.get(shot["parent_id"] or "")
            if sequence is None or not SHOT.is_of(shot):
                continue
            episode = records.get(sequence["parent_id"] or "")
            if self._episode is not None and (episode is None or episode.id != self._episode.id):
                continue
            values = {
                "project_name": self.project["name"],
                "episode_name": episode["name"] if episode else "",
                "sequence_name": sequence["name"],
                "shot_name": shot["name"],
            }
            found.setdefault(self._convention.filled(values), shot.id)
        return found

    def _known_shot(self, cells: Cells) -> str | None:
        return self._known.get(self._convention.compared(cells[_CLIP]))

    def place(self, cells: Cells) -> Place:
        """Where the shot is, or the sequence it is made in."""
        known = self._known_shot(cells)
        if known is not None:
            return Place({"parent_id": self.content.values(known)["parent_id"]})
        if not cells[_SEQUENCE] or not cells[_NAME]:
            told = f"{cells[_CLIP]!r} does not follow the naming convention {self._convention.text!r}."
            raise Invalid(
                told, naming.FIELD, "a convention with ${sequence_name} and ${shot_name} that the clips follow"
            )
        sequence_id, made = self.below(SEQUENCE, self._episode_id(cells), cells[_SEQUENCE], _SEQUENCE, cells)
        return Place({"parent_id": sequence_id}, made)

    def _episode_id(self, cells: Cells) -> str | None:
        """The episode of a sequence: the one asked for, else the one that has a sequence of the name."""
        if self._episode is not None:
            return self._episode.id
        above = [None, *(one.id for one in self.content.records.values() if EPISODE.is_of(one))]
        return next((one for one in above if self.content.find(SEQUENCE, one, cells[_SEQUENCE])), None)

    def find(self, cells: Cells, place: Place) -> str | None:
        """The id of the shot, or None."""
        return self._known_shot(cells) or super().find(cells, place)

    def fields(self, cells: Cells) -> dict[str, Any]:
        """Its number of frames."""
        return {"nb_frames": int(cells[_LENGTH])}

    def data(self, cells: Cells) -> dict[str, Any]:
        """Its first and its last frame in the cut."""
        first = int(cells[_FIRST])
        return {"frame_in": first, "frame_out": first + int(cells[_LENGTH]) - 1}

    def new_payload(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The event of a new shot names the episode of the cut."""
        del values
        return {"episode_id": self._episode.id if self._episode else None}

    def name_of(self, cells: Cells) -> str:
        """The name of the clip."""
        return cells[_CLIP]
