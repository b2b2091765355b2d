"""Playlists: lists, one in full, temporary ones; their files and tables (docs/contract/files.md section 9)."""

from typing import Any

import msgspec

from chalicelib.access import checks, rules
from chalicelib.access import playlists as access
from chalicelib.domain.crud.pagination import truth
from chalicelib.domain.playlists import adding, archives, entries, letters, lists, temporary
from chalicelib.http.answers import Answer
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.interchange import csv
from chalicelib.interchange import playlists as playlist_table
from chalicelib.records.files import PLAYLIST
from chalicelib.records.record import plain
from chalicelib.routes import exports, stored_files
from chalicelib.routes.answer_schemas import ID, IDS, TEXT, TRUTH, Shape, Shown

area = Area("playlists", "Previews of many entities, to be looked at one after the other.")
_OF_PROJECT = "/data/projects/{project_id}/playlists"
_ONE = "/data/playlists/{playlist_id}"
_LISTED = Shown(PLAYLIST, many=True, more={"first_preview_file_id": ID})
_QUERY = {
    "page": "From 1, twenty playlists each; without it, the whole list.",
    "sort_by": "A field; moments sort from the latest. By the last change unless told.",
    "task_type_id": "Only those of that task type.",
}


class Entry(msgspec.Struct):
    """An entity to be shown, by its latest preview unless told."""

    entity_id: str
    preview_file_id: str | None = None


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


@area.post("/actions/playlists/{playlist_id}/add-entity", access=access.supervisor, body=Entry, answer=Shown(PLAYLIST))
def add_entity(call: Call) -> Any:
    """Adds an entity at the end of a playlist, without a preview by its latest one."""
    return plain(adding.add_entity(call.subject, call.body.entity_id, call.body.preview_file_id))


@area.post(
    f"{_ONE}/notify-clients",
    access=access.manager,
    answer=Shape(success=TRUTH, notified=IDS),
)
def notify_clients(call: Call) -> Any:
    """Mails the clients of the team that a playlist is ready for them; tells who is mailed."""
    return {"success": True, "notified": letters.notify_clients(call.subject)}


@area.get(f"{_ONE}/download/zip", access=access.downloader, answer=archives.CONTENT_TYPE)
def download_archive(call: Call) -> Answer:
    """The files of all revisions that a playlist shows, in one archive."""
    return stored_files.answer(call, archives.download(call.subject))


@area.get("/export/csv/playlists/{playlist_id}", access=access.downloader, answer=csv.MEDIA_TYPE)
def export_playlist(call: Call) -> Answer:
    """Exports what a playlist shows, with the state of each task."""
    playlist = call.subject
    names = (checks.project_of(playlist)["name"], "playlist", playlist["name"])
    return exports.table(playlist_table.table(call.caller, playlist), csv.slug("_".join(names)))
