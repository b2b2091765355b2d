"""Assets as they stand in scenes, in shots and in other assets; shots that come from a scene."""

from typing import Any

import pytest

from chalicelib.domain.entities import asset_instances
from chalicelib.records.entities import ENTITY_TYPE
from chalicelib.records.record import Record
from tests.unit.entities.stage import Studio, together
from tests.unit.tasks.stage import UNKNOWN, Stage, create, now


@pytest.fixture
def scene(stage: Stage) -> Record:
    return stage.entity("SC01", "Scene", parent_id=stage.sequence.id)


def path_of(holder: Record, plural: str, end: str = "asset-instances") -> str:
    return f"/data/{plural}/{holder.id}/{end}"


def put(api: Studio, scene: Record, asset: Record, user: str = "user", **body: Any) -> Any:
    """The answer to putting an asset into a scene."""
    return api.post(path_of(scene, "scenes"), {"asset_id": asset.id, **body}, user=user)


def numbers(grouped: dict[str, list[dict[str, Any]]]) -> dict[str, list[int]]:
    return {above: [one["number"] for one in instances] for above, instances in grouped.items()}


def test_instances_in_a_scene_are_numbered_and_named_after_their_asset(
    api: Studio, stage: Stage, scene: Record
) -> None:
    lama = stage.entity("Big Lama é", "Character")
    first = put(api, scene, lama, description="in front")
    assert first.status == 201
    assert (first.json["name"], first.json["number"]) == ("Big_Lama_e_0001", 1)
    assert (first.json["scene_id"], first.json["description"]) == (scene.id, "in front")
    assert put(api, scene, lama).json["name"] == "Big_Lama_e_0002"
    assert put(api, scene, stage.entity("狐", "Character")).json["name"] == "0001"
    other = stage.entity("SC02", "Scene", parent_id=stage.sequence.id)
    assert put(api, other, lama).json["number"] == 1
    reply = api.get(path_of(scene, "scenes"), user="client").json
    assert numbers(reply)[lama.id] == [1, 2]
    by_scene = api.get(path_of(lama, "assets", "scene-asset-instances"), user="client").json
    assert numbers(by_scene) == {scene.id: [1, 2], other.id: [1]}


def test_instances_put_at_once_get_numbers_of_their_own(stage: Stage, scene: Record) -> None:
    made = together(4, lambda _: asset_instances.create_in_scene(scene, stage.lama.id, None))
    assert sorted(one["number"] for one in made) == [1, 2, 3, 4]


def test_cameras_are_the_instances_of_the_type_of_that_name(api: Studio, stage: Stage, scene: Record) -> None:
    stage.kinds["Camera"] = create(ENTITY_TYPE, name="Camera")
    camera = stage.entity("Main camera", "Camera")
    put(api, scene, stage.lama)
    assert api.get(path_of(scene, "scenes", "camera-instances"), user="user").json == {}
    put(api, scene, camera)
    found = api.get(path_of(scene, "scenes", "camera-instances"), user="user").json
    assert numbers(found) == {camera.id: [1]}


def test_an_instance_enters_a_shot_once_and_leaves_it(api: Studio, stage: Stage, scene: Record) -> None:
    instance = put(api, scene, stage.lama).json["id"]
    path = path_of(stage.shot, "shots")
    for _ in range(2):
        answer = api.post(path, {"asset_instance_id": instance}, user="user")
        assert (answer.status, answer.json["id"], answer.json["type"]) == (201, stage.shot.id, "Entity")
    assert numbers(api.get(path, user="user").json) == {stage.lama.id: [1]}
    by_shot = api.get(path_of(stage.lama, "assets", "shot-asset-instances"), user="user").json
    assert numbers(by_shot) == {stage.shot.id: [1]}
    assert api.delete(f"{path}/{instance}", user="user").status == 204
    assert api.delete(f"{path}/{instance}", user="user").status == 404
    assert api.get(path, user="user").json == {}


def test_instances_inside_an_asset(api: Studio, stage: Stage) -> None:
    hat = stage.entity("Hat", "Character")
    path = path_of(stage.lama, "assets", "asset-asset-instances")
    made = api.post(path, {"asset_to_instantiate_id": hat.id, "description": "on the head"}, user="user")
    assert (made.status, made.json["name"], made.json["target_asset_id"]) == (201, "Hat_0001", stage.lama.id)
    assert api.post(path, {"asset_to_instantiate_id": hat.id}, user="user").json["number"] == 2
    assert numbers(api.get(path, user="user").json) == {hat.id: [1, 2]}
    assert api.get(path_of(hat, "assets", "scene-asset-instances"), user="user").json == {}


def test_a_shot_comes_from_a_scene_and_from_none(api: Studio, stage: Stage, scene: Record) -> None:
    path = path_of(scene, "scenes", "shots")
    added = api.post(path, {"shot_id": stage.shot.id}, user="user")
    assert (added.status, added.json["source_id"], added.json["type"]) == (201, scene.id, "Entity")
    rows = api.get(path, user="user").json
    assert [(row["name"], row["sequence_name"], row["project_name"]) for row in rows] == [
        ("SH010", "SQ01", "Caminandes")
    ]
    other = stage.entity("SC02", "Scene", parent_id=stage.sequence.id)
    assert api.delete(f"{path_of(other, 'scenes', 'shots')}/{stage.shot.id}", user="user").status == 204
    assert now(stage.shot)["source_id"] == scene.id
    assert api.delete(f"{path}/{stage.shot.id}", user="user").status == 204
    assert now(stage.shot)["source_id"] is None
    told = {"scene_id": scene.id, "shot_id": stage.shot.id}
    assert stage.events("shot:add-to-scene") == stage.events("shot:remove-from-scene") == [told]
    assert stage.events("shot:update") == [{"shot_id": stage.shot.id}] * 2


def test_wrong_ids_are_refused_by_name(api: Studio, stage: Stage, scene: Record) -> None:
    elsewhere = stage.production("Cosmos", team=("user",))
    star = stage.entity("Star", "Character", project_id=elsewhere.id)
    far_sequence = stage.entity("SQ01", "Sequence", project_id=elsewhere.id)
    far_scene = stage.entity("SC01", "Scene", project_id=elsewhere.id, parent_id=far_sequence.id)
    far_shot = stage.entity("SH99", "Shot", project_id=elsewhere.id, parent_id=far_sequence.id)
    far_instance = put(api, far_scene, star).json["id"]
    for path, field, far, wrong_kind in (
        (path_of(scene, "scenes"), "asset_id", star.id, stage.shot.id),
        (path_of(scene, "scenes", "shots"), "shot_id", far_shot.id, stage.lama.id),
        (path_of(stage.shot, "shots"), "asset_instance_id", far_instance, stage.lama.id),
        (path_of(stage.lama, "assets", "asset-asset-instances"), "asset_to_instantiate_id", star.id, stage.shot.id),
    ):
        for body, status in (
            ({}, 400),
            ({field: None}, 400),
            ({field: "nope"}, 400),
            ({field: far}, 400),
            ({field: UNKNOWN}, 404),
            ({field: wrong_kind}, 404),
        ):
            reply = api.post(path, body, user="user")
            assert reply.status == status, (path, body)
            assert field in reply.content.decode(), (path, body)
    long = {"description": "x" * 201}
    assert put(api, scene, stage.lama, **long).status == 400
    assert api.get(path_of(scene, "scenes"), user="user").json == {}
    assert put(api, scene, stage.lama, user="stranger").status == 403


def test_lists_of_instances_cost_a_query(api: Studio, stage: Stage, scene: Record) -> None:
    for _ in range(3):
        put(api, scene, stage.lama)
    api.get(path_of(stage.shot, "shots"), user="user")
    for path, calls in (
        (path_of(scene, "scenes"), {"BatchGetItem": 1, "GetItem": 1, "Query": 1}),
        (path_of(scene, "scenes", "camera-instances"), {"BatchGetItem": 2, "GetItem": 1, "Query": 1}),
        (path_of(scene, "scenes", "shots"), {"BatchGetItem": 1, "GetItem": 1, "Query": 1}),
        (path_of(stage.shot, "shots"), {"BatchGetItem": 1, "GetItem": 1, "Query": 1}),
        (path_of(stage.lama, "assets", "scene-asset-instances"), {"BatchGetItem": 1, "GetItem": 1, "Query": 1}),
        (path_of(stage.lama, "assets", "shot-asset-instances"), {"BatchGetItem": 1, "GetItem": 1, "Query": 1}),
        (path_of(stage.lama, "assets", "asset-asset-instances"), {"BatchGetItem": 1, "GetItem": 1, "Query": 1}),
    ):
        assert api.get(path, user="user").status == 200
        assert api.calls == calls, path
