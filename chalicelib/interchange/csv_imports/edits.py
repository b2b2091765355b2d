"""Edits out of a table (docs/contract/interchange.md 2.5)."""

from collections.abc import Mapping
from typing import Any

from chalicelib.domain.entities.kinds import EDIT
from chalicelib.interchange.rows.cells import Cells
from chalicelib.interchange.rows.entity_rows import EPISODE_COLUMN, EntityRows, Place


class EditRows(EntityRows):
    """Edits, which are found by their episode and name."""

    kind = EDIT
    needed = ("Name",)
    fixed = (EPISODE_COLUMN,)

    def place(self, cells: Cells) -> Place:
        """The episode of the edit."""
        episode_id, made = self.episode(cells)
        return Place({"parent_id": episode_id}, made)

    def payload(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The episode it is of."""
        return {"episode_id": values.get("parent_id")}
