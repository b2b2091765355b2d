"""Castings as they are read: of one entity, of many by entity, where an asset plays.

Source: docs/contract/entities.md section 7.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Final

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.domain.counters import castings
from chalicelib.domain.crud.pagination import Paging, whole_number
from chalicelib.domain.entities.castable import is_castable
from chalicelib.domain.entities.kinds import ASSET, SHOT
from chalicelib.domain.workflow import entity_types
from chalicelib.errors import Invalid
from chalicelib.records import clock
from chalicelib.records.entities import ENTITY, ENTITY_LINK, ENTITY_TYPE, may_be_cast_elsewhere
from chalicelib.records.record import Record, plain, shown
from chalicelib.store import keys, partitions, reads, reference

Entry = dict[str, Any]
Test = Callable[[Record], bool]
_NOBODY: Final = "None"


def of_entity(caller: Caller, entity: Record) -> list[Entry]:
    """What an entity casts, by the names of type and asset, without cancelled assets (a query, a read a hundred)."""
    return [
        {**_entry(link, asset), "ready_for": asset["ready_for"], "episode_id": asset["source_id"]}
        for link, asset in _sorted(_known(caller, entity, castings.held_by(entity)))
        if not asset["canceled"]
    ]


def assets_of(caller: Caller, entity: Record) -> list[Record]:
    """The assets that an entity casts, cancelled ones too."""
    return [asset for _, asset in _sorted(_known(caller, entity, castings.held_by(entity)))]


def asset_types_of(caller: Caller, entity: Record) -> list[Entry]:
    """The types of the assets that an entity casts, each once."""
    used = {asset["entity_type_id"] for asset in assets_of(caller, entity)}
    return [entity_types.as_asset_type(one, relations=False) for one in entity_types.asset_types() if one.id in used]


def of_sequence(caller: Caller, project: Record, sequence: Record) -> dict[str, list[Entry]]:
    """What each shot of a sequence casts."""
    return _by_entity(caller, project, lambda one: SHOT.is_of(one) and one["parent_id"] == sequence.id, _with_sequence)


def of_shots(caller: Caller, project: Record) -> dict[str, list[Entry]]:
    """What each shot of a production casts."""
    return _by_entity(caller, project, SHOT.is_of, _with_sequence)


def of_episode(caller: Caller, project: Record, episode: Record) -> dict[str, list[Entry]]:
    """What each shot in the sequences of an episode casts."""
    entities = _entities(project)
    inside = {one.id for one in entities.values() if one["parent_id"] == episode.id}
    return _by_entity(caller, project, lambda one: SHOT.is_of(one) and one["parent_id"] in inside, _with_sequence)


def of_everything(caller: Caller, project: Record) -> dict[str, list[Entry]]:
    """What each entity of a production casts: episodes, shots, assets."""
    return _by_entity(caller, project, lambda _: True, _as_it_is)


def of_asset_type(caller: Caller, project: Record, asset_type: Record) -> dict[str, list[Entry]]:
    """What each asset of a type casts."""
    return _by_entity(caller, project, lambda one: one["entity_type_id"] == asset_type.id, _without_production)


def cast_in(caller: Caller, asset: Record) -> list[Entry]:
    """Where an asset plays, as far as the caller may know: first the shots, then the assets, none of them cancelled.

    A query; of a shared asset one a production of the caller. Then three rounds of a read a hundred.
    """
    homes = {keys.home_of_owner(asset["project_id"])}
    if may_be_cast_elsewhere(asset):
        homes.update(keys.home_of_owner(project.id) for project in checks.projects_of(caller))
    queries = [partial(reads.query, ENTITY_LINK, home, "entity_out_id", ("=", asset.id)) for home in homes]
    links = [link for part in reads.parallel(queries) for link in part]
    users = _by_id(link["entity_in_id"] for link in links)
    parents = _by_id(user["parent_id"] for user in users.values() if user["parent_id"])
    episodes = _by_id(parent["parent_id"] for parent in parents.values() if parent["parent_id"])
    shots: list[Entry] = []
    assets: list[Entry] = []
    for link in links:
        user = users.get(link["entity_in_id"])
        if user is None or user["canceled"]:
            continue
        parent = parents.get(user["parent_id"] or "")
        if parent is not None:
            shots.append(_shot_entry(link, user, parent, episodes.get(parent["parent_id"] or "")))
        elif ASSET.is_of(user):
            assets.append(_asset_entry(link, user))
    shots.sort(key=lambda one: (one["episode_name"] or "", one["sequence_name"], one["shot_name"]))
    assets.sort(key=lambda one: (one["asset_type_name"] or "", one["asset_name"]))
    return [*shots, *assets]


def links_of(project: Record, query: Mapping[str, str]) -> Any:
    """The links of a production, oldest first: all of them, so many (`limit`), a page, or those after a moment.

    query: `page`, `limit`, `cursor_created_at`. Raises Invalid for a malformed one.
    """
    found = reads.query(ENTITY_LINK, keys.home_of_owner(project.id))
    links = sorted(found, key=lambda link: (link["created_at"], link.id))
    paging = Paging.of(query)
    if cursor := query.get("cursor_created_at"):
        later = [link for link in links if link["created_at"] > _moment(cursor)]
        return {"data": _rows(later[: paging.limit]), "total": len(links), "limit": paging.limit}
    if paging.page is not None:
        page = paging.cut(links)
        return {**page, "data": _rows(page["data"])}
    shown_ones = links[: whole_number(query, "limit", len(links))]
    return [{name: value for name, value in shown(link).items() if name != "updated_at"} for link in shown_ones]


def _rows(links: Iterable[Record]) -> list[Any]:
    return [plain(link) for link in links]


def _moment(text: str) -> str:
    try:
        return clock.parse(text)
    except (ValueError, OverflowError):
        raise Invalid("cursor_created_at is no moment.", "cursor_created_at", "YYYY-MM-DDTHH:MM:SS.ffffff") from None


def _by_id(ids: Iterable[str]) -> dict[str, Record]:
    return {entity.id: entity for entity in reads.get_many(ENTITY, ids)}


def _entities(project: Record) -> Mapping[str, Record]:
    return partitions.held(ENTITY, keys.home_of_owner(project.id)).records


def _by_entity(
    caller: Caller,
    project: Record,
    wanted: Test,
    finished: Callable[[Entry, Record, Mapping[str, Record]], Entry],
) -> dict[str, list[Entry]]:
    """What entities of a production cast, by entity: what changed of its entities and links is two queries."""
    entities, links = in_production(caller, project, wanted)
    found: dict[str, list[Entry]] = {}
    for link, asset in _sorted(links):
        user = entities[link["entity_in_id"]]
        entry = {"name": asset["name"], **_entry(link, asset)}
        found.setdefault(user.id, []).append(finished(entry, user, entities))
    return found


def in_production(
    caller: Caller, project: Record, wanted: Test
) -> tuple[Mapping[str, Record], list[tuple[Record, Record]]]:
    """The entities of a production by id; the links of the wanted ones, each with what it casts.

    Left out are cancelled assets, and those of other productions that are neither shared nor seen by the caller. Two
    queries side by side.
    """
    home = keys.home_of_owner(project.id)
    queries = [partial(partitions.held, kind, home) for kind in (ENTITY, ENTITY_LINK)]
    entities, links = (held.records for held in reads.parallel(queries))
    held_links = [link for link in links.values() if link["entity_in_id"] in entities]
    chosen = [link for link in held_links if wanted(entities[link["entity_in_id"]])]
    foreign = _by_id({link["entity_out_id"] for link in chosen} - entities.keys())
    pairs = [(link, entities.get(link["entity_out_id"]) or foreign.get(link["entity_out_id"])) for link in chosen]
    shown_ones = [
        (link, asset)
        for link, asset in pairs
        if asset is not None and not asset["canceled"] and is_castable(caller, entities[link["entity_in_id"]], asset)
    ]
    return entities, shown_ones


def _with_sequence(entry: Entry, shot: Record, entities: Mapping[str, Record]) -> Entry:
    sequence = entities.get(shot["parent_id"] or "")
    return {**entry, "sequence_name": sequence["name"] if sequence else None}


def _as_it_is(entry: Entry, *_: Any) -> Entry:
    return entry


def _without_production(entry: Entry, *_: Any) -> Entry:
    return {name: value for name, value in entry.items() if name not in ("is_shared", "project_id")}


def _known(caller: Caller, entity: Record, links: Sequence[Record]) -> list[tuple[Record, Record]]:
    """Links with the assets they lead to, as far as the caller may see them there."""
    assets = _by_id(link["entity_out_id"] for link in links)
    pairs = [(link, assets.get(link["entity_out_id"])) for link in links]
    return [(link, asset) for link, asset in pairs if asset is not None and is_castable(caller, entity, asset)]


def _sorted(pairs: Sequence[tuple[Record, Record]]) -> list[tuple[Record, Record]]:
    return sorted(pairs, key=lambda pair: (_type_name(pair[1]) or "", pair[1]["name"], pair[1].id))


def _type_name(asset: Record) -> str | None:
    found = reference.find(ENTITY_TYPE, asset["entity_type_id"])
    return found["name"] if found else None


def _entry(link: Record, asset: Record) -> Entry:
    return {
        "asset_id": asset.id,
        "asset_name": asset["name"],
        "asset_type_name": _type_name(asset),
        "preview_file_id": asset["preview_file_id"],
        "nb_occurences": link["nb_occurences"],
        "label": link["label"],
        "is_shared": asset["is_shared"],
        "project_id": asset["project_id"],
    }


def _shot_entry(link: Record, shot: Record, sequence: Record, episode: Record | None) -> Entry:
    return {
        "shot_id": shot.id,
        "shot_name": shot["name"],
        "sequence_name": sequence["name"],
        "episode_id": episode.id if episode else _NOBODY,
        "episode_name": episode["name"] if episode else None,
        "preview_file_id": shot["preview_file_id"],
        "nb_occurences": link["nb_occurences"],
    }


def _asset_entry(link: Record, user: Record) -> Entry:
    return {
        "asset_id": user.id,
        "asset_name": user["name"],
        "asset_type_name": _type_name(user),
        "preview_file_id": user["preview_file_id"],
        "nb_occurences": link["nb_occurences"],
    }
