"""The caller's own corner of a production (docs/contract/entities.md section 11).

To who works on nothing there these lists are empty: that is no error, so these routes ask for a person alone.
"""

from typing import Any

from chalicelib.access import rules
from chalicelib.access.rules import Rule
from chalicelib.domain.entities import user_scope
from chalicelib.domain.entities.kinds import ASSET, SCENE, SEQUENCE, SHOT, EntityKind
from chalicelib.domain.workflow import entity_types
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.records.entities import ENTITY, ENTITY_TYPE
from chalicelib.records.production import PROJECT, TASK_TYPE
from chalicelib.records.tasks import TASK
from chalicelib.routes.answer_schemas import Shown

area = Area("own corner", "What the caller works on.")


_of_project: Rule = rules.of_record("signed in as a person", PROJECT, "project_id", bots=False)


def _of(kind: EntityKind) -> Rule:
    return rules.of_record("signed in as a person", ENTITY, kind.id_name, kind.require, bots=False)


def _declare(kind: EntityKind) -> None:
    path = f"/data/user/{kind.plural}/{{{kind.id_name}}}"

    @area.get(
        f"{path}/tasks", access=_of(kind), answer=Shown(TASK, many=True), summary=f"The caller's tasks on: {kind.word}."
    )
    def list_own_tasks(call: Call) -> list[Any]:
        return user_scope.tasks_on(call.caller, call.subject)

    @area.get(
        f"{path}/task-types",
        access=_of(kind),
        answer=Shown(TASK_TYPE, many=True),
        summary=f"The types of the caller's tasks on: {kind.word}.",
    )
    def list_own_task_types(call: Call) -> list[Any]:
        return user_scope.task_types_on(call.caller, call.subject)


for each in (ASSET, SHOT, SCENE, SEQUENCE):
    _declare(each)


@area.get("/data/user/projects/{project_id}/asset-types", access=_of_project, answer=Shown(ENTITY_TYPE, many=True))
def list_own_asset_types(call: Call) -> list[dict[str, Any]]:
    """Lists the types of the assets the caller works on."""
    return user_scope.asset_types_in(call.caller, call.subject)


@area.get(
    "/data/user/projects/{project_id}/asset-types/{asset_type_id}/assets",
    access=_of_project,
    answer=Shown(ENTITY, many=True),
)
def list_own_assets(call: Call) -> list[Any]:
    """Lists the assets of a type the caller works on."""
    asset_type = entity_types.asset_type(call.params["asset_type_id"])
    return user_scope.assets_of_type(call.caller, call.subject, asset_type)


@area.get("/data/user/projects/{project_id}/sequences", access=_of_project, answer=Shown(ENTITY, many=True))
def list_own_sequences(call: Call) -> list[Any]:
    """Lists the sequences with a shot the caller works on."""
    return user_scope.above_worked_on(call.caller, call.subject, SHOT)


@area.get("/data/user/projects/{project_id}/episodes", access=_of_project, answer=Shown(ENTITY, many=True))
def list_own_episodes(call: Call) -> list[Any]:
    """Lists the episodes with a shot the caller works on."""
    return user_scope.above_worked_on(call.caller, call.subject, SHOT, steps=2)


@area.get("/data/user/sequences/{sequence_id}/shots", access=_of(SEQUENCE), answer=Shown(ENTITY, many=True))
def list_own_shots(call: Call) -> list[Any]:
    """Lists the shots of a sequence the caller works on."""
    return user_scope.contents(call.caller, call.subject, SHOT)


@area.get("/data/user/sequences/{sequence_id}/scenes", access=_of(SEQUENCE), answer=Shown(ENTITY, many=True))
def list_own_scenes(call: Call) -> list[Any]:
    """Lists the scenes of a sequence the caller works on."""
    return user_scope.contents(call.caller, call.subject, SCENE)
