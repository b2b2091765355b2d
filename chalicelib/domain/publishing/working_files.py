"""Working files: revisions of what people work in (docs/contract/files.md section 4)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.access.caller import Caller
from chalicelib.domain.commands import Known
from chalicelib.domain.file_trees import made_on_demand, paths
from chalicelib.domain.file_trees.paths import FileOf
from chalicelib.domain.file_trees.templates import Path
from chalicelib.domain.publishing.named_in_body import person_named, software_named, whole_revision
from chalicelib.domain.tasks.validation import MOST_ASSIGNEES
from chalicelib.errors import NotFound
from chalicelib.events.journal import emit, emit_for
from chalicelib.records import names
from chalicelib.records.entities import ENTITY
from chalicelib.records.files import WORKING_FILE
from chalicelib.records.production import TASK_TYPE
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.records.validation import creation_values, value_of
from chalicelib.store import homes, keys, reads, reference
from chalicelib.store.changes import Changes, write

# The folder of a working file is kept with slashes, whatever stands before the file name.
_SLASH: Final = "/"


@dataclass(frozen=True)
class NewWorkingFile:
    """A working file as it is asked for: `revision` 0 is the next one, `person_id` None who asks."""

    name: str
    mode: str = "working"
    separator: str = "/"
    revision: int = 0
    comment: str = ""
    person_id: str | None = None
    software_id: str | None = None


# -- lists -------------------------------------------------------------------------------------------------------------
def of_task(task: Record) -> list[Record]:
    """The working files of a task, highest revision first: one query."""
    return _highest_first(reads.query(WORKING_FILE, homes.of(TASK, task), "task_id", ("=", task.id)))


def last_revisions(task: Record) -> dict[str, Record]:
    """The working file of the highest revision of each name: one query."""
    last: dict[str, Record] = {}
    for one in of_task(task):
        last.setdefault(one["name"] or "", one)
    return last


def of_entity(entity: Record, query: Mapping[str, str]) -> list[Record]:
    """The working files of an entity, of a `task_id` and a `name` where these are asked for: one query."""
    wanted = {name: query[name] for name in ("task_id", "name") if query.get(name)}
    found = reads.query(WORKING_FILE, homes.of(ENTITY, entity), "entity_id", ("=", entity.id))
    return _highest_first(one for one in found if names.agrees(WORKING_FILE, one, wanted))


def _highest_first(files: Iterable[Record]) -> list[Record]:
    return sorted(files, key=lambda one: (one["revision"] or 0, one["created_at"]), reverse=True)


def _next_revision(task: Record, name: str) -> int:
    alike = (one for one in of_task(task) if names.agrees(WORKING_FILE, one, {"name": name}))
    return max((one["revision"] or 0 for one in alike), default=0) + 1


# -- paths and revisions -----------------------------------------------------------------------------------------------
def path(task: Record, asked: NewWorkingFile) -> Path:
    """Where a working file of a task goes: folder and file name, of the next revision where none is asked for.

    Errors: NotFound for an unknown software, Invalid where the file tree has no such path.
    """
    file = _file_of(task, asked)
    revision = whole_revision(asked.revision) or _next_revision(task, asked.name)
    return paths.path_of(file, revision, asked.mode, asked.separator)


def _file_of(task: Record, asked: NewWorkingFile) -> FileOf:
    # It appears whenever somebody asks, even for another one (section 2).
    default = made_on_demand.default_software()
    software = software_named(asked.software_id) if asked.software_id else default
    entity = reads.get(ENTITY, task["entity_id"] or "")
    task_type = reference.get(TASK_TYPE, task["task_type_id"] or "")
    return FileOf(entity, task_type, asked.name, task=task, software=software)


def create(caller: Caller, task: Record, asked: NewWorkingFile) -> Record:
    """A new revision of a working file; whoever makes it is assigned to the task.

    Of two who ask for the next revision at once each gets one of their own. Errors: NotFound for an unknown software,
    Invalid for an unknown person and where the file tree has no path for it, Duplicate for a revision there is.
    """
    file = _file_of(task, asked)
    given = whole_revision(asked.revision)
    person_id = person_named(asked.person_id).id if asked.person_id else caller.id
    of_whom = {"task_id": task.id, "entity_id": file.entity.id, "person_id": person_id}
    turn = keys.claim(homes.of(TASK, task), WORKING_FILE, f"{task.id}#{asked.name}")
    known = Known(task)

    def command(changes: Changes) -> Record:
        changes.take_turn(turn)
        now = known.read(changes)
        revision = given or _next_revision(task, asked.name)
        folder, file_name = paths.path_of(file, revision, asked.mode, _SLASH)
        values = {
            "name": asked.name,
            "revision": revision,
            "comment": asked.comment,
            "software_id": file.software.id if file.software else None,
        }
        whole = {**of_whom, **values, "path": f"{folder}{asked.separator}{file_name}"}
        _assign(changes, now, caller)
        made = changes.create(WORKING_FILE, creation_values(WORKING_FILE, whole))
        emit(changes, "working-file:new", now["project_id"], working_file_id=made.id)
        return made

    return write(command)


def _assign(changes: Changes, task: Record, caller: Caller) -> None:
    """Who makes a working file works on the task, and it is told each time; bots are assigned to nothing."""
    if caller.is_bot:
        changes.require(task, NotFound("The task is gone.", {"id": task.id}))
        return
    assignees = task["assignees"]
    if caller.id not in assignees and len(assignees) < MOST_ASSIGNEES:
        changes.update(task, assignees=[*assignees, caller.id])
    else:
        changes.require(task, NotFound("The task is gone.", {"id": task.id}))
    emit(changes, "task:assign", task["project_id"], task_id=task.id, person_id=caller.id)
    emit(changes, "task:update", task["project_id"], task_id=task.id)


# -- changes -----------------------------------------------------------------------------------------------------------
def comment(file: Record, text: str) -> Record:
    """The working file with another comment."""
    return _change(file, comment=value_of(WORKING_FILE.by_name["comment"], text))


def touch(file: Record) -> Record:
    """The working file, modified now."""
    return _change(file)


def _change(file: Record, **values: Any) -> Record:
    known = Known(file)

    def command(changes: Changes) -> Record:
        changed = changes.update(known.read(changes), **values)
        emit_for(changes, changed, "update")
        return changed

    return write(command)
