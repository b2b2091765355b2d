"""The end of entities (docs/contract/entities.md section 6)."""

from functools import partial

import pytest

from chalicelib.domain.tasks import deletion as task_removal
from chalicelib.records.entities import ASSET_INSTANCE, ENTITY_LINK, ENTITY_VERSION
from chalicelib.records.fields import Kind
from chalicelib.records.files import OUTPUT_FILE, PLAYLIST
from chalicelib.records.people import SUBSCRIPTION
from chalicelib.records.production import SCHEDULE_ITEM
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.store import keys, reads, session
from tests.unit.entities.stage import Studio, cast, named, stored
from tests.unit.tasks.stage import UNKNOWN, Stage, change, create, now


def left(stage: Stage, kind: Kind) -> list[Record]:
    return reads.query(kind, keys.home_of_owner(stage.project.id))


def remove(api: Studio, plural: str, entity: Record, user: str | None = "manager", force: bool = False) -> int:
    path = f"/data/{plural}/{entity.id}"
    return int(api.delete(path, {"force": "true"} if force else None, user=user).status)


def test_an_entity_without_tasks_is_gone(api: Studio, stage: Stage) -> None:
    cast(stage.shot, stage.lama)
    assert remove(api, "shots", stage.shot) == 204
    assert api.get(f"/data/shots/{stage.shot.id}").status == 404
    assert remove(api, "shots", stage.shot) == 404
    assert left(stage, ENTITY_LINK) == []
    assert stage.events("shot:delete") == [{"shot_id": stage.shot.id}]


def test_an_entity_with_tasks_is_cancelled_and_comes_back(api: Studio, stage: Stage) -> None:
    assert remove(api, "assets", stage.lama) == 204
    assert api.get(f"/data/assets/{stage.lama.id}")["canceled"] is True
    assert (stage.events("asset:update"), stage.events("asset:delete")) == ([{"asset_id": stage.lama.id}], [])
    body = {"canceled": False}
    assert api.put(f"/data/entities/{stage.lama.id}", body, user="manager")["canceled"] is False


def test_by_force_all_of_an_asset_goes(api: Studio, stage: Stage) -> None:
    concept = stage.entity("Mood", "Concept", entity_concept_links=[stage.lama.id, stage.shot.id])
    fox = stage.entity("Fox", "Character")
    cast(stage.shot, stage.lama, fox)
    change(stage.shot, nb_entities_out=2)
    create(ASSET_INSTANCE, asset_id=fox.id, target_asset_id=stage.lama.id, number=1)
    instance = create(ASSET_INSTANCE, asset_id=stage.lama.id, number=1)
    create(OUTPUT_FILE, name="a", revision=1, file_status_id=UNKNOWN, asset_instance_id=instance.id)
    create(OUTPUT_FILE, name="b", revision=1, file_status_id=UNKNOWN, entity_id=stage.lama.id)
    create(ENTITY_VERSION, name="old", entity_id=stage.lama.id)
    assert remove(api, "assets", stage.lama, force=True) == 204
    for kind in (TASK, ASSET_INSTANCE, OUTPUT_FILE, ENTITY_VERSION):
        assert left(stage, kind) == [], kind.name
    assert [link["entity_out_id"] for link in left(stage, ENTITY_LINK)] == [fox.id]
    assert now(stage.shot)["nb_entities_out"] == 1
    assert now(concept)["entity_concept_links"] == [stage.shot.id]
    assert stage.events("asset:delete") == [{"asset_id": stage.lama.id}]
    assert stage.events("shot:casting-update") == [{"shot_id": stage.shot.id, "nb_entities_out": 1}]
    assert [event["task_id"] for event in stage.events("task:delete")] == [stage.task.id]


def test_a_shared_asset_leaves_castings_elsewhere(api: Studio, stage: Stage) -> None:
    fox = stage.entity("Fox", "Character", is_shared=True)
    other = stage.production("Cosmos")
    session.current().stamp = None
    shot = stage.entity("SH99", "Shot", project_id=other.id, nb_entities_out=1)
    cast(shot, fox)
    assert remove(api, "assets", fox) == 204
    assert reads.query(ENTITY_LINK, keys.home_of_owner(other.id)) == []
    assert now(shot)["nb_entities_out"] == 0


def test_a_shot_leaves_the_instances_in_it(api: Studio, stage: Stage) -> None:
    instance = create(ASSET_INSTANCE, asset_id=stage.lama.id, number=1, shots=[stage.shot.id])
    assert remove(api, "shots", stage.shot) == 204
    assert now(instance)["shots"] == []


def test_a_sequence_stays_while_something_is_in_it(api: Studio, stage: Stage) -> None:
    assert remove(api, "sequences", stage.sequence) == 400
    remove(api, "shots", stage.shot)
    task = stage.task_on(stage.sequence, "Lighting")
    assert remove(api, "sequences", stage.sequence) == 400
    task_removal.remove_tasks([task])
    assert remove(api, "sequences", stage.sequence) == 204
    assert stage.events("sequence:delete") == [{"sequence_id": stage.sequence.id}]


def test_by_force_all_of_a_sequence_goes(api: Studio, stage: Stage) -> None:
    stage.task_on(stage.shot, "Animation")
    stage.task_on(stage.sequence, "Lighting")
    stage.entity("SC01", "Scene", parent_id=stage.sequence.id)
    create(SUBSCRIPTION, person_id=UNKNOWN, entity_id=stage.sequence.id, task_type_id=UNKNOWN)
    create(SCHEDULE_ITEM, project_id=stage.project.id, object_id=stage.sequence.id)
    assert remove(api, "sequences", stage.sequence, force=True) == 204
    assert [entity["name"] for entity in stored(stage)] == ["Lama"]
    assert (left(stage, SUBSCRIPTION), left(stage, SCHEDULE_ITEM)) == ([], [])
    assert [task.id for task in left(stage, TASK)] == [stage.task.id]
    assert stage.events("shot:delete") == [{"shot_id": stage.shot.id}]
    assert len(stage.events("scene:delete")) == len(stage.events("sequence:delete")) == 1


@pytest.mark.parametrize("what", ["sequence", "asset", "casting", "playlist"])
def test_an_episode_stays_while_something_points_at_it(api: Studio, stage: Stage, what: str) -> None:
    episode = stage.entity("E01", "Episode")
    pointing = {
        "sequence": partial(stage.entity, "SQ09", "Sequence", parent_id=episode.id),
        "asset": partial(stage.entity, "Guest", "Character", source_id=episode.id),
        "casting": partial(cast, episode, stage.lama),
        "playlist": partial(create, PLAYLIST, name="Dailies", project_id=stage.project.id, episode_id=episode.id),
    }
    pointing[what]()
    assert remove(api, "episodes", episode) == 400
    assert remove(api, "episodes", episode, force=True) == 204
    assert remove(api, "episodes", stage.entity("E02", "Episode")) == 204


def test_by_force_all_of_an_episode_goes(api: Studio, stage: Stage) -> None:
    episode = stage.entity("E01", "Episode")
    change(stage.sequence, parent_id=episode.id)
    stage.entity("Cut", "Edit", parent_id=episode.id)
    guest = stage.entity("Guest", "Character", source_id=episode.id)
    stage.task_on(guest, "Modeling")
    cast(stage.shot, guest)
    create(PLAYLIST, name="Dailies", project_id=stage.project.id, episode_id=episode.id)
    assert remove(api, "episodes", episode, force=True) == 204
    assert [entity["name"] for entity in stored(stage)] == ["Lama"]
    assert (left(stage, PLAYLIST), left(stage, ENTITY_LINK)) == ([], [])
    for word in ("episode", "sequence", "shot", "edit", "asset"):
        assert len(stage.events(f"{word}:delete")) == 1, word


def test_the_generic_route_refuses_whatever_is_asked(api: Studio, stage: Stage) -> None:
    cast(stage.shot, stage.lama)
    assert remove(api, "entities", stage.lama, force=True) == 400
    assert len(left(stage, ENTITY_LINK)) == 1
    assert remove(api, "entities", stage.sequence) == 400
    assert remove(api, "entities", stage.shot) == 204
    assert left(stage, ENTITY_LINK) == []
    assert stage.events("shot:delete") == [{"shot_id": stage.shot.id}]


@pytest.mark.parametrize("plural", ["shots", "sequences", "entities"])
def test_who_removes(api: Studio, stage: Stage, plural: str) -> None:
    entity = stage.sequence if plural == "sequences" else stage.shot
    users = ("supervisor", "user", "client", "vendor", "stranger", None)
    assert [remove(api, plural, entity, user) for user in users] == [403] * 5 + [401]


def test_the_creator_removes_what_they_made_while_in_the_team(api: Studio, stage: Stage) -> None:
    first, second = (stage.entity(name, "Character", created_by=stage.people["user"].id) for name in ("A", "B"))
    assert remove(api, "assets", first, "user") == 204
    stage.set(team=[])
    assert remove(api, "assets", second, "user") == 403
    assert len(named(stage, "B")) == 1
