"""Writing the casting of an entity: what it is made of or who plays in it (docs/contract/entities.md section 7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from chalicelib.access.caller import Caller
from chalicelib.domain.counters import castings, readiness
from chalicelib.domain.entities import castable, casting_links, lists
from chalicelib.domain.entities.kinds import ASSET, EPISODE, SEQUENCE, SHOT
from chalicelib.errors import Invalid
from chalicelib.events.journal import emit
from chalicelib.records import clock
from chalicelib.records.entities import ENTITY, ENTITY_LINK
from chalicelib.records.fields import uuid
from chalicelib.records.record import Record
from chalicelib.records.validation import value_of
from chalicelib.store import homes, reads
from chalicelib.store.changes import MOST_ITEMS, Changes, write

# One asset more is up to eight items (link, guard, check and event; those of the episode; the asset), the end two.
_ROOM: Final = 10
_FIELDS: Final = {name: ENTITY_LINK.by_name[name] for name in ("nb_occurences", "label")}
_ASSET_ID: Final = uuid("asset_id")


@dataclass(frozen=True)
class _Part:
    """An asset that is to be cast: how often, and how."""

    asset: Record
    values: Mapping[str, Any]


def put(caller: Caller, entity: Record, sent: Any) -> None:
    """Replaces the casting of an entity.

    sent: a list of `{asset_id, nb_occurences, label}`; entries without an asset or a number are left out, of an asset
    named twice the last one counts. Raises Invalid, and writes nothing, for anything else, for what is no asset and for
    one of another production that is neither shared nor seen by the caller. A casting that fits no transaction is
    written in several, the count and the event with the last.
    """
    parts = _parts(caller, entity, sent)
    if EPISODE.is_of(entity):
        _leave_shots(entity, parts)
    remaining: Sequence[_Part] | None = list(parts.values())
    while remaining is not None:
        remaining = write(partial(_write, entity=entity, remaining=remaining, wanted=frozenset(parts), count=len(sent)))
    if SHOT.is_of(entity):
        readiness.recount([entity.id])


def _parts(caller: Caller, entity: Record, sent: Any) -> dict[str, _Part]:
    if not isinstance(sent, list) or not all(isinstance(entry, Mapping) for entry in sent):
        raise Invalid("A casting is no list of entries.", "body", "a list of {asset_id, nb_occurences, label}")
    given: dict[str, Mapping[str, Any]] = {}
    for entry in sent:
        if entry.get("asset_id") is not None and entry.get("nb_occurences") is not None:
            given[value_of(_ASSET_ID, entry["asset_id"])] = _values(entry)
    assets = {asset.id: asset for asset in reads.get_many(ENTITY, given) if ASSET.is_of(asset)}
    for asset_id in given:
        asset = assets.get(asset_id)
        if asset is None or not castable.is_castable(caller, entity, asset):
            raise Invalid(f"There is no asset {asset_id!r} to cast.", "asset_id", "an asset of this production")
    return {asset_id: _Part(assets[asset_id], values) for asset_id, values in given.items()}


def _values(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    values = {name: value_of(field, entry[name]) for name, field in _FIELDS.items() if entry.get(name) is not None}
    if values["nb_occurences"] < 0:
        raise Invalid("nb_occurences is below zero.", "nb_occurences", "a number from 0 on")
    return {"label": "", "data": None, **values}


def _leave_shots(episode: Record, parts: Mapping[str, _Part]) -> None:
    """Takes what an episode no longer casts out of its shots: a query a sequence, and one an asset that goes."""
    gone = [link["entity_out_id"] for link in castings.held_by(episode) if link["entity_out_id"] not in parts]
    if not gone:
        return
    shots = {shot.id for shot in lists.shots_of(episode)}
    home = homes.of(ENTITY, episode)
    queries = [partial(reads.query, ENTITY_LINK, home, "entity_out_id", ("=", asset_id)) for asset_id in gone]
    links = [link for part in reads.parallel(queries) for link in part if link["entity_in_id"] in shots]
    castings.uncast(links)
    readiness.recount(link["entity_in_id"] for link in links)


def _write(
    changes: Changes, entity: Record, remaining: Sequence[_Part], wanted: frozenset[str], count: int
) -> Sequence[_Part] | None:
    """Writes as much as fits; what remains, or None where the casting is as it was sent."""
    now = changes.read(ENTITY, entity.id)
    held = {link["entity_out_id"]: link for link in castings.held_by(now)}
    for asset_id, link in held.items():
        if asset_id not in wanted:
            if changes.size + _ROOM > MOST_ITEMS:
                return remaining
            changes.delete(link)
    episode = _episode_of(now)
    cast_there = {link["entity_out_id"] for link in castings.held_by(episode)} if episode else set()
    for position, part in enumerate(remaining):
        if changes.size + _ROOM > MOST_ITEMS:
            return remaining[position:]
        _cast(changes, now, part, held.get(part.asset.id))
        if episode is not None and part.asset.id not in cast_there:
            cast_in_episode(changes, episode, part.asset, part.values["label"])
    castings.emit_casting_event(changes, changes.update(now, nb_entities_out=count))
    return None


def _cast(changes: Changes, entity: Record, part: _Part, link: Record | None) -> None:
    if link is None:
        ids = {"entity_in_id": entity.id, "entity_out_id": part.asset.id}
        made = changes.create(ENTITY_LINK, {**ids, **part.values})
        changes.require(part.asset, Invalid("This asset is gone.", "asset_id", "an asset of this production"))
        castable.note_cast_elsewhere(changes, entity, part.asset)
    else:
        # Made anew, in its old place: those who ask what was made since a moment learn of it.
        made = changes.update(link, **part.values, created_at=clock.now())
    casting_links.emit_new_link(changes, made, entity["project_id"])
    if EPISODE.is_of(entity):
        emit(changes, "asset:update", entity["project_id"], asset_id=part.asset.id)


def _episode_of(entity: Record) -> Record | None:
    """The episode that a shot is in (up to two reads); None for anything else."""
    if not SHOT.is_of(entity):
        return None
    sequence = reads.find(ENTITY, entity["parent_id"] or "")
    episode = reads.find(ENTITY, sequence["parent_id"] or "") if sequence and SEQUENCE.is_of(sequence) else None
    return episode if episode is not None and EPISODE.is_of(episode) else None


def cast_in_episode(changes: Changes, episode: Record, asset: Record, label: str) -> Record:
    """What plays in a shot plays in its episode; the count of the episode's own casting stays. Gives the link."""
    ids = {"entity_in_id": episode.id, "entity_out_id": asset.id}
    link = changes.create(ENTITY_LINK, {**ids, "nb_occurences": 1, "label": label})
    emit(changes, "asset:update", episode["project_id"], asset_id=asset.id)
    return link
