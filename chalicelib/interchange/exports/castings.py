"""The castings of a production as a table (docs/contract/interchange.md 1.3)."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple

from chalicelib.access.caller import Caller
from chalicelib.domain.entities import boards, casting_lists
from chalicelib.domain.entities.kinds import ALL, ASSET, EPISODE, MAIN, SHOT
from chalicelib.domain.production import episodes
from chalicelib.domain.workflow import entity_types
from chalicelib.interchange.csv_writing import Rows
from chalicelib.records.entities import ENTITY_TYPE
from chalicelib.records.record import Record
from chalicelib.store import reference

_HEADS: Final = ("Parent", "Name", "Asset Type", "Asset", "Occurences", "Label")
_MAIN_PACK: Final = "MP"
Entities = Mapping[str, Record]


class _Above(NamedTuple):
    """What the first two columns say of who casts."""

    episode: str
    parent: str


def table(caller: Caller, project: Record, query: Mapping[str, str]) -> Rows:
    """What entities of a production cast, by the columns from left to right.

    query: `is_shot_casting` (`true` alone is true), `episode_id` (an id, `main`, `all`; Invalid else). Cancelled
    assets are left out, as in all castings. Two queries side by side, a read a hundred shared assets.
    """
    episode_id = boards.id_of(query, "episode_id", ALL, MAIN)
    of_shots = query.get("is_shot_casting", "").lower() == "true"
    is_show = episodes.is_show(project)
    if episode_id == MAIN:
        rows = _rows(caller, project, _is_of_main_pack, _in_main_pack)
    elif episode_id == ALL:
        rows = _rows(caller, project, EPISODE.is_of, lambda *_: _Above("", EPISODE.name))
    elif of_shots:
        rows = _of_shots(caller, project, episode_id)
    elif is_show:
        rows = _of_assets_of_episodes(caller, project, episode_id) + _rows(
            caller, project, _is_of_main_pack, _in_main_pack
        )
    else:
        rows = _rows(caller, project, lambda one: not SHOT.is_of(one), _in_main_pack)
    if is_show and episode_id != ALL:
        return [["Episode", *_HEADS], *rows]
    return [list(_HEADS), *(row[1:] for row in rows)]


def _of_shots(caller: Caller, project: Record, episode_id: str | None) -> Rows:
    def above(shot: Record, entities: Entities) -> _Above | None:
        sequence = entities.get(shot["parent_id"] or "")
        episode = entities.get(sequence["parent_id"] or "") if sequence else None
        if episode_id is not None and (episode is None or episode.id != episode_id):
            return None
        return _Above(episode["name"] if episode else "", sequence["name"] if sequence else "")

    return _rows(caller, project, SHOT.is_of, above)


def _of_assets_of_episodes(caller: Caller, project: Record, episode_id: str | None) -> Rows:
    def above(asset: Record, entities: Entities) -> _Above | None:
        episode = entities.get(asset["source_id"])
        return _Above(episode["name"], _type_name(asset)) if episode else None

    return _rows(
        caller,
        project,
        lambda one: ASSET.is_of(one) and bool(one["source_id"]) and episode_id in (None, one["source_id"]),
        above,
    )


def _is_of_main_pack(entity: Record) -> bool:
    return ASSET.is_of(entity) and not entity["source_id"]


def _in_main_pack(entity: Record, _: Entities) -> _Above:
    return _Above(_MAIN_PACK, _type_name(entity))


def _rows(
    caller: Caller,
    project: Record,
    wanted: Callable[[Record], bool],
    above_of: Callable[[Record, Entities], _Above | None],
) -> Rows:
    entities, links = casting_lists.in_production(caller, project, wanted)
    return _sorted(_row(link, asset, entities, above_of) for link, asset in links)


def _row(
    link: Record, asset: Record, entities: Entities, above_of: Callable[[Record, Entities], _Above | None]
) -> list[Any] | None:
    user = entities[link["entity_in_id"]]
    above = above_of(user, entities)
    if above is None:
        return None
    return [*above, user["name"], _type_name(asset), asset["name"], link["nb_occurences"] or 0, link["label"] or ""]


def _sorted(rows: Iterable[list[Any] | None]) -> Rows:
    return sorted(row for row in rows if row is not None)


def _type_name(entity: Record) -> str:
    found = reference.find(ENTITY_TYPE, entity["entity_type_id"])
    return found["name"] if found else entity_types.kind_name(entity["entity_type_id"])
