"""Shots out of a table (docs/contract/interchange.md 2.4)."""

from typing import Any, Final

from chalicelib.domain.entities.kinds import SEQUENCE, SHOT
from chalicelib.errors import Invalid
from chalicelib.interchange.rows.cells import Cells
from chalicelib.interchange.rows.entity_rows import EPISODE_COLUMN, FIELDS, EntityRows, Place

# Keys of metadata by the column that counts first, and the one that counts where that says nothing.
_FRAMES: Final = {"frame_in": ("Frame In", "In"), "frame_out": ("Frame Out", "Out")}
_NUMBER: Final = FIELDS["nb_frames"]


class ShotRows(EntityRows):
    """Shots, which are found by their sequence and name."""

    kind = SHOT
    needed = ("Sequence", "Name")
    fixed = (EPISODE_COLUMN, "Nb Frames", "Frames", "Frame In", "In", "Frame Out", "Out", "FPS")

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        if self.is_show:
            self.table.require(EPISODE_COLUMN)

    def place(self, cells: Cells) -> Place:
        """The sequence of the shot, in its episode where the production has episodes."""
        episode_id, made = self.episode(cells) if self.is_show else (None, [])
        name = cells["Sequence"]
        if not name:
            return self._without_sequence(cells)
        sequence_id, more = self.below(SEQUENCE, episode_id, name, "Sequence", cells)
        return Place({"parent_id": sequence_id}, [*made, *more])

    def _without_sequence(self, cells: Cells) -> Place:
        """The place of a shot that has lost its sequence; new ones need one."""
        if self.content.find(SHOT, None, cells["Name"]):
            return Place({"parent_id": None})
        raise Invalid("Sequence is empty.", "Sequence", "the name of a sequence")

    def fields(self, cells: Cells) -> dict[str, Any]:
        """Its description and its number of frames."""
        fields = super().fields(cells)
        if "Nb Frames" in cells:
            number = cells.value("Nb Frames", _NUMBER) if cells["Nb Frames"] else None
            return fields if number is None else {**fields, "nb_frames": number}
        if "Frames" in cells:
            fields["nb_frames"] = cells.value("Frames", _NUMBER) if cells["Frames"] else None
        return fields

    def data(self, cells: Cells) -> dict[str, str]:
        """Its first and last frame and its frame rate, as texts."""
        data = {}
        for key, (first, second) in _FRAMES.items():
            if cells[first]:
                data[key] = cells[first]
            elif second in cells:
                data[key] = cells[second]
        return {**data, "fps": cells["FPS"]} if "FPS" in cells else data

    def name_of(self, cells: Cells) -> str:
        """The sequence and the name, as people call it."""
        return " / ".join(part for part in (cells[EPISODE_COLUMN], cells["Sequence"], cells["Name"]) if part)
