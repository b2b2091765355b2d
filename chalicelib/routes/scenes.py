"""Scenes (docs/contract/entities.md)."""

from typing import Any

import msgspec

from chalicelib.access import checks
from chalicelib.domain.entities import lists, scene_shots
from chalicelib.domain.entities.kinds import SCENE, SEQUENCE
from chalicelib.http.answers import Answer, no_content
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.records.entities import ENTITY
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


class NewScene(NewEntity):
    """A scene of a sequence."""

    sequence_id: str | None = None


class ShotOfScene(msgspec.Struct):
    """A shot that comes from a scene."""

    shot_id: str


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


# -- shots that come from a scene --------------------------------------------------------------------------------------
_SHOTS = "/data/scenes/{scene_id}/shots"


@area.get(_SHOTS, access=reader(SCENE), answer=Shown(ENTITY, many=True))
def list_shots_of_scene(call: Call) -> list[Any]:
    """Lists the shots that come from a scene, by name."""
    return scene_shots.of_scene(call.subject)


@area.post(_SHOTS, access=one(SCENE), body=ShotOfScene, answer=Shown(ENTITY), status=201)
def add_shot_to_scene(call: Call) -> dict[str, Any]:
    """Makes a shot come from a scene."""
    return shown(scene_shots.add(call.subject, call.body.shot_id), type=ENTITY.name)


@area.delete(f"{_SHOTS}/{{shot_id}}", access=one(SCENE), status=204)
def remove_shot_from_scene(call: Call) -> Answer:
    """Leaves a shot without a scene."""
    scene_shots.remove(call.subject, call.params["shot_id"])
    return no_content()
