"""Playlists: lists, one in full, temporary ones; their files and tables (docs/contract/files.md section 9)."""

from typing import Any

import msgspec

from chalicelib.access import checks, rules
from chalicelib.access import playlists as access
from chalicelib.domain.crud.pagination import truth
from chalicelib.domain.playlists import adding, archives, build_jobs, entries, letters, lists, temporary
from chalicelib.http.answers import Answer, no_content
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.interchange import csv_writing
from chalicelib.interchange.exports import playlists as playlist_table
from chalicelib.records.files import BUILD_JOB, PLAYLIST
from chalicelib.records.record import plain
from chalicelib.routes import exports, stored_files
from chalicelib.routes.answer_schemas import ID, IDS, TEXT, TRUTH, Shape, Shown, or_null

area = Area("playlists", "Previews of many entities, to be looked at one after the other.")
_OF_PROJECT = "/data/projects/{project_id}/playlists"
_ONE = "/data/playlists/{playlist_id}"
_JOB = f"{_ONE}/jobs/{{build_job_id}}"
_LISTED = Shown(PLAYLIST, many=True, more={"first_preview_file_id": ID})
_ERROR = {"error": or_null(TEXT)}
_BUILD = Shown(BUILD_JOB, more=_ERROR)
_BUILDS = Shown(BUILD_JOB, many=True, more=_ERROR)
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


@area.get("/export/csv/playlists/{playlist_id}", access=access.downloader, answer=csv_writing.MEDIA_TYPE)
def export_playlist(call: Call) -> Answer:
    """Exports what a playlist shows, with the state of each task."""
    playlist = call.subject
    names = (checks.project_of(playlist)["name"], "playlist", playlist["name"])
    return exports.table(playlist_table.table(call.caller, playlist), csv_writing.slug("_".join(names)))


# -- builds ------------------------------------------------------------------------------------------------------------
@area.get(
    f"{_ONE}/build/mp4",
    access=access.manager,
    answer=_BUILD,
    query={"full": "`true`: without the parts that former builds have left."},
    changes=True,
)
def build_movie(call: Call) -> Any:
    """Begins to build one movie of the movies that a playlist shows, and of the pictures among them."""
    return build_jobs.show(build_jobs.begin(call.caller, call.subject, anew=truth(call.query, "full")))


@area.get(_JOB, access=access.follower, answer=_BUILD)
def build_job(call: Call) -> Any:
    """A build; `error` names what could not be built, and why."""
    return build_jobs.show(build_jobs.one(call.subject, call.params["build_job_id"]))


@area.get(f"{_JOB}/build/mp4", access=access.downloader, answer="video/mp4")
def built_movie(call: Call) -> Answer:
    """The movie of a build that has succeeded, to be saved."""
    build = build_jobs.one(call.subject, call.params["build_job_id"])
    return stored_files.answer(call, build_jobs.download(call.subject, build))


@area.delete(_JOB, access=access.follower, status=204)
def remove_build_job(call: Call) -> Answer:
    """Takes a build away, with its movie."""
    build_jobs.remove(call.subject, build_jobs.one(call.subject, call.params["build_job_id"]))
    return no_content()


@area.get("/data/projects/{project_id}/build-jobs", access=rules.project_admin(), answer=_BUILDS)
def build_jobs_of_project(call: Call) -> Any:
    """The builds of a production, newest first."""
    return build_jobs.of_project(call.subject)
