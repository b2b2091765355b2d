"""Imports from ShotGrid, removals and errors (docs/contract/interchange.md section 5)."""

from collections.abc import Callable
from typing import Any

from chalicelib.access import checks, rules
from chalicelib.http.answers import Answer, no_content
from chalicelib.http.call import Call, Handler
from chalicelib.http.routing import Area, Options
from chalicelib.interchange.shotgun import continuation, errors, removals
from chalicelib.records.entities import ENTITY
from chalicelib.records.fields import Kind
from chalicelib.records.files import PREVIEW_FILE
from chalicelib.records.people import PERSON
from chalicelib.records.production import DATA_IMPORT_ERROR, PROJECT, TASK_STATUS, TASK_TYPE
from chalicelib.records.record import Record, plain, shown
from chalicelib.records.tasks import COMMENT, TASK
from chalicelib.routes.answer_schemas import Shape, Shown
from chalicelib.routes.forms import DRY_RUN, is_dry

area = Area("shotgun", "Records from ShotGrid.")
_ERROR = rules.of_record("manager or more", DATA_IMPORT_ERROR, "error_id", rules.about(checks.manage))


class Entries:
    """A list of entries, as ShotGrid tells them."""

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema."""
        return {"type": "array", "items": {"type": "object"}}


def _entries_of(kind: Kind) -> Options:
    return {"body": Entries(), "query": DRY_RUN, "answer": Shown(kind, many=True)}


class Anything:
    """Any JSON."""

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema."""
        return {}


class EntryId:
    """The id of an entry of ShotGrid; whatever else an event tells of it is ignored."""

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema."""
        return {"type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"]}


def _plain(records: list[Record]) -> list[Any]:
    return [plain(record) for record in records]


def _show_entity(entity: Record) -> Any:
    return shown(entity, type=ENTITY.name)


def _taken(call: Call, what: str, word: str, show: Callable[[Record], Any] = plain) -> Any:
    """What was taken, 202 where the rest goes on by itself; what would be, row by row, where a dry run is asked for."""
    if is_dry(call):
        return Answer(continuation.preview(call.caller, what, word, call.body), 200)
    found, whole = continuation.carry_out(call.caller, what, call.body)
    shows = [show(record) for record in found]
    return shows if whole else Answer(shows, 202)


@area.post("/import/shotgun/persons", access=rules.admin, **_entries_of(PERSON))
def import_persons(call: Call) -> Any:
    """Takes persons with their departments."""
    return _taken(call, "persons", "Person")


@area.post("/import/shotgun/projects", access=rules.admin, **_entries_of(PROJECT))
def import_projects(call: Call) -> Any:
    """Takes productions with their statuses."""
    return _taken(call, "projects", "Project")


@area.post("/import/shotgun/projectconnections", access=rules.admin, **_entries_of(PROJECT))
def import_connections(call: Call) -> Any:
    """Puts persons into the teams of productions."""
    return _taken(call, "projectconnections", "Project")


@area.post("/import/shotgun/status", access=rules.admin, **_entries_of(TASK_STATUS))
def import_statuses(call: Call) -> Any:
    """Takes task statuses."""
    return _taken(call, "status", "TaskStatus")


@area.post("/import/shotgun/steps", access=rules.admin, **_entries_of(TASK_TYPE))
def import_steps(call: Call) -> Any:
    """Takes task types with their departments."""
    return _taken(call, "steps", "TaskType")


@area.post("/import/shotgun/assets", access=rules.admin, **_entries_of(ENTITY))
def import_assets(call: Call) -> Any:
    """Takes assets, their types, and what they are made of."""
    return _taken(call, "assets", "Asset", _show_entity)


@area.post("/import/shotgun/episodes", access=rules.admin, **_entries_of(ENTITY))
def import_episodes(call: Call) -> Any:
    """Takes episodes."""
    return _taken(call, "episodes", "Episode", _show_entity)


@area.post("/import/shotgun/sequences", access=rules.admin, **_entries_of(ENTITY))
def import_sequences(call: Call) -> Any:
    """Takes sequences."""
    return _taken(call, "sequences", "Sequence", _show_entity)


@area.post("/import/shotgun/scenes", access=rules.admin, **_entries_of(ENTITY))
def import_scenes(call: Call) -> Any:
    """Takes scenes."""
    return _taken(call, "scenes", "Scene", _show_entity)


@area.post("/import/shotgun/shots", access=rules.admin, **_entries_of(ENTITY))
def import_shots(call: Call) -> Any:
    """Takes shots with their frames and castings."""
    return _taken(call, "shots", "Shot", _show_entity)


@area.post("/import/shotgun/tasks", access=rules.admin, **_entries_of(TASK))
def import_tasks(call: Call) -> Any:
    """Takes tasks with their assignees."""
    return _taken(call, "tasks", "Task")


@area.post("/import/shotgun/notes", access=rules.admin, **_entries_of(COMMENT))
def import_notes(call: Call) -> Any:
    """Takes notes as comments without a status."""
    return _taken(call, "notes", "Comment")


@area.post("/import/shotgun/versions", access=rules.admin, **_entries_of(PREVIEW_FILE))
def import_versions(call: Call) -> Any:
    """Takes versions as previews whose movies lie elsewhere."""
    return _taken(call, "versions", "PreviewFile")


_REMOVED = Shape(removed_instance_id={"type": "string", "format": "uuid"}, success={"type": "boolean"})


def _removing(word: str) -> Handler:
    def remove(call: Call) -> Any:
        return removals.remove(call.caller, word, call.body)

    remove.__doc__ = f"Removes what was imported as a {word} of that id; what others refer to stays."
    return remove


for _word in removals.WORDS:
    _path = f"/import/shotgun/remove/{_word}"
    area.post(_path, access=rules.admin, body=EntryId(), answer=_REMOVED)(_removing(_word))


@area.get("/import/shotgun/errors", access=rules.manager, answer=Shown(DATA_IMPORT_ERROR, many=True))
def list_errors(call: Call) -> list[Any]:
    """What went wrong in imports, as scripts noted it."""
    del call
    return _plain(errors.listed())


@area.post("/import/shotgun/errors", access=rules.manager, body=Anything(), answer=Shown(DATA_IMPORT_ERROR), status=201)
def note_error(call: Call) -> Any:
    """Notes what went wrong; the body is kept as it is."""
    return plain(errors.note(call.body))


@area.delete("/import/shotgun/errors/{error_id}", access=_ERROR)
def remove_error(call: Call) -> Answer:
    """Takes an error away."""
    errors.remove(call.subject)
    return no_content()
