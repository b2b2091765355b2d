"""Shots (docs/contract/entities.md)."""

from collections.abc import Mapping
from typing import Any

from chalicelib.access import rules
from chalicelib.access.entities import manage_project_of
from chalicelib.domain.entities import frame_counts, update, versions
from chalicelib.domain.entities.kinds import SHOT
from chalicelib.errors import Invalid
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.records import schema
from chalicelib.records.entities import ENTITY, ENTITY_VERSION
from chalicelib.records.record import shown
from chalicelib.routes.answer_schemas import Shown
from chalicelib.routes.entity_kinds import (
    NewEntity,
    declare_creation,
    declare_lists,
    declare_of_project,
    declare_one,
    one,
    reader,
)


class NewShot(NewEntity):
    """A shot of a sequence."""

    sequence_id: str | None = None
    nb_frames: int | str | None = None


class EntityChange:
    """Any fields of an entity."""

    @staticmethod
    def schema() -> dict[str, Any]:
        """Its JSON Schema, for the API document."""
        return schema.of_body(ENTITY, creating=False)


area = Area("shots", "What sequences are made of.")

declare_lists(area, SHOT, "", "/all")
declare_one(area, SHOT)
declare_of_project(area, SHOT)
declare_creation(area, SHOT, NewShot)


@area.put(
    "/data/shots/{shot_id}",
    access=one(SHOT, manage_project_of, name="manager of the project"),
    body=EntityChange(),
    answer=Shown(ENTITY),
)
def change_shot(call: Call) -> dict[str, Any]:
    """Changes a shot; `data` is replaced as a whole."""
    if not isinstance(call.body, Mapping):
        raise Invalid("The body is not an object.", "body", "a JSON object")
    return shown(update.change(call.caller, call.subject, call.body, merge=False), type=ENTITY.name)


@area.get("/data/shots/{shot_id}/versions", access=reader(SHOT), answer=Shown(ENTITY_VERSION, many=True))
def list_shot_versions(call: Call) -> list[dict[str, Any]]:
    """Lists what a shot was before, newest first."""
    return versions.of(SHOT, call.subject)


@area.post(
    "/actions/projects/{project_id}/task-types/{task_type_id}/set-shot-nb-frames",
    access=rules.project_manager(),
    query={"episode_id": "shots of that episode alone"},
)
def set_frames(call: Call) -> list[dict[str, Any]]:
    """Sets the length of shots to that of their newest preview of a task type."""
    return frame_counts.set_from_previews(call.subject, call.params["task_type_id"], call.query.get("episode_id"))
