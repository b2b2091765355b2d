"""Imports from ShotGrid, removals and errors (docs/contract/interchange.md section 5)."""

from typing import Any

from chalicelib.access import checks, rules
from chalicelib.http.answers import Answer, no_content
from chalicelib.http.call import Call, Handler
from chalicelib.http.routing import Area
from chalicelib.interchange.shotgun import entities, errors, people, projects, removals, tasks, workflow
from chalicelib.records.entities import ENTITY
from chalicelib.records.files import PREVIEW_FILE
from chalicelib.records.people import PERSON
from chalicelib.records.production import DATA_IMPORT_ERROR, PROJECT, TASK_STATUS, TASK_TYPE
from chalicelib.records.record import Record, plain, shown
from chalicelib.records.tasks import COMMENT, TASK
from chalicelib.routes.answer_schemas import Shape, Shown

area = Area("shotgun", "Records from ShotGrid.")
_ERROR = rules.of_record("manager or more", DATA_IMPORT_ERROR, "error_id", rules.about(checks.manage))


class Entries:
    """A list of entries, as ShotGrid tells them."""

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema."""
        return {"type": "array", "items": {"type": "object"}}


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


def _entities(records: list[Record]) -> list[Any]:
    return [shown(record, type=ENTITY.name) for record in records]


@area.post("/import/shotgun/persons", access=rules.admin, body=Entries(), answer=Shown(PERSON, many=True))
def import_persons(call: Call) -> list[Any]:
    """Takes persons with their departments."""
    return _plain(people.persons(call.body))


@area.post("/import/shotgun/projects", access=rules.admin, body=Entries(), answer=Shown(PROJECT, many=True))
def import_projects(call: Call) -> list[Any]:
    """Takes productions with their statuses."""
    return _plain(projects.projects(call.body))


@area.post("/import/shotgun/projectconnections", access=rules.admin, body=Entries(), answer=Shown(PROJECT, many=True))
def import_connections(call: Call) -> list[Any]:
    """Puts persons into the teams of productions."""
    return _plain(projects.connections(call.body))


@area.post("/import/shotgun/status", access=rules.admin, body=Entries(), answer=Shown(TASK_STATUS, many=True))
def import_statuses(call: Call) -> list[Any]:
    """Takes task statuses."""
    return _plain(workflow.statuses(call.body))


@area.post("/import/shotgun/steps", access=rules.admin, body=Entries(), answer=Shown(TASK_TYPE, many=True))
def import_steps(call: Call) -> list[Any]:
    """Takes task types with their departments."""
    return _plain(workflow.steps(call.body))


@area.post("/import/shotgun/assets", access=rules.admin, body=Entries(), answer=Shown(ENTITY, many=True))
def import_assets(call: Call) -> list[Any]:
    """Takes assets, their types, and what they are made of."""
    return _entities(entities.assets(call.caller, call.body))


@area.post("/import/shotgun/episodes", access=rules.admin, body=Entries(), answer=Shown(ENTITY, many=True))
def import_episodes(call: Call) -> list[Any]:
    """Takes episodes."""
    return _entities(entities.episodes(call.caller, call.body))


@area.post("/import/shotgun/sequences", access=rules.admin, body=Entries(), answer=Shown(ENTITY, many=True))
def import_sequences(call: Call) -> list[Any]:
    """Takes sequences."""
    return _entities(entities.sequences(call.caller, call.body))


@area.post("/import/shotgun/scenes", access=rules.admin, body=Entries(), answer=Shown(ENTITY, many=True))
def import_scenes(call: Call) -> list[Any]:
    """Takes scenes."""
    return _entities(entities.scenes(call.caller, call.body))


@area.post("/import/shotgun/shots", access=rules.admin, body=Entries(), answer=Shown(ENTITY, many=True))
def import_shots(call: Call) -> list[Any]:
    """Takes shots with their frames and castings."""
    return _entities(entities.shots(call.caller, call.body))


@area.post("/import/shotgun/tasks", access=rules.admin, body=Entries(), answer=Shown(TASK, many=True))
def import_tasks(call: Call) -> list[Any]:
    """Takes tasks with their assignees."""
    return _plain(tasks.tasks(call.body))


@area.post("/import/shotgun/notes", access=rules.admin, body=Entries(), answer=Shown(COMMENT, many=True))
def import_notes(call: Call) -> list[Any]:
    """Takes notes as comments without a status."""
    return _plain(tasks.notes(call.body))


@area.post("/import/shotgun/versions", access=rules.admin, body=Entries(), answer=Shown(PREVIEW_FILE, many=True))
def import_versions(call: Call) -> list[Any]:
    """Takes versions as previews whose movies lie elsewhere."""
    return _plain(tasks.versions(call.body))


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
