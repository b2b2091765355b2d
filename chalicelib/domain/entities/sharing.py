"""Assets that other productions may cast: sharing them, and what a production uses of the others.

Source: docs/contract/entities.md section 8.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any, Final

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.domain.entities import lists, lookup
from chalicelib.domain.entities.kinds import ASSET, SHOT
from chalicelib.errors import Invalid, NotFound
from chalicelib.events.journal import emit
from chalicelib.records.entities import ENTITY, ENTITY_LINK
from chalicelib.records.fields import ids
from chalicelib.records.record import Record
from chalicelib.records.validation import value_of
from chalicelib.store import keys, partitions, reads
from chalicelib.store.changes import Changes, write

# Each with its event.
_ASSETS_A_WRITE: Final = 40
_ASSET_IDS: Final = ids("asset_ids", "entity")
_IS_SHARED: Final = ENTITY.by_name["is_shared"]


def share_in(
    project: Record, is_shared: Any, asset_ids: Sequence[str] | None = None, asset_type: Record | None = None
) -> list[Record]:
    """Shares assets of a production, or no longer: all of them, those of a type, those with these ids.

    Ids of elsewhere are ignored. Gives the assets as they are now, by name. Raises Invalid for malformed values. One
    query for what changed of the production's entities, a transaction for every forty that are set.
    """
    shared = value_of(_IS_SHARED, is_shared)
    named = None if asset_ids is None else set(value_of(_ASSET_IDS, list(asset_ids)))
    types = {asset_type.id} if asset_type else ASSET.type_ids()
    assets = [
        entity
        for entity in lookup.of_production(project.id).records.values()
        if entity["entity_type_id"] in types and (named is None or entity.id in named)
    ]
    return _set(lists.by_name(assets), shared)


def share(caller: Caller, asset_ids: Sequence[str], is_shared: Any) -> list[Record]:
    """Shares assets of several productions, or no longer; all or none of them are the caller's to share.

    Raises Invalid for malformed values and where no asset is named, NotFound for an unknown asset, Forbidden for one of
    a production that the caller does not manage. One read a hundred assets.
    """
    shared = value_of(_IS_SHARED, is_shared)
    named = list(dict.fromkeys(value_of(_ASSET_IDS, list(asset_ids))))
    if not named:
        raise Invalid("No asset is named.", "asset_ids", "a list of at least one id")
    found = {asset.id: asset for asset in reads.get_many(ENTITY, named) if ASSET.is_of(asset)}
    for asset_id in named:
        if asset_id not in found:
            raise NotFound(f"There is no asset with the id {asset_id!r}.", {"asset_ids": asset_id})
        checks.manage_project(caller, checks.project_of(found[asset_id]))
    return _set([found[asset_id] for asset_id in named], shared)


def used_in(project: Record, episode_id: str | None = None) -> list[Record]:
    """The shared assets of other productions that shots cast, each once, without cancelled ones, by name.

    episode_id: the shots of that episode alone; an unknown one has none. What changed of the production's entities and
    links is two queries; then a read a hundred assets of elsewhere.
    """
    home = keys.home_of_owner(project.id)
    queries = [partial(partitions.held, kind, home) for kind in (ENTITY, ENTITY_LINK)]
    entities, links = (held.records for held in reads.parallel(queries))
    shots = _shots(entities, episode_id)
    cast = {link["entity_out_id"] for link in links.values() if link["entity_in_id"] in shots}
    return lists.by_name(
        asset
        for asset in reads.get_many(ENTITY, cast - entities.keys())
        if asset["is_shared"] and not asset["canceled"] and asset["project_id"] != project.id
    )


def _shots(entities: Mapping[str, Record], episode_id: str | None) -> Collection[str]:
    types = SHOT.type_ids()
    shots = [entity for entity in entities.values() if entity["entity_type_id"] in types]
    if episode_id is None:
        return {shot.id for shot in shots}
    inside = {one.id for one in entities.values() if one["parent_id"] == episode_id.lower()}
    return {shot.id for shot in shots if shot["parent_id"] in inside}


def _set(assets: Sequence[Record], is_shared: bool) -> list[Record]:
    others = [asset.id for asset in assets if asset["is_shared"] is not is_shared]
    now = {asset.id: asset for asset in assets if asset["is_shared"] is is_shared}
    for start in range(0, len(others), _ASSETS_A_WRITE):
        now |= write(partial(_store, asset_ids=others[start : start + _ASSETS_A_WRITE], is_shared=is_shared))
    return [now[asset.id] for asset in assets if asset.id in now]


def _store(changes: Changes, asset_ids: Sequence[str], is_shared: bool) -> dict[str, Record]:
    changed = {asset.id: changes.update(asset, is_shared=is_shared) for asset in reads.get_many(ENTITY, asset_ids)}
    for asset in changed.values():
        emit(changes, "asset:update", asset["project_id"], asset_id=asset.id)
    return changed
