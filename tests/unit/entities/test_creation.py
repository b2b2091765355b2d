"""New entities (docs/contract/entities.md section 5)."""

from typing import Any

import pytest

from chalicelib.domain.entities import creation
from chalicelib.domain.entities.kinds import EPISODE, SEQUENCE, SHOT, EntityKind
from chalicelib.store import session
from tests.unit.entities.stage import Studio, named, stored, together
from tests.unit.tasks.stage import UNKNOWN, Stage


def test_an_asset_is_told_with_its_type(api: Studio, stage: Stage) -> None:
    made = api.create_asset(name="Fox", description="Red", data={"size": 3}, is_shared=True)
    assert made.status == 201
    row = made.json
    assert (row["type"], row["name"], row["description"], row["is_shared"]) == ("Asset", "Fox", "Red", True)
    assert (row["data"], row["created_by"]) == ({"size": 3}, stage.people["manager"].id)
    told = {"asset_id": row["id"], "asset_type": stage.kinds["Character"].id}
    assert stage.events("asset:new") == [told]


def test_assets_may_share_a_name(api: Studio, stage: Stage) -> None:
    ids = {api.create_asset(name="Fox")["id"] for _ in range(2)}
    assert len(ids) == 2


def test_an_asset_is_made_for_an_episode(api: Studio, stage: Stage) -> None:
    episode = stage.entity("E01", "Episode")
    assert api.create_asset(name="Guest", episode_id=episode.id)["source_id"] == episode.id
    assert api.create_asset(name="Extra", episode_id="")["source_id"] is None
    assert api.create_asset(name="Ghost", episode_id=UNKNOWN).status == 404


@pytest.mark.parametrize("kind", ["Shot", "Sequence"])
def test_an_asset_is_of_an_asset_type(api: Studio, kind: str) -> None:
    assert api.create_asset(name="Ghost", kind=kind).status == 404


def test_a_shot_tells_its_episode(api: Studio, stage: Stage) -> None:
    episode = api.create("episodes", name="E01", status="no such status").json
    assert (episode["status"], episode["description"], episode["data"]) == ("running", "", {})
    sequence = api.create("sequences", name="SQ09", episode_id=episode["id"]).json
    assert (sequence["parent_id"], sequence["description"], sequence["data"]) == (episode["id"], "", {})
    shot = api.create("shots", name="SH01", sequence_id=sequence["id"], nb_frames="12").json
    assert (shot["type"], shot["parent_id"], shot["nb_frames"], shot["data"]) == ("Shot", sequence["id"], 12, None)
    assert stage.events("shot:new") == [{"shot_id": shot["id"], "episode_id": episode["id"]}]
    assert stage.events("sequence:new") == [{"sequence_id": sequence["id"]}]
    assert stage.events("episode:new") == [{"episode_id": episode["id"]}]


def test_the_same_name_again_gives_the_one_that_is_there(api: Studio, stage: Stage) -> None:
    asked: list[tuple[str, dict[str, Any]]] = [
        ("sequences", {"name": "SQ05"}),
        ("episodes", {"name": "E05"}),
        ("shots", {"name": "SH05", "sequence_id": stage.sequence.id}),
    ]
    for plural, body in asked:
        first = api.create(plural, **body, description="first").json
        again = api.create(plural, **body, description="again")
        assert (again.status, again.json) == (201, first)
        assert len(named(stage, body["name"])) == 1
        assert len(stage.events(f"{plural[:-1]}:new")) == 1


def test_the_same_name_elsewhere_is_another_one(api: Studio, stage: Stage) -> None:
    episode, other = stage.entity("E01", "Episode"), stage.entity("SQ02", "Sequence")
    ids = [api.create("sequences", name="SQ01", **above)["id"] for above in ({}, {"episode_id": episode.id})]
    assert ids[0] == stage.sequence.id != ids[1]
    assert api.create("shots", name="SH010", sequence_id=other.id)["id"] != stage.shot.id


def test_a_name_is_free_again_once_its_entity_is_gone(api: Studio, stage: Stage) -> None:
    first = api.create("sequences", name="SQ05")["id"]
    assert api.delete(f"/data/sequences/{first}").status == 204
    second = api.create("sequences", name="SQ05")
    assert (second.status, second["id"] != first) == (201, True)


@pytest.mark.parametrize("kind", [SEQUENCE, EPISODE, SHOT])
def test_sixteen_creators_of_one_name_make_one(stage: Stage, kind: EntityKind) -> None:
    given = {"name": "X01", **({"sequence_id": stage.sequence.id} if kind is SHOT else {})}
    caller = stage.caller("manager")
    made = together(16, lambda _: creation.create(caller, stage.project, kind, given).id)
    assert len(set(made)) == 1
    assert [entity.id for entity in named(stage, "X01")] == made[:1]
    assert len(stage.events(f"{kind.word}:new")) == 1


def test_sixteen_creators_of_sixteen_shots_make_them_all(stage: Stage) -> None:
    caller, sequence_id = stage.caller("manager"), stage.sequence.id
    names = [f"SH{number:03}" for number in range(16)]
    together(
        16,
        lambda number: creation.create(
            caller, stage.project, SHOT, {"name": names[number], "sequence_id": sequence_id}
        ),
    )
    assert {entity["name"] for entity in stored(stage)} >= set(names)


@pytest.mark.parametrize(
    ("plural", "body", "status"),
    [
        ("shots", {"sequence_id": UNKNOWN, "name": "SH09"}, 404),
        ("shots", {"sequence_id": "nope", "name": "SH09"}, 404),
        ("shots", {"name": "SH09"}, 400),
        ("shots", {"name": "SH09", "nb_frames": "many"}, 400),
        ("sequences", {"episode_id": UNKNOWN, "name": "SQ09"}, 404),
        ("sequences", {"name": "SQ09", "data": "text"}, 400),
        ("sequences", {"name": "S" * 161}, 400),
        ("sequences", {}, 400),
        ("episodes", {"name": None}, 400),
        ("concepts", {"name": "Ghost", "entity_concept_links": ["not-an-id"]}, 404),
    ],
)
def test_what_is_wrong_makes_nothing(api: Studio, stage: Stage, plural: str, body: dict[str, Any], status: int) -> None:
    before = len(stored(stage))
    assert api.create(plural, **body).status == status
    assert len(stored(stage)) == before


def test_nothing_is_made_under_what_another_production_has(api: Studio, stage: Stage) -> None:
    other = stage.production("Cosmos", team=("manager",))
    session.current().stamp = None
    for plural, name, kind in (("shots", "sequence_id", "Sequence"), ("sequences", "episode_id", "Episode")):
        elsewhere = stage.entity("Far", kind, project_id=other.id)
        assert api.create(plural, name="Mine", **{name: elsewhere.id}).status == 400
    assert named(stage, "Mine") == []


@pytest.mark.parametrize(
    ("user", "status"),
    [("admin", 201), ("manager", 201), ("supervisor", 403), ("user", 403), ("client", 403), ("vendor", 403)],
)
def test_managers_of_the_project_create(api: Studio, user: str, status: int) -> None:
    assert api.create("sequences", name="SQ09", user=user).status == status
    assert api.create_asset(name="Fox", user=user).status == status


def test_a_manager_of_other_productions_creates_nothing(api: Studio) -> None:
    assert api.create("sequences", name="SQ09", user="stranger").status == 403


def test_a_creation_costs_few_calls(api: Studio, stage: Stage) -> None:
    api.create_asset(name="Warm")
    api.create_asset(name="Fox")
    assert api.calls == {"BatchGetItem": 1, "TransactWriteItems": 1}
    api.create("shots", name="SH09", sequence_id=stage.sequence.id)
    assert api.calls == {"BatchGetItem": 1, "GetItem": 2, "TransactWriteItems": 1}
    api.create("sequences", name="SQ09")
    assert api.calls == {"BatchGetItem": 1, "GetItem": 1, "Query": 1, "TransactWriteItems": 1}
