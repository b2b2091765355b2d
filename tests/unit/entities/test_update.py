"""Changing entities (docs/contract/entities.md section 6)."""

from typing import Any

import pytest

from chalicelib.records import clock
from chalicelib.records.entities import ASSET_INSTANCE, ENTITY_VERSION
from chalicelib.records.production import METADATA_DESCRIPTOR, PROJECT_TASK_TYPE_LINK
from chalicelib.records.record import Record
from chalicelib.store import keys, reads, session
from tests.unit.entities.stage import Studio, cast
from tests.unit.tasks.stage import UNKNOWN, Stage, change, create, now


def put(api: Studio, entity: Record, body: Any, user: str | None = "manager") -> Any:
    return api.put(f"/data/entities/{entity.id}", body, user=user)


def test_metadata_is_merged(api: Studio, stage: Stage) -> None:
    assert put(api, stage.lama, {"name": "Lama II"})["data"] == {}
    put(api, stage.lama, {"data": {"size": 2, "fur": "long"}})
    assert put(api, stage.lama, {"data": {"size": None}})["data"] == {"size": None, "fur": "long"}
    assert put(api, stage.lama, {"data": None})["data"] == {"size": None, "fur": "long"}
    assert put(api, stage.lama, {"data": ["size"]}).status == 400


def test_clients_may_send_a_record_back_whole(api: Studio, stage: Stage) -> None:
    sent = {
        **api.get(f"/data/entities/{stage.lama.id}").json,
        "description": "Hero",
        "id": UNKNOWN,
        "project_id": UNKNOWN,
        "created_by": stage.people["user"].id,
        "shotgun_id": 5,
        "entities_out": [stage.shot.id],
        "type": "Shot",
        "nothing": 1,
    }
    row = put(api, stage.lama, sent).json
    assert (row["id"], row["description"], row["type"]) == (stage.lama.id, "Hero", "Asset")
    assert (row["project_id"], row["created_by"], row["shotgun_id"]) == (stage.project.id, None, None)
    assert row["entities_out"] == []
    assert stage.events("asset:update") == [{"asset_id": stage.lama.id}]


def test_the_source_is_taken_back_by_a_word(api: Studio, stage: Stage) -> None:
    episode = stage.entity("E01", "Episode")
    assert put(api, stage.lama, {"source_id": episode.id})["source_id"] == episode.id
    assert put(api, stage.lama, {"source_id": "null"})["source_id"] is None


@pytest.mark.parametrize(
    "body",
    [
        {"status": "lost"},
        {"entity_type_id": "nope"},
        {"entity_type_id": UNKNOWN},
        {"parent_id": UNKNOWN},
        {"name": None},
        {"name": "x" * 161},
    ],
)
def test_what_is_wrong_changes_nothing(api: Studio, stage: Stage, body: dict[str, Any]) -> None:
    assert put(api, stage.lama, {"description": "Changed", **body}).status == 400
    assert now(stage.lama) == stage.lama


def test_nothing_is_put_under_itself_or_under_what_another_production_has(api: Studio, stage: Stage) -> None:
    other = stage.production("Cosmos", team=("manager",))
    session.current().stamp = None
    elsewhere = stage.entity("SQ99", "Sequence", project_id=other.id)
    assert put(api, stage.shot, {"parent_id": elsewhere.id}).status == 400
    assert put(api, stage.shot, {"source_id": elsewhere.id}).status == 400
    assert put(api, stage.shot, {"entity_concept_links": [elsewhere.id]}).status == 400
    assert put(api, stage.sequence, {"parent_id": stage.sequence.id}).status == 400


def test_another_type_makes_it_another_kind(api: Studio, stage: Stage) -> None:
    prop = stage.kinds["Scene"]
    assert put(api, stage.shot, {"entity_type_id": prop.id})["type"] == "Scene"
    assert api.get(f"/data/shots/{stage.shot.id}").status == 404


@pytest.mark.parametrize(
    ("user", "status"),
    [("admin", 200), ("manager", 200), ("user", 400), ("client", 400), ("vendor", 400), ("stranger", 403), (None, 401)],
)
def test_who_changes_what_somebody_else_made(api: Studio, stage: Stage, user: str | None, status: int) -> None:
    assert put(api, stage.lama, {"name": "Lama II"}, user).status == status


def test_the_creator_changes_what_they_made_while_in_the_team(api: Studio, stage: Stage) -> None:
    mine = stage.entity("Mine", "Character", created_by=stage.people["user"].id)
    assert put(api, mine, {"name": "Still mine"}, "user").status == 200
    stage.set(team=[])
    assert put(api, mine, {"name": "No more"}, "user").status == 403


def test_supervisors_change_the_columns_of_their_departments(api: Studio, stage: Stage) -> None:
    department = stage.departments["Modeling"].id
    values = {"name": "Fur", "field_name": "fur", "entity_type": "Asset", "departments": [department]}
    create(METADATA_DESCRIPTOR, project_id=stage.project.id, data_type="string", **values)
    for name, department_name in (("modeler", "Modeling"), ("animator", "Animation")):
        stage.join(name, "supervisor", departments=[stage.departments[department_name].id])
        api.sign_in_as(name)
    asked = {
        "supervisor": {"data": {"size": 1}},  # of no department: leads them all
        "modeler": {"data": {"fur": "long"}},
        "animator": {"data": {"fur": "short"}},
    }
    answered = {user: put(api, stage.lama, body, user).status for user, body in asked.items()}
    assert answered == {"supervisor": 200, "modeler": 200, "animator": 400}
    for body in ({"data": {"size": 2}}, {"data": {"fur": "x"}, "name": "No"}, {"name": "No"}, {"data": None}):
        assert put(api, stage.lama, body, "modeler").status == 400
    assert put(api, stage.lama, {"name": "No"}, "supervisor").status == 400
    assert now(stage.lama)["data"] == {"size": 1, "fur": "long"}


def test_a_shot_is_changed_by_managers_and_its_metadata_replaced(api: Studio, stage: Stage) -> None:
    change(stage.shot, data={"frame_in": 1, "camera": "A"})
    path = f"/data/shots/{stage.shot.id}"
    row = api.put(path, {"nb_frames": 12, "data": {"frame_in": 5}, "id": UNKNOWN}, user="manager").json
    assert (row["nb_frames"], row["data"], row["type"]) == (12, {"frame_in": 5}, "Entity")
    assert "entities_out" not in row
    assert stage.events("shot:update") == [{"shot_id": stage.shot.id}]
    for user, status in (("supervisor", 403), ("stranger", 403), (None, 401)):
        assert api.put(path, {"name": "No"}, user=user).status == status
    assert api.put(path, ["name"], user="manager").status == 400
    assert api.put(f"/data/shots/{stage.sequence.id}", {"name": "No"}, user="manager").status == 404


def test_what_a_shot_was_is_kept_once_a_minute(api: Studio, stage: Stage) -> None:
    change(stage.shot, data={"frame_in": 1}, updated_at=clock.shift(clock.now(), minutes=-5))
    put(api, stage.shot, {"data": {"frame_in": 5}})
    put(api, stage.shot, {"data": {"frame_in": 6}})
    rows = api.get(f"/data/shots/{stage.shot.id}/versions").json
    assert [(row["name"], row["data"], row["type"]) for row in rows] == [("SH010", {"frame_in": 1}, "ShotVersion")]
    assert rows[0]["person_id"] == stage.people["manager"].id
    change(stage.shot, updated_at=clock.shift(clock.now(), minutes=-5))
    put(api, stage.shot, {"description": "Dark"})
    assert len(reads.query(ENTITY_VERSION, keys.home_of_owner(stage.project.id))) == 1


def test_versions_come_newest_first(api: Studio, stage: Stage) -> None:
    for name in ("first", "second"):
        create(ENTITY_VERSION, name=name, entity_id=stage.shot.id)
    rows = api.get(f"/data/shots/{stage.shot.id}/versions", user="client").json
    assert [row["name"] for row in rows] == ["second", "first"]
    assert api.get(f"/data/shots/{stage.shot.id}/versions", user="vendor").status == 403


def test_an_asset_that_is_ready_is_counted_in_its_shots(api: Studio, stage: Stage) -> None:
    animation, lighting = (stage.task_on(stage.shot, name) for name in ("Animation", "Lighting"))
    ranks = {stage.types["Animation"].id: 1, stage.types["Lighting"].id: 2}
    stage.set(task_types=list(ranks))
    for task_type_id, priority in ranks.items():
        values = {"project_id": stage.project.id, "task_type_id": task_type_id, "priority": priority}
        create(PROJECT_TASK_TYPE_LINK, **values)
    session.current().stamp = None
    cast(stage.shot, stage.lama)
    put(api, stage.lama, {"ready_for": stage.types["Animation"].id})
    assert (now(animation)["nb_assets_ready"], now(lighting)["nb_assets_ready"]) == (1, 0)


def test_generic_creation_answers_an_entity_but_stores_its_kind(api: Studio, stage: Stage) -> None:
    body = {"name": "SH020", "project_id": stage.project.id, "entity_type_id": stage.kinds["Shot"].id}
    body |= {"parent_id": stage.sequence.id, "created_by": UNKNOWN}
    made = api.post("/data/entities", body, user="manager")
    assert (made.status, made["type"], made["created_by"]) == (201, "Entity", stage.people["manager"].id)
    assert api.get(f"/data/entities/{made['id']}")["type"] == "Shot"
    assert stage.events("shot:new") == [{"shot_id": made["id"]}]
    assert api.post("/data/entities", body, user="manager").status == 400
    # Without a parent a name is nobody's.
    del body["parent_id"]
    assert [api.post("/data/entities", body, user="manager").status for _ in range(2)] == [201, 201]


@pytest.mark.parametrize(
    ("user", "status"), [("admin", 201), ("manager", 201), ("supervisor", 403), ("user", 403), ("stranger", 403)]
)
def test_who_creates_generic_entities(api: Studio, stage: Stage, user: str, status: int) -> None:
    body = {"name": "Fox", "project_id": stage.project.id, "entity_type_id": stage.kinds["Character"].id}
    assert api.post("/data/entities", body, user=user).status == status


@pytest.mark.parametrize(
    "wrong", [{"project_id": UNKNOWN}, {"project_id": None}, {"entity_type_id": "x"}, {"status": "lost"}, {"more": 1}]
)
def test_generic_bodies_that_are_wrong(api: Studio, stage: Stage, wrong: dict[str, Any]) -> None:
    body = {"name": "Fox", "project_id": stage.project.id, "entity_type_id": stage.kinds["Character"].id}
    assert api.post("/data/entities", {**body, **wrong}, user="manager").status == 400


def test_links_are_plain_rows_for_admins(api: Studio, stage: Stage) -> None:
    body = {"entity_in_id": stage.shot.id, "entity_out_id": stage.lama.id, "nb_occurences": 2}
    made = api.post("/data/entity-links/", body)
    assert (made.status, made["label"]) == (201, "")
    assert api.post("/data/entity-links/", body).status == 400
    assert api.post("/data/entity-links/", body, user="manager").status == 403
    assert stage.events("entity-link:new") == [{"entity_link_id": made["id"], **body}]
    other = stage.production("Cosmos")
    elsewhere = stage.entity("SH99", "Shot", project_id=other.id)
    link = f"/data/entity-links/{made['id']}"
    assert api.put(link, {"entity_in_id": elsewhere.id}).status == 400
    assert api.put(link, {"nb_occurences": 3})["nb_occurences"] == 3
    assert api.delete(link).status == 204


def test_instances_are_read_by_who_reads_their_asset(api: Studio, stage: Stage) -> None:
    instance = create(ASSET_INSTANCE, asset_id=stage.lama.id, name="Lama_0001", number=1)
    path = f"/data/asset-instances/{instance.id}"
    answered = {user: api.get(path, user=user).status for user in ("admin", "user", "vendor", "stranger")}
    assert answered == {"admin": 200, "user": 200, "vendor": 200, "stranger": 403}
    row = api.put(path, {"description": "The first", "number": 9}, user="user").json
    assert (row["description"], row["number"]) == ("The first", 1)
    assert api.get("/data/asset-instances/", user="manager").status == 403
    assert api.delete(path, user="manager").status == 403
