"""The builds of playlists as records: begun, ended, taken away (docs/contract/files.md 9.1).

A request begins a build and the queue function does the work (`building`): the API has no ffmpeg.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from typing import Any, Final

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.domain.files import storage
from chalicelib.domain.files.downloads import StoredFile
from chalicelib.domain.jobs import apart
from chalicelib.domain.jobs.job import enqueue, job
from chalicelib.domain.playlists.clips import clips_of
from chalicelib.domain.playlists.naming import file_name
from chalicelib.errors import Invalid, NotFound
from chalicelib.events.journal import emit
from chalicelib.records import clock
from chalicelib.records.files import BUILD_JOB, PLAYLIST
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record, shown
from chalicelib.store import homes, keys, objects, queue, reads, reference
from chalicelib.store.changes import Changes, write

# A build that is cut off comes again twice, an hour and a half later each.
STUCK_HOURS: Final = 6


def of_playlist(playlist: Record) -> list[Record]:
    """The builds of a playlist, newest first (one query)."""
    found = reads.query(BUILD_JOB, homes.of(PLAYLIST, playlist), "playlist_id", ("=", playlist.id))
    return sorted(found, key=lambda one: str(one["created_at"]), reverse=True)


def of_project(project: Record) -> list[dict[str, Any]]:
    """The builds of a production, newest first (one query)."""
    found = reads.query(BUILD_JOB, keys.home_of_owner(project.id))
    return [show(one) for one in sorted(found, key=lambda one: str(one["created_at"]), reverse=True)]


def show(build: Record) -> dict[str, Any]:
    """A build as answers show it, with what could not be built of it as `error`."""
    return shown(build, error=build["error"])


def one(playlist: Record, build_job_id: str) -> Record:
    """A build of a playlist; NotFound for any other one."""
    found = reads.get(BUILD_JOB, build_job_id)
    if found["playlist_id"] != playlist.id:
        raise NotFound("The playlist has no such build.", {"id": build_job_id})
    return found


def begin(caller: Caller, playlist: Record, anew: bool) -> Record:
    """Begins a build; anew: without the parts that former ones have left. Invalid where there is nothing to build."""
    if not clips_of(playlist):
        raise Invalid("No entry of this playlist shows a movie that is ready.", "shots", "a movie among the entries")

    def command(changes: Changes) -> Record:
        current = changes.read(PLAYLIST, playlist.id)
        changes.require(current)
        made = changes.create(BUILD_JOB, {"playlist_id": playlist.id, "person_id": caller.id})
        told = {**_told(made), "created_at": clock.shown(made["created_at"])}
        emit(changes, "build-job:new", current["project_id"], **told)
        enqueue(changes, hand_over, build_job_id=made.id, anew=anew)
        return made

    return write(command)


@job("have a playlist built")
def hand_over(build_job_id: str, anew: bool) -> None:
    """Asks the queue function for a build that was begun."""
    ask(build_job_id, anew=anew)


def ask(build_job_id: str, **more: Any) -> None:
    """Asks the queue function for a build; more: what it has to know besides (`building.serve`)."""
    queue.send(json.dumps({"build": {"build_job_id": build_job_id, **more}}))


def succeed(build_job_id: str, key: str, size: int, error: str | None) -> None:
    """A build ends with a movie; error: what is not in it, and why. NotFound for a build that is gone."""
    _end(build_job_id, status="succeeded", movie={"key": key, "size": size}, error=error)


def fail(build_job_id: str, error: str) -> None:
    """A build ends without a movie. NotFound for a build that is gone."""
    _end(build_job_id, status="failed", error=error)


def _end(build_job_id: str, **values: Any) -> None:
    """Ends a build that is running; one that has ended stays as it is."""

    def command(changes: Changes) -> None:
        build = changes.read(BUILD_JOB, build_job_id)
        if build["status"] != "running":
            return
        ended = changes.update(build, ended_at=clock.now(), **values)
        playlist = reads.get(PLAYLIST, build["playlist_id"])
        emit(changes, "build-job:update", playlist["project_id"], **_told(ended), status=ended["status"])

    write(command)


def _told(build: Record) -> dict[str, Any]:
    return {"build_job_id": build.id, "playlist_id": build["playlist_id"]}


def download(playlist: Record, build: Record) -> StoredFile:
    """The movie of a build; Invalid where there is none."""
    movie: Mapping[str, Any] | None = build["movie"]
    if build["status"] != "succeeded" or movie is None:
        raise Invalid("This build has no movie.", "build_job_id", "the id of a build that has succeeded")
    moment = clock.shown(build["created_at"]).replace("-", "").replace(":", "").replace("T", "_")
    name = f"{moment}_{file_name(playlist)}.mp4"
    content_type = storage.content_type(name)
    return StoredFile(movie["key"], movie["size"], build.id, content_type, build["updated_at"], name, inline=False)


def remove(playlist: Record, build: Record) -> None:
    """Takes a build away, with its movie."""

    def command(changes: Changes) -> None:
        current = changes.read(BUILD_JOB, build.id)
        changes.delete(current)
        tell_of_removal(changes, playlist, current)
        if current["movie"]:
            changes.afterwards(partial(objects.discard, [current["movie"]["key"]]))

    write(command)


def tell_of_removal(changes: Changes, playlist: Record, build: Record) -> None:
    """Adds the event of a build that goes."""
    emit(changes, "build-job:delete", playlist["project_id"], **_told(build))


def give_up_stuck() -> None:
    """Ends the builds that nobody works on any more: a query an open production, on an index of what is running."""
    before = clock.shift(clock.now(), hours=-STUCK_HOURS)
    projects = [project for project in reference.every(PROJECT).values() if checks.is_open(project)]
    queries = [
        partial(reads.query, BUILD_JOB, keys.home_of_owner(project.id), "unfinished", ("<", before))
        for project in projects
    ]
    reason = f"Nobody finished this build within {STUCK_HOURS} hours."

    def give_up(build: Record) -> None:
        with suppress(NotFound):
            fail(build.id, reason)

    stuck = [one for found in reads.parallel(queries) for one in found]
    apart.every((f"Ending the build {one.id}", partial(give_up, one)) for one in stuck)
