"""Entity types: which are kinds of assets, which are kinds of time (docs/contract/production.md section 10)."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from chalicelib.errors import NotFound
from chalicelib.events.journal import emit
from chalicelib.records import filters
from chalicelib.records.entities import ENTITY_TYPE
from chalicelib.records.fields import STUDIO
from chalicelib.records.record import Record, shown
from chalicelib.store import reads, reference
from chalicelib.store.changes import Changes, write

TEMPORAL: Final = ("Shot", "Scene", "Sequence", "Episode", "Edit", "Concept")
# A fresh studio lacks these two: they appear with the first request that tells assets from the rest (section 13).
_MADE_ON_DEMAND: Final = ("Scene", "Concept")


def temporal(name: str) -> Record:
    """The entity type of that name, `Shot` or `Episode` say; made where the studio has none."""
    return named_or_made(name)


def named_or_made(name: str) -> Record:
    """The entity type of a name, with its event made where the studio has none of it."""
    return reference.named(ENTITY_TYPE, name) or _made(name)


def asset_types() -> list[Record]:
    """The entity types of assets: all but the temporal ones."""
    _complete()
    return [one for one in reference.every(ENTITY_TYPE).values() if is_asset_type(one)]


def listed(query: Mapping[str, str]) -> list[dict[str, Any]]:
    """The asset types that pass the filters of a query, as answers show them."""
    wanted = filters.parse(ENTITY_TYPE, query)
    return [as_asset_type(one) for one in asset_types() if wanted.holds(one)]


def asset_type(entity_type_id: str) -> Record:
    """The asset type with this id; NotFound for an unknown or malformed one, and for a temporal type."""
    _complete()
    found = reference.get(ENTITY_TYPE, entity_type_id)
    if not is_asset_type(found):
        raise NotFound(f"There is no asset type with the id {entity_type_id!r}.", {"id": entity_type_id})
    return found


def asset_type_ids() -> frozenset[str]:
    """The ids of the entity types of assets."""
    return frozenset(one.id for one in asset_types())


def is_asset_type(entity_type: Record) -> bool:
    """Whether entities of that type are assets."""
    return entity_type["name"] not in TEMPORAL


def as_asset_type(entity_type: Record, relations: bool = True) -> dict[str, Any]:
    """The answer of an entity type where it is asked for as an asset type."""
    return shown(entity_type, relations, type="AssetType")


def kind_name(entity_type_id: str | None) -> str:
    """What answers call an entity of that type: `Shot`, `Sequence` …, else `Asset`."""
    found = reference.find(ENTITY_TYPE, entity_type_id)
    return str(found["name"]) if found is not None and not is_asset_type(found) else "Asset"


def types_of(name: str) -> Iterable[Record]:
    """The entity types that a descriptor or a task type means by a word: `Asset`, or a temporal one by its name."""
    return asset_types() if name == "Asset" else [temporal(name)]


def _complete() -> None:
    for name in _MADE_ON_DEMAND:
        temporal(name)


def _made(name: str) -> Record:
    def command(changes: Changes) -> Record:
        holder = reads.holder(ENTITY_TYPE, STUDIO, ("name",), {"name": name})
        if holder is not None:
            return changes.read(ENTITY_TYPE, holder)
        record = changes.create(ENTITY_TYPE, {"name": name})
        emit(changes, "asset-type:new", asset_type_id=record.id, name=name, id=record.id)
        return record

    return write(command)
