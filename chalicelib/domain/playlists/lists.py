"""Lists of playlists: of a production, of an episode (docs/contract/files.md section 9)."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from chalicelib.access.caller import Caller
from chalicelib.domain.crud.pagination import Paging, latest_first
from chalicelib.domain.entities.kinds import ALL, EPISODE, MAIN
from chalicelib.domain.playlists import selection
from chalicelib.domain.playlists.crud import Playlists
from chalicelib.errors import NotFound
from chalicelib.records import clock
from chalicelib.records.entities import ENTITY
from chalicelib.records.files import PLAYLIST
from chalicelib.records.record import Record
from chalicelib.store import keys, partitions, reads

A_PAGE: Final = 20
_SHOWN: Final = tuple(name for name in PLAYLIST.plain if name != "shots")
_BY_CHANGE: Final = "updated_at"
Wanted = Callable[[Record], bool]


def of_project(caller: Caller, project: Record, query: Mapping[str, str]) -> list[dict[str, Any]]:
    """The playlists of a production without their entries, as the query sorts and pages them; clients get theirs."""
    return _listed(caller, project, query, lambda _: True)


def of_episode(caller: Caller, project: Record, episode_id: str, query: Mapping[str, str]) -> list[dict[str, Any]]:
    """The same of an episode; `main` means those of no episode, `all` those of no episode that are for all.

    NotFound for what is no episode of the production.
    """
    if episode_id in (MAIN, ALL):
        for_all = episode_id == ALL
        return _listed(caller, project, query, lambda one: not one["episode_id"] and one["is_for_all"] == for_all)
    episode = reads.get(ENTITY, episode_id)
    if episode["project_id"] != project.id or not EPISODE.is_of(episode):
        raise NotFound(f"There is no episode with the id {episode_id!r}.", {"id": episode_id})
    return _listed(caller, project, query, lambda one: one["episode_id"] == episode.id)


def everything(caller: Caller, project: Record, query: Mapping[str, str]) -> Any:
    """The playlists of a production as the generic list shows them with relations, last changed first."""
    paging = Paging.of(query)
    rows = Playlists().rows
    return latest_first(_of(project), paging, lambda part: rows(caller, list(part), relations=True))


def _of(project: Record) -> Iterable[Record]:
    """The playlists of a production: held, one query for what changed."""
    return partitions.held(PLAYLIST, keys.home_of_owner(project.id)).records.values()


def _listed(caller: Caller, project: Record, query: Mapping[str, str], wanted: Wanted) -> list[dict[str, Any]]:
    paging = Paging.of({"page": query.get("page", "")}, limit=A_PAGE)
    task_type_id = query.get("task_type_id", "").strip().lower()
    found = [
        one
        for one in Playlists().visible(caller, _of(project))
        if wanted(one) and task_type_id in ("", one["task_type_id"])
    ]
    ordered = _sorted(found, query.get("sort_by", "").strip())
    page = ordered if paging.page is None else paging.cut(ordered)["data"]
    return [_row(one) for one in page]


def _sorted(found: Iterable[Record], column: str) -> list[Record]:
    """By a column: moments from the latest, all else ascending, nulls last; by the last change without a known one."""
    column = column if column in _SHOWN else _BY_CHANGE
    in_turn = sorted(found, key=lambda one: one.id)
    if column in PLAYLIST.datetimes:
        return sorted(in_turn, key=lambda one: one[column] or "", reverse=True)
    return sorted(in_turn, key=lambda one: (one[column] is None, _ascending(one[column])))


def _ascending(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value or False


def _row(playlist: Record) -> dict[str, Any]:
    """The list form: no entries, but the first preview."""
    row = {name: playlist[name] for name in _SHOWN}
    row |= {name: clock.shown(row[name]) for name in PLAYLIST.datetimes}
    row |= {"for_entity": row["for_entity"] or "shot", "type": PLAYLIST.name}
    first = next(iter(selection.entries_of(playlist)), {}).get("preview_file_id")
    return {**row, "first_preview_file_id": first} if first else row
