"""Assets as they stand in scenes, in shots and in other assets (docs/contract/entities.md section 9)."""

from collections.abc import Callable
from typing import Any

import msgspec

from chalicelib.domain.entities import asset_instances
from chalicelib.domain.entities.asset_instances import Grouped
from chalicelib.domain.entities.kinds import ASSET, SCENE, SHOT, EntityKind
from chalicelib.http.answers import Answer, no_content
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.records.entities import ASSET_INSTANCE, ENTITY
from chalicelib.records.record import Record, plain, shown
from chalicelib.routes.answer_schemas import Shown
from chalicelib.routes.entity_kinds import one

area = Area("asset instances", "Assets as they stand in scenes, in shots and in other assets.")
_IN_SHOT = "/data/shots/{shot_id}/asset-instances"


class NewInScene(msgspec.Struct):
    """An asset that is put into a scene."""

    asset_id: str
    description: str | None = None


class NewInAsset(msgspec.Struct):
    """An asset that is put into another one."""

    asset_to_instantiate_id: str
    description: str | None = None


class InstanceInShot(msgspec.Struct):
    """An instance that is put into a shot."""

    asset_instance_id: str


class Instances:
    """Instances by the ids of what they are of or stand in."""

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema."""
        return {"type": "object", "additionalProperties": Shown(ASSET_INSTANCE, many=True).schema()}


def _declare_list(kind: EntityKind, end: str, found: Callable[[Record], Grouped], summary: str) -> None:
    @area.get(
        f"/data/{kind.plural}/{{{kind.id_name}}}/{end}",
        access=one(kind),
        answer=Instances(),
        summary=summary,
    )
    def list_instances(call: Call) -> Grouped:
        return found(call.subject)


_declare_list(SCENE, "asset-instances", asset_instances.in_scene, "Lists the instances in a scene, by asset.")
_declare_list(SCENE, "camera-instances", asset_instances.cameras_in_scene, "Lists the cameras in a scene, by asset.")
_declare_list(SHOT, "asset-instances", asset_instances.in_shot, "Lists the instances in a shot, by asset.")
_declare_list(
    ASSET, "scene-asset-instances", asset_instances.of_asset_by_scene, "Lists the instances of an asset, by scene."
)
_declare_list(
    ASSET, "shot-asset-instances", asset_instances.of_asset_by_shot, "Lists the instances of an asset, by shot."
)
_declare_list(
    ASSET, "asset-asset-instances", asset_instances.in_asset, "Lists the instances inside an asset, by their asset."
)


@area.post(
    "/data/scenes/{scene_id}/asset-instances",
    access=one(SCENE),
    body=NewInScene,
    answer=Shown(ASSET_INSTANCE),
    status=201,
)
def create_in_scene(call: Call) -> Any:
    """Puts an instance of an asset into a scene."""
    return plain(asset_instances.create_in_scene(call.subject, call.body.asset_id, call.body.description))


@area.post(
    "/data/assets/{asset_id}/asset-asset-instances",
    access=one(ASSET),
    body=NewInAsset,
    answer=Shown(ASSET_INSTANCE),
    status=201,
)
def create_in_asset(call: Call) -> Any:
    """Puts an instance of an asset into another asset."""
    given = call.body
    return plain(asset_instances.create_in_asset(call.subject, given.asset_to_instantiate_id, given.description))


@area.post(_IN_SHOT, access=one(SHOT), body=InstanceInShot, answer=Shown(ENTITY), status=201)
def add_to_shot(call: Call) -> dict[str, Any]:
    """Puts an instance into a shot; the answer is the shot."""
    asset_instances.add_to_shot(call.subject, call.body.asset_instance_id)
    return shown(call.subject, type=ENTITY.name)


@area.delete(f"{_IN_SHOT}/{{asset_instance_id}}", access=one(SHOT), status=204)
def remove_from_shot(call: Call) -> Answer:
    """Takes an instance out of a shot."""
    asset_instances.remove_from_shot(call.subject, call.params["asset_instance_id"])
    return no_content()
