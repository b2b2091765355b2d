"""Tasks of ShotGrid, notes on them and versions (docs/contract/interchange.md section 5)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.domain.workflow import task_statuses
from chalicelib.interchange.shotgun import entries
from chalicelib.interchange.shotgun.entries import Entry
from chalicelib.interchange.shotgun.known import Key, Known, anywhere, older, with_id
from chalicelib.interchange.shotgun.writing import Plan, Writer
from chalicelib.records import names
from chalicelib.records.entities import ENTITY
from chalicelib.records.fields import string
from chalicelib.records.files import PREVIEW_FILE
from chalicelib.records.people import PERSON
from chalicelib.records.production import PROJECT, TASK_STATUS, TASK_TYPE
from chalicelib.records.record import Record
from chalicelib.records.tasks import COMMENT, TASK
from chalicelib.store import keys, reads, reference

_NEEDED: Final = (
    "id",
    "cached_display_name",
    "entity",
    "sg_status_list",
    "created_by",
    "task_assignees",
    "start_date",
    "due_date",
    "sg_sort_order",
    "duration",
)
_WORDS: Final = ("Asset", "Shot", "Scene", "Sequence", "Episode")
_WORD: Final = string("word")
# By the field of a task, what it is called there.
_VALUES: Final = {
    "name": "cached_display_name",
    "start_date": "start_date",
    "due_date": "due_date",
    "sort_order": "sg_sort_order",
    "duration": "duration",
}


# -- tasks -------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class _Task:
    entry: Entry
    number: int
    project: Record
    entity: Key
    values: dict[str, Any]
    status: str | None


def tasks(sent: Any) -> list[Record]:
    """Tasks, found by their ids, else by name, type and entity; those on what nobody knows are left out."""
    by_project: dict[str, list[_Task]] = {}
    for one in entries.read(sent, _task):
        by_project.setdefault(one.project.id, []).append(one)
    return [record for project_id, those in by_project.items() for record in _in_project(project_id, those)]


def _in_project(project_id: str, wanted: Collection[_Task]) -> list[Record]:
    home = keys.home_of_owner(project_id)
    known = Known(TASK, home, (one.number for one in wanted))
    entities = Known(ENTITY, home, (number for _, number in (one.entity for one in wanted)))
    statuses = {status["short_name"]: status.id for status in reference.every(TASK_STATUS).values()}

    def look() -> None:
        known.look()
        entities.look()

    def plan(one: _Task) -> Plan | None:
        word, number = one.entity
        entity, found = entities.find(number, word), known.find(one.number)
        if entity is None:
            return None
        values = {**one.values, "entity_id": entity.id}
        if found is None:
            same = known.where("entity_id", (entity.id, values["task_type_id"]))
            found = next((task for task in same if names.agrees(TASK, task, {"name": values["name"]})), None)
        if one.status in statuses:
            values["task_status_id"] = statuses[one.status]
        elif found is None:
            values["task_status_id"] = task_statuses.default(task_statuses.is_concept(entity)).id
        return Plan(found, values)

    return Writer(TASK, home, look, plan, known.note).write(list(wanted))


def _task(entry: Entry) -> _Task | None:
    values = {name: entry.value(key, TASK.by_name[name]) for name, key in _VALUES.items()}
    # What stays null has no place in these.
    values = {name: value for name, value in values.items() if value is not None or name in ("start_date", "due_date")}
    number, status = entry.number, entry.value("sg_status_list", _WORD)
    project = with_id(PROJECT, entry.number_at("project.id"))
    task_type = with_id(TASK_TYPE, entry.number_at("step.id"))
    word, entity = entry.value("entity.type", _WORD), entry.number_at("entity.id")
    assigner = with_id(PERSON, entry.number_at("created_by.id"))
    assignees = [with_id(PERSON, one) for one in entry.numbers_at("task_assignees")]
    if number is None or project is None or task_type is None or entity is None or word not in _WORDS:
        return None
    if not entry.has_needed(*_NEEDED) or not values.get("name"):
        return None
    values |= {
        "project_id": project.id,
        "task_type_id": task_type.id,
        "assignees": [one.id for one in assignees if one is not None],
        "shotgun_id": number,
    }
    if assigner is not None:
        values["assigner_id"] = assigner.id
    return _Task(entry, number, project, (word, entity), values, status)


def _tasks_with(numbers: Iterable[int]) -> dict[int, Record]:
    """Tasks of any production by their ids in ShotGrid."""
    found: dict[int, Record] = {}
    for task in anywhere(TASK, frozenset(numbers)):
        found[task["shotgun_id"]] = older(task, found.get(task["shotgun_id"]))
    return found


# -- notes and versions ------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class _OnTask:
    """A note or a version, and the id of the task that it is on."""

    entry: Entry
    number: int
    task: int
    values: dict[str, Any]


def _by_home(wanted: Iterable[_OnTask], known: Mapping[int, Record]) -> Iterable[tuple[str, list[_OnTask]]]:
    """What is on tasks that somebody knows, by the home of these."""
    found: dict[str, list[_OnTask]] = {}
    for one in wanted:
        if one.task in known:
            found.setdefault(keys.home_of_owner(known[one.task]["project_id"]), []).append(one)
    return found.items()


def notes(sent: Any) -> list[Record]:
    """Notes: comments without a status on the first task they name; they change nothing of it and notify nobody."""
    wanted = entries.read(sent, _note)
    on = _tasks_with(one.task for one in wanted)
    written: list[Record] = []
    for home, those in _by_home(wanted, on):
        known = Known(COMMENT, home, (one.number for one in those))

        def plan(one: _OnTask, known: Known = known) -> Plan:
            return Plan(known.find(one.number), {**one.values, "object_id": on[one.task].id, "object_type": TASK.name})

        written += Writer(COMMENT, home, known.look, plan, known.note).write(those)
    return written


def _note(entry: Entry) -> _OnTask | None:
    number, moment = entry.number, entry.value("created_at", COMMENT.by_name["created_at"])
    text = entry.value("content", COMMENT.by_name["text"])
    author = with_id(PERSON, entry.number_at("user.id"))
    on = entry.numbers_at("tasks")
    if number is None or moment is None or author is None or not on or not entry.has_needed("content"):
        return None
    values = {"text": text or "", "created_at": moment, "person_id": author.id, "shotgun_id": number}
    return _OnTask(entry, number, on[0], values)


def versions(sent: Any) -> list[Record]:
    """Versions: previews whose movies lie elsewhere, found by their ids, else by name and task."""
    wanted = entries.read(sent, _version)
    on = _tasks_with(one.task for one in wanted)
    written: list[Record] = []
    for home, those in _by_home(wanted, on):
        known = _Previews(home, those, on)

        def plan(one: _OnTask, known: _Previews = known) -> Plan:
            values = {**one.values, "task_id": on[one.task].id}
            found = known.find(one.number, values)
            first = {} if found is not None else {"status": "processing", "revision": 1}
            return Plan(found, {**values, **first})

        written += Writer(PREVIEW_FILE, home, known.look, plan, known.note).write(those)
    return written


def _version(entry: Entry) -> _OnTask | None:
    fields = PREVIEW_FILE.by_name
    number, name = entry.number, entry.value("code", fields["name"])
    author, on = with_id(PERSON, entry.number_at("user.id")), entry.number_at("sg_task.id")
    values = {
        "name": name,
        "description": entry.value("description", fields["description"]),
        "uploaded_movie_url": entry.value("sg_uploaded_movie.url", fields["uploaded_movie_url"]),
        "uploaded_movie_name": entry.value("sg_uploaded_movie.name", fields["uploaded_movie_name"]),
        "person_id": author.id if author is not None else None,
        "source": "Shotgun",
        "shotgun_id": number,
    }
    if number is None or not name or on is None or not entry.has_needed("description", "user", "sg_uploaded_movie"):
        return None
    return _OnTask(entry, number, on, values)


class _Previews:
    """Previews by what their guards hold: their ids in ShotGrid, their names on their tasks (two reads a hundred)."""

    _GROUPS: Final = (("shotgun_id",), *PREVIEW_FILE.unique_together)

    def __init__(self, home: str, wanted: Iterable[_OnTask], on: Mapping[int, Record]) -> None:
        self._home = home
        self._values = [{**one.values, "task_id": on[one.task].id} for one in wanted]
        self._found: dict[tuple[str, str], Record] = {}

    def look(self) -> None:
        """Finds what is there now."""
        wanted = [key for values in self._values for key in self._keys(values)]
        held = {key: row.at.S for key, row in reads.items(wanted).items() if row.at is not None}
        by_id = {one.id: one for one in reads.get_many(PREVIEW_FILE, held.values())}
        self._found = {key: by_id[record_id] for key, record_id in held.items() if record_id in by_id}

    def find(self, number: int, values: Mapping[str, Any]) -> Record | None:
        """The preview that has an id in ShotGrid, else the first revision of that name."""
        del number
        return next((self._found[key] for key in self._keys(values) if key in self._found), None)

    def note(self, record: Record) -> None:
        """Takes in what this request has written."""
        self._found |= dict.fromkeys(self._keys(record), record)

    def _keys(self, values: Mapping[str, Any]) -> list[tuple[str, str]]:
        first = {**values, "revision": 1}
        found = (keys.guard(self._home, PREVIEW_FILE, fields, first) for fields in self._GROUPS)
        return [key for key in found if key is not None]
