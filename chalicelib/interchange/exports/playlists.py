"""A playlist as a table, to be written as CSV (docs/contract/interchange.md 1.4)."""

import datetime
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.access.comments import is_by_client, reads_whole
from chalicelib.domain.entities import names
from chalicelib.domain.files.download_names import full_entity_name
from chalicelib.domain.playlists import selection
from chalicelib.domain.playlists.naming import episode_name
from chalicelib.domain.tasks.quotas import zone_of
from chalicelib.interchange.csv_writing import Rows
from chalicelib.records.clock import SECONDS
from chalicelib.records.entities import ENTITY
from chalicelib.records.people import PERSON
from chalicelib.records.production import TASK_STATUS, TASK_TYPE
from chalicelib.records.record import Record
from chalicelib.records.tasks import COMMENT, TASK
from chalicelib.store import homes, reads, reference

_HEADS: Final = (
    "Entity name",
    "Nb Frames",
    "Task Type",
    "Retake count",
    "Revision",
    "Task Status",
    "Last comment author",
    "Last comment date",
    "Last comment",
)
_WIDTH: Final = 7
# The newest comment is seldom a client's.
_COMMENTS_A_LOOK: Final = 5


def table(caller: Caller, playlist: Record) -> Rows:
    """Two lines about the playlist, the heads, a line an entry; entries without a preview or a task are left out.

    The last comment of a task is the newest one that no client wrote, as far as the caller reads it. Moments are in
    the caller's zone. Reads: previews, tasks, entities and what is above these a hundred at a time; a query a task.
    """
    chosen = selection.previews_of(playlist)
    tasks = {one.id: one for one in reads.get_many(TASK, [preview["task_id"] or "" for _, preview in chosen])}
    entities = {one.id: one for one in reads.get_many(ENTITY, [task["entity_id"] or "" for task in tasks.values()])}
    above = names.ancestors_of(list(entities.values()))
    comments = _last_comments(caller, tasks)
    told = {
        task.id: _of_task(caller, task, entities[task["entity_id"]], above, comments[task.id])
        for task in tasks.values()
        if task["entity_id"] in entities
    }
    rows = [
        [*told[task_id][:4], preview["revision"], *told[task_id][4:]]
        for _, preview in chosen
        if (task_id := preview["task_id"]) in told
    ]
    return [_about(caller, playlist), [""] * _WIDTH, list(_HEADS), *rows]


def _about(caller: Caller, playlist: Record) -> list[Any]:
    project, episode = checks.project_of(playlist), episode_name(playlist)
    sort = "for shots" if (playlist["for_entity"] or "shot") == "shot" else "for assets"
    production = f"{project['name']} - {episode}" if episode else project["name"]
    made = _moment(caller, playlist["created_at"])
    line = ["Playlist", f"{production} | {sort}", playlist["name"], made]
    return line + [""] * (_WIDTH - len(line))


def _of_task(
    caller: Caller, task: Record, entity: Record, above: Mapping[str, Record], comment: Record | None
) -> list[Any]:
    """All of a line but the revision."""
    task_type = reference.find(TASK_TYPE, task["task_type_id"])
    status = reference.find(TASK_STATUS, task["task_status_id"])
    author = reference.find(PERSON, comment["person_id"]) if comment else None
    return [
        full_entity_name(entity, above),
        entity["nb_frames"],
        task_type["name"] if task_type else "",
        task["retake_count"],
        status["name"] if status else "",
        author["full_name"] if author else "",
        _moment(caller, comment["created_at"]) if comment else "",
        comment["text"] if comment else "",
    ]


def _last_comments(caller: Caller, tasks: Mapping[str, Record]) -> dict[str, Record | None]:
    looks: list[Callable[[], Record | None]] = [partial(_last_comment, caller, task) for task in tasks.values()]
    return dict(zip(tasks, reads.parallel(looks), strict=True))


def _last_comment(caller: Caller, task: Record) -> Record | None:
    project, home = checks.project_of(task), homes.of(COMMENT, {"object_id": task.id})
    of_task = ("^", f"{task.id}#")
    for page in reads.pages_of(COMMENT, home, "object_id", of_task, descending=True, limit=_COMMENTS_A_LOOK):
        for comment in reads.records_of(COMMENT, page):
            if not is_by_client(comment) and reads_whole(caller, project, comment):
                return comment
    return None


def _moment(caller: Caller, moment: str) -> str:
    utc = datetime.datetime.fromisoformat(moment[:SECONDS]).replace(tzinfo=datetime.UTC)
    return utc.astimezone(zone_of(caller)).isoformat()
