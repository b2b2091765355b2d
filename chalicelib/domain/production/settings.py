"""What is set on a production: its team, the types, statuses, automations and backgrounds it uses (section 5)."""

from dataclasses import dataclass
from typing import Any, Final

from chalicelib.access.caller import Caller
from chalicelib.domain.people import presentation
from chalicelib.domain.workflow import project_links
from chalicelib.errors import NotFound
from chalicelib.events.journal import emit
from chalicelib.records.entities import ENTITY_TYPE
from chalicelib.records.fields import Kind
from chalicelib.records.files import PREVIEW_BACKGROUND_FILE
from chalicelib.records.people import PERSON
from chalicelib.records.production import PROJECT, STATUS_AUTOMATION, TASK_STATUS, TASK_TYPE
from chalicelib.records.record import Record, plain
from chalicelib.store import keys, reference
from chalicelib.store.changes import Changes, write


@dataclass(frozen=True)
class Setting:
    """One list of ids of a production, and the kind it lists."""

    field: str
    kind: Kind


TEAM: Final = Setting("team", PERSON)
ASSET_TYPES: Final = Setting("asset_types", ENTITY_TYPE)
TASK_TYPES: Final = Setting("task_types", TASK_TYPE)
TASK_STATUSES: Final = Setting("task_statuses", TASK_STATUS)
STATUS_AUTOMATIONS: Final = Setting("status_automations", STATUS_AUTOMATION)
PREVIEW_BACKGROUND_FILES: Final = Setting("preview_background_files", PREVIEW_BACKGROUND_FILE)


def listed(project: Record, setting: Setting) -> list[Any]:
    """The records that are set on a production."""
    known = reference.every(setting.kind)
    return [plain(known[record_id]) for record_id in project[setting.field] if record_id in known]


def team(caller: Caller, project: Record) -> list[Any]:
    """The persons of the team: in full for managers, cards for others, with their departments."""
    known = reference.every(PERSON)
    return [presentation.for_caller(caller, known[person_id]) for person_id in project["team"] if person_id in known]


def add(project: Record, setting: Setting, record_id: str, **said: Any) -> Record:
    """Sets something on a production; where it is set already nothing but `updated_at` changes.

    said: what a link says of it (`priority` of a task type). Raises NotFound for an unknown or malformed id.
    """
    wanted = reference.get(setting.kind, record_id).id

    def command(changes: Changes) -> Record:
        now = changes.read(PROJECT, project.id)
        held = now[setting.field]
        if setting.field in project_links.LINKED and wanted not in held:
            project_links.say(changes, setting.field, now.id, wanted, **said)
        changed = changes.update(now, **{setting.field: held if wanted in held else [*held, wanted]})
        emit(changes, "project:update", now.id)
        return changed

    return write(command)


def remove(project: Record, setting: Setting, record_id: str) -> None:
    """Takes something off a production, with what was said of it; no error where it was not set."""
    if not keys.is_id(record_id):
        raise NotFound(f"There is no {setting.kind.name} with the id {record_id!r}.", {"id": record_id})
    unwanted = record_id.lower()

    def command(changes: Changes) -> None:
        now = changes.read(PROJECT, project.id)
        values: dict[str, Any] = {setting.field: [one for one in now[setting.field] if one != unwanted]}
        if setting is PREVIEW_BACKGROUND_FILES and now["default_preview_background_file_id"] == unwanted:
            values["default_preview_background_file_id"] = None
        changes.update(now, **values)
        link = project_links.linked(changes, setting.field, now.id, unwanted)
        if link is not None:
            changes.delete(link)
        emit(changes, "project:update", now.id)

    write(command)
