"""Playlists: lists, one in full, temporary ones (docs/contract/files.md section 9)."""

from typing import Any

import msgspec

from chalicelib.access import playlists as access
from chalicelib.access import rules
from chalicelib.domain.crud.pagination import truth
from chalicelib.domain.playlists import entries, lists, temporary
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.records.files import PLAYLIST
from chalicelib.routes.answer_schemas import ID, TEXT, Shape, Shown

area = Area("playlists", "Previews of many entities, to be looked at one after the other.")
_OF_PROJECT = "/data/projects/{project_id}/playlists"
_LISTED = Shown(PLAYLIST, many=True, more={"first_preview_file_id": ID})
_QUERY = {
    "page": "From 1, twenty playlists each; without it, the whole list.",
    "sort_by": "A field; moments sort from the latest. By the last change unless told.",
    "task_type_id": "Only those of that task type.",
}


class Tasks(msgspec.Struct):
    """The tasks whose entities are to be shown."""

    task_ids: list[str] | None = None


@area.get(_OF_PROJECT, access=access.team, query=_QUERY, answer=_LISTED)
def playlists_of_project(call: Call) -> Any:
    """The playlists of a production without their entries; clients get those for clients."""
    return lists.of_project(call.caller, call.subject, call.query)


@area.get(
    "/data/projects/{project_id}/episodes/{episode_id}/playlists", access=access.team, query=_QUERY, answer=_LISTED
)
def playlists_of_episode(call: Call) -> Any:
    """The playlists of an episode; `main` are those of no episode, `all` those of no episode that are for all."""
    return lists.of_episode(call.caller, call.subject, call.params["episode_id"], call.query)


@area.get(
    f"{_OF_PROJECT}/all",
    access=rules.project_admin(),
    answer=Shown(PLAYLIST, many=True),
    query={"page": "From 1; without it, the whole list.", "limit": "Rows a page, 100 unless told."},
)
def all_playlists_of_project(call: Call) -> Any:
    """The playlists of a production with entries and builds, last changed first."""
    return lists.everything(call.caller, call.subject, call.query)


@area.get(f"{_OF_PROJECT}/{{playlist_id}}", access=access.of_team, answer=Shown(PLAYLIST))
def playlist_in_full(call: Call) -> Any:
    """A playlist with all revisions of what its entries show, by task type."""
    return entries.full(call.subject)


@area.post(
    f"{_OF_PROJECT}/temp",
    access=rules.project_member(),
    body=Tasks,
    query={"sort": "`true`: by what the entities are in, then by name."},
    answer=Shape.several(id=ID, name=TEXT, parent_name=TEXT, preview_file_task_id=ID, preview_file_id=ID),
)
def temporary_playlist(call: Call) -> Any:
    """The entities of some tasks as entries of a playlist that is not kept."""
    return temporary.of_tasks(call.caller, call.subject, call.body.task_ids or [], truth(call.query, "sort"))
