"""One playlist with all that a player shows of its entries (docs/contract/files.md section 9, full form)."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Final

from chalicelib.domain.files import lists
from chalicelib.domain.playlists import build_jobs, selection
from chalicelib.records.clock import shown as shown_moment
from chalicelib.records.files import PLAYLIST
from chalicelib.records.production import TASK_TYPE
from chalicelib.records.record import Record, part, shown
from chalicelib.records.tasks import TASK
from chalicelib.store import homes, partitions, reads, reference

_FILE: Final = ("id", "revision", "extension", "width", "height", "duration", "annotations", "task_id")
_OF_ENTRY: Final = ("id", "extension", "revision", "width", "height", "duration", "status", "annotations", "task_id")
# Beyond so many entities it is less to ask what changed among all tasks of the production.
_FEW_ENTITIES: Final = 12
Files = dict[str, Any]
# Tasks, each with its previews.
Found = list[tuple[Record, list[Record]]]


def full(playlist: Record) -> dict[str, Any]:
    """A playlist in full: its builds, and each entry with the previews of its entity.

    Reads: the builds, the tasks of the entities and the previews of these tasks (of many one query of what changed, of
    a few a query each, side by side).
    """
    shots = selection.entries_of(playlist)
    wanted = [str(one.get("entity_id") or "") for one in shots]
    # The first one is read by this thread, so that it may read side by side itself.
    tasks, jobs = reads.parallel(
        [
            partial(_tasks_on, homes.of(PLAYLIST, playlist), wanted),
            partial(build_jobs.of_playlist, playlist),
        ]
    )
    grouped = {entity_id: _grouped(found) for entity_id, found in _by_entity(tasks).items()}
    told = [part(job, ("id", "status"), created_at=shown_moment(job["created_at"])) for job in jobs]
    return shown(playlist, build_jobs=told, shots=[_entry(one, grouped) for one in shots])


def files_of(home: str, entity_ids: Sequence[str]) -> dict[str, Found]:
    """The tasks of entities of a production with their previews, by entity; reads as `full` does, but no builds."""
    return _by_entity(_tasks_on(home, entity_ids))


def _tasks_on(home: str, entity_ids: Sequence[str]) -> list[Record]:
    wanted = set(entity_ids) - {""}
    if len(wanted) > _FEW_ENTITIES:
        return [task for task in partitions.held(TASK, home).records.values() if task["entity_id"] in wanted]
    queries = [partial(reads.query, TASK, home, "entity_id", ("^", f"{one}#")) for one in sorted(wanted)]
    return [task for tasks in reads.parallel(queries) for task in tasks]


def _by_entity(tasks: Iterable[Record]) -> dict[str, Found]:
    by_entity: dict[str, Found] = {}
    for task, files in lists.by_task(tasks):
        by_entity.setdefault(task["entity_id"], []).append((task, files))
    return by_entity


def _grouped(found: Found) -> dict[str, list[Files]]:
    """The previews of an entity by task type: the types by priority from the highest, then by name."""
    by_type = lists.by_type(found)
    return {task_type_id: _revisions(by_type[task_type_id]) for task_type_id in sorted(by_type, key=_order)}


def _order(task_type_id: str) -> tuple[int, str]:
    task_type = reference.find(TASK_TYPE, task_type_id)
    return (-(task_type["priority"] or 0), task_type["name"]) if task_type else (0, "")


def _revisions(files: Iterable[Record]) -> list[Files]:
    """One entry a revision, the highest first: its first file, the others in its `previews`."""
    in_order = sorted(files, key=lambda one: (one["position"] or 0, one["created_at"], one.id))
    return [
        {**_file(first), "previews": [_file(one) for one in others]} for first, *others in lists.revisions_of(in_order)
    ]


def _file(preview: Record) -> Files:
    status = str(preview["status"] or "").capitalize()
    return part(preview, _FILE, status=status, created_at=shown_moment(preview["created_at"]))


def _entry(entry: Mapping[str, Any], grouped: Mapping[str, dict[str, list[Files]]]) -> dict[str, Any]:
    """An entry with the previews of its entity; the chosen one is left out where it is none of them."""
    entity_id = entry.get("entity_id")
    files = grouped.get(str(entity_id))
    made: dict[str, Any] = {"entity_id": entity_id, "id": entity_id, "preview_files": files or []}
    chosen = _find(files or {}, entry.get("preview_file_id"))
    return {**made, **of_preview(chosen)} if chosen else made


def _find(grouped: Mapping[str, list[Files]], preview_id: Any) -> Files | None:
    revisions = [one for files in grouped.values() for one in files]
    others = [{**other, "previews": []} for one in revisions for other in one["previews"]]
    return next((one for one in (*revisions, *others) if one["id"] == preview_id), None)


def of_preview(file: Files) -> dict[str, Any]:
    """What an entry tells of a grouped preview that it shows, each with the prefix `preview_file`."""
    return {**{f"preview_file_{name}": file[name] for name in _OF_ENTRY}, "preview_file_previews": file["previews"]}
