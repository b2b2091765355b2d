"""Scenes (docs/contract/entities.md)."""

from typing import Any

from chalicelib.access import checks
from chalicelib.domain.entities import lists
from chalicelib.domain.entities.kinds import SCENE, SEQUENCE
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.records.entities import ENTITY
from chalicelib.routes.answer_schemas import Shown
from chalicelib.routes.entity_kinds import (
    NewEntity,
    declare_creation,
    declare_lists,
    declare_of_project,
    declare_one,
    reader,
)


class NewScene(NewEntity):
    """A scene of a sequence."""

    sequence_id: str | None = None


area = Area("scenes", "What layouts are built in before shots are cut from them.")

declare_lists(area, SCENE, "/all")
declare_one(area, SCENE)
declare_of_project(area, SCENE)
declare_creation(area, SCENE, NewScene)


@area.get("/data/sequences/{sequence_id}/scenes", access=reader(SEQUENCE), answer=Shown(ENTITY, many=True))
def list_scenes_of_sequence(call: Call) -> list[Any]:
    """Lists the scenes of a sequence by name."""
    query = {"sequence_id": call.subject.id}
    return lists.rows(lists.found(call.caller, SCENE, query, checks.project_of(call.subject)))
