"""Assets out of a table (docs/contract/interchange.md 2.3)."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from chalicelib.domain.entities.kinds import ASSET
from chalicelib.domain.workflow import entity_types
from chalicelib.errors import Invalid
from chalicelib.interchange.rows.cells import Cells, wrong
from chalicelib.interchange.rows.entity_rows import EPISODE_COLUMN, EntityRows, Place
from chalicelib.records import names
from chalicelib.records.entities import ENTITY_TYPE
from chalicelib.records.production import TASK_TYPE
from chalicelib.store import reference

MAIN_PACK: Final = "MP"
_READY_FOR: Final = "Ready for"
_TYPE_NAME: Final = ENTITY_TYPE.by_name["name"]


class AssetRows(EntityRows):
    """Assets, which are found by their name, whatever type they have."""

    kind = ASSET
    needed = ("Type", "Name")
    fixed = (EPISODE_COLUMN, _READY_FOR)
    completes = True

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._types = {names.normal(one["name"]): one for one in reference.every(ENTITY_TYPE).values()}
        set_on_it = (reference.find(TASK_TYPE, task_type_id) for task_type_id in self.project["task_types"])
        self._stages = {one["name"]: one.id for one in set_on_it if one is not None and one["for_entity"] == "Shot"}

    def place(self, cells: Cells) -> Place:
        """The type of the asset, and the episode that it is made for."""
        type_id = self._type_id(cells)
        in_main_pack = self.is_show and cells[EPISODE_COLUMN] == MAIN_PACK
        episode_id, made = (None, []) if in_main_pack else self.episode(cells)
        return Place({"entity_type_id": type_id, "source_id": episode_id}, made)

    def find(self, cells: Cells, place: Place) -> str | None:
        """The asset of that name; of several the one of that type and episode, else of that type."""
        found = self.content.find(ASSET, None, cells["Name"])
        if len(found) < 2:
            return found[0] if found else None
        return max(found, key=lambda one: self._likeness(one, place, cells))

    def _likeness(self, asset_id: str, place: Place, cells: Cells) -> tuple[bool, bool]:
        values = self.content.values(asset_id)
        same_type = values["entity_type_id"] == place.values["entity_type_id"]
        return same_type, EPISODE_COLUMN in cells and values.get("source_id") == place.values["source_id"]

    def fields(self, cells: Cells) -> dict[str, Any]:
        """Its description, and what it is ready for."""
        fields = super().fields(cells)
        return {**fields, "ready_for": self._ready_for(cells)} if _READY_FOR in cells else fields

    def moved(self, place: Place, cells: Cells) -> Mapping[str, Any]:
        """Another type; another episode where the file has a column for it."""
        return {name: place.values[name] for name in self._moving(cells)}

    def _moving(self, cells: Cells) -> Sequence[str]:
        return ("entity_type_id", "source_id") if EPISODE_COLUMN in cells else ("entity_type_id",)

    def payload(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The episode it was made for."""
        return {"episode_id": values.get("source_id")}

    def task_types(self, values: Mapping[str, Any]) -> Sequence[str]:
        """Those that its type lists, if it lists any."""
        asset_type = reference.find(ENTITY_TYPE, values["entity_type_id"])
        listed = asset_type["task_types"] if asset_type else ()
        found = super().task_types(values)
        return [one for one in found if one in listed] if listed else found

    def _type_id(self, cells: Cells) -> str:
        """The id of the type that a row names; of one that is to be made its name."""
        name = cells.needed("Type", _TYPE_NAME)
        found = self._types.get(names.normal(name))
        if found is None:
            return str(name)
        if not entity_types.is_asset_type(found):
            raise Invalid(f"Type: assets are no {name}.", "Type", "the name of a type of assets")
        return found.id

    def _ready_for(self, cells: Cells) -> str | None:
        name = cells[_READY_FOR]
        if not name:
            return None
        if name not in self._stages:
            raise wrong(_READY_FOR, name, f"one of {', '.join(sorted(self._stages))}")
        return self._stages[name]
