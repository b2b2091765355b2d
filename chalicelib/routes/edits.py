"""Edits (docs/contract/entities.md)."""

from typing import Any

from chalicelib.domain.entities import versions
from chalicelib.domain.entities.kinds import EDIT
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.records.entities import ENTITY_VERSION
from chalicelib.routes.answer_schemas import Shown
from chalicelib.routes.entity_kinds import (
    NewEntity,
    declare_creation,
    declare_lists,
    declare_of_project,
    declare_one,
    reader,
)


class NewEdit(NewEntity):
    """An edit, of an episode in shows."""

    episode_id: str | None = None


area = Area("edits", "What shots are cut together in.")

declare_lists(area, EDIT, "", "/all")
declare_one(area, EDIT)
declare_of_project(area, EDIT)
declare_creation(area, EDIT, NewEdit)


@area.get("/data/edits/{edit_id}/versions", access=reader(EDIT), answer=Shown(ENTITY_VERSION, many=True))
def list_edit_versions(call: Call) -> list[dict[str, Any]]:
    """Lists what an edit was before, newest first."""
    return versions.of(EDIT, call.subject)
