"""Castings out of a table (docs/contract/interchange.md 2.6)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from chalicelib.domain.counters import castings, readiness
from chalicelib.domain.entities import casting_links, casting_update, lookup
from chalicelib.domain.entities.kinds import EPISODE, SHOT
from chalicelib.domain.jobs.job import enqueue
from chalicelib.domain.slugs import distinct_slug, slug
from chalicelib.errors import Invalid
from chalicelib.interchange.csv_imports.assets import MAIN_PACK
from chalicelib.interchange.csv_imports.by_slug import BySlug
from chalicelib.interchange.rows.cells import Cells, told
from chalicelib.interchange.rows.entity_rows import EPISODE_COLUMN
from chalicelib.interchange.rows.planned import Action, Planned
from chalicelib.interchange.rows.production_import import ProductionImport
from chalicelib.records.entities import ENTITY_LINK
from chalicelib.records.record import Record
from chalicelib.store import keys, partitions
from chalicelib.store.changes import Changes

_NEEDED: Final = ("Parent", "Name", "Asset Type", "Asset", "Occurences")
_LABEL: Final = "Label"
_USUAL_LABEL: Final = "fixed"
_TYPE_NAME: Final = "Casting"
_FIELDS: Final = ENTITY_LINK.by_name
# A link is itself, its guard and its event; the event of the casting comes with each row.
_ITEMS_OF_NEW: Final = 4
_ITEMS_OF_CHANGED: Final = 2
_Ends = tuple[str, str]


@dataclass(slots=True)
class PlannedLink(Planned):
    """What becomes of a link: of which entity to which asset, and what is set; `episode_id` casts the asset as well."""

    entity_id: str = ""
    asset_id: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    episode_id: str | None = None


class CastingImport(ProductionImport[PlannedLink]):
    """The import of a file of castings; rows about what is not there are passed over."""

    _names: BySlug
    _entities: dict[str, Record]
    _links: dict[_Ends, Record]
    # Links as the rows so far leave them.
    _planned: dict[_Ends, Mapping[str, Any]]
    _written_links: dict[_Ends, Record]
    _written_entities: dict[str, Record]

    # -- planning ------------------------------------------------------------------------------------------------------
    def begin(self) -> Callable[[Cells], PlannedLink]:
        """Reads entities and links of the production (two queries)."""
        self.table.require(*_NEEDED)
        self._entities = dict(lookup.of_production(self.project.id).records)
        self._names = BySlug(self._entities)
        held = partitions.held(ENTITY_LINK, keys.home_of_owner(self.project.id)).records.values()
        self._links = {(link["entity_in_id"], link["entity_out_id"]): link for link in held}
        self._planned = dict(self._links)
        return self._plan

    def called(self, cells: Cells) -> tuple[str, str]:
        """What casts, and what is cast."""
        above = (cells[EPISODE_COLUMN], cells["Parent"], cells["Name"])
        return _TYPE_NAME, f"{' / '.join(part for part in above if part)}: {cells['Asset']}"

    def _plan(self, cells: Cells) -> PlannedLink:
        values: dict[str, Any] = {"nb_occurences": self._occurences(cells), "label": self._label(cells)}
        entity = self._target(cells)
        asset = self._names.asset(cells["Asset Type"], cells["Asset"])
        if entity is None or asset is None:
            what = "There is no such asset." if asset is None else "There is nothing of that name that casts."
            return PlannedLink(cells.line_number, "skip", *self.called(cells), what, length=cells.length)
        known = self._planned.get((entity.id, asset.id))
        if entity.id == asset.id and known is None:
            raise Invalid("An asset does not cast itself.", "Asset", "another asset")
        action: Action = "create"
        # An export tells a label as it is kept, and people write it as they like.
        if known is None or _told("label", known) != values["label"]:
            values["label"] = distinct_slug(values["label"])
        if known is not None:
            values = {name: value for name, value in values.items() if _told(name, known) != told(value)}
            action = "update" if values else "unchanged"
        self._planned[entity.id, asset.id] = {**(known or {}), **values}
        planned = PlannedLink(cells.line_number, action, *self.called(cells), length=cells.length)
        planned.entity_id, planned.asset_id, planned.values = entity.id, asset.id, values
        planned.episode_id = self._episode_that_casts(entity, asset) if action == "create" else None
        return planned

    def _episode_that_casts(self, entity: Record, asset: Record) -> str | None:
        """The episode of a shot, where it does not cast the asset yet."""
        sequence = self._entities.get(entity["parent_id"] or "") if SHOT.is_of(entity) else None
        episode = self._entities.get(sequence["parent_id"] or "") if sequence else None
        if episode is None or not EPISODE.is_of(episode) or (episode.id, asset.id) in self._planned:
            return None
        self._planned[episode.id, asset.id] = {"nb_occurences": 1, "label": self._planned[entity.id, asset.id]["label"]}
        return episode.id

    def _target(self, cells: Cells) -> Record | None:
        """What casts: a shot, an asset, or an episode."""
        episode = "" if cells[EPISODE_COLUMN] == MAIN_PACK else cells[EPISODE_COLUMN]
        parent, name = cells["Parent"], cells["Name"]
        found = self._names.shot(episode, parent, name) or self._names.asset(parent, name, episode)
        if found is None and not episode and slug(parent) == EPISODE.word:
            found = self._names.episode(name)
        return found

    @staticmethod
    def _occurences(cells: Cells) -> int:
        if not cells["Occurences"]:
            return 1
        number = cells.value("Occurences", _FIELDS["nb_occurences"])
        if number < 0:
            raise Invalid("Occurences is below zero.", "Occurences", "a number from 0 on")
        return int(number)

    @staticmethod
    def _label(cells: Cells) -> str:
        return str(cells.value(_LABEL, _FIELDS["label"])) if _LABEL in cells else _USUAL_LABEL

    # -- writing -------------------------------------------------------------------------------------------------------
    def items(self, planned: PlannedLink) -> int:
        """The link, that of the episode, the events."""
        own = {"create": _ITEMS_OF_NEW, "update": _ITEMS_OF_CHANGED, "unchanged": 1}.get(planned.action, 0)
        return own + (_ITEMS_OF_NEW if planned.episode_id else 0)

    def named(self, planned: PlannedLink) -> set[str]:
        """What casts, which is counted anew, and what is cast."""
        return {one for one in (planned.entity_id, planned.asset_id, planned.episode_id) if one}

    def write_rows(self, changes: Changes, batch: Sequence[PlannedLink]) -> None:
        """Links, what they count, their events; a job counts what is ready for shots."""
        self._written_links, self._written_entities = {}, {}
        shots = []
        for planned in batch:
            if planned.action == "skip":
                continue
            entity = self._write_link(changes, planned)
            castings.emit_casting_event(changes, entity)
            if SHOT.is_of(entity) and planned.action == "create":
                shots.append(entity.id)
        if shots:
            enqueue(changes, readiness.recount_entities, entity_ids=list(dict.fromkeys(shots)))

    def written(self, batch: Sequence[PlannedLink]) -> None:
        """Takes in what was written, so that the next rows are based on it."""
        del batch
        self._links.update(self._written_links)
        self._entities.update(self._written_entities)

    def _write_link(self, changes: Changes, planned: PlannedLink) -> Record:
        """Writes the link of a row; gives what casts, counted."""
        ends = planned.entity_id, planned.asset_id
        entity = self._written_entities.get(ends[0]) or self._entities[ends[0]]
        known = self._written_links.get(ends) or self._links.get(ends)
        if known is not None:
            if planned.values:
                self._written_links[ends] = changes.update(known, **planned.values)
            return entity
        asset = self._entities[planned.asset_id]
        values = {"entity_in_id": entity.id, "entity_out_id": asset.id, **planned.values}
        link = self._written_links[ends] = changes.create(ENTITY_LINK, values)
        if asset.id not in self._written_entities:
            changes.require(asset, Invalid("This asset is gone.", "Asset", "an asset of this production"))
        casting_links.emit_new_link(changes, link, self.project.id)
        if planned.episode_id:
            episode = self._entities[planned.episode_id]
            also = casting_update.cast_in_episode(changes, episode, asset, planned.values["label"])
            self._written_links[episode.id, asset.id] = also
        counted = changes.update(entity, nb_entities_out=(entity["nb_entities_out"] or 0) + 1)
        self._written_entities[counted.id] = counted
        return counted


def _told(name: str, link: Mapping[str, Any]) -> str:
    """A value of a link as an export tells it."""
    return told(link.get(name) or ("" if name == "label" else 0))
