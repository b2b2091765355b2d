"""Assets that productions share with one another."""

import pytest

from chalicelib.records.record import Record
from tests.unit.entities.stage import Studio, cast
from tests.unit.tasks.stage import UNKNOWN, Stage, now


@pytest.fixture
def library(stage: Stage) -> Record:
    return stage.production("Library", team=("manager",))


def share_path(project: Record) -> str:
    return f"/actions/projects/{project.id}/assets/share"


def used_path(stage: Stage, episode_id: str | None = None) -> str:
    episode = f"/episodes/{episode_id}" if episode_id else ""
    return f"/data/projects/{stage.project.id}{episode}/assets/shared-used"


def test_a_manager_shares_some_assets_and_all_of_them(api: Studio, stage: Stage) -> None:
    fox = stage.entity("Fox", "Character")
    rows = api.post(share_path(stage.project), {"asset_ids": [fox.id, UNKNOWN]}, user="manager").json
    assert [(row["name"], row["is_shared"]) for row in rows] == [("Fox", True)]
    assert now(stage.lama)["is_shared"] is False
    rows = api.post(share_path(stage.project), {}, user="manager").json
    assert [(row["name"], row["is_shared"]) for row in rows] == [("Fox", True), ("Lama", True)]
    rows = api.post(share_path(stage.project), {"is_shared": False}, user="manager").json
    assert [(row["name"], row["is_shared"]) for row in rows] == [("Fox", False), ("Lama", False)]


def test_the_assets_of_a_type_are_shared(api: Studio, stage: Stage) -> None:
    path = f"/actions/projects/{stage.project.id}/asset-types/{{}}/assets/share"
    rows = api.post(path.format(stage.kinds["Character"].id), {}, user="manager").json
    assert [(row["name"], row["is_shared"]) for row in rows] == [("Lama", True)]
    assert now(stage.shot)["is_shared"] is False
    for no_asset_type in (stage.kinds["Shot"].id, UNKNOWN):
        assert api.post(path.format(no_asset_type), {}, user="manager").status == 404


def test_assets_of_several_productions_are_shared_by_who_manages_all(
    api: Studio, stage: Stage, library: Record
) -> None:
    hat = stage.entity("Hat", "Character", project_id=library.id)
    star = stage.entity("Star", "Character", project_id=stage.production("Cosmos").id)
    both = {"asset_ids": [hat.id, stage.lama.id]}
    assert [row["name"] for row in api.post("/actions/assets/share", both, user="manager").json] == ["Hat", "Lama"]
    assert api.post("/actions/assets/share", {**both, "is_shared": "false"}, user="stranger").status == 403
    assert api.post("/actions/assets/share", both, user="supervisor").status == 403
    assert api.post("/actions/assets/share", {"asset_ids": [hat.id, star.id]}, user="manager").status == 403
    assert now(hat)["is_shared"] is True
    assert now(star)["is_shared"] is False


def test_what_cannot_be_shared_is_refused_by_name(api: Studio, stage: Stage) -> None:
    for body, status, field in (
        ({"asset_ids": [UNKNOWN]}, 404, "asset_ids"),
        ({"asset_ids": [stage.shot.id]}, 404, "asset_ids"),
        ({"asset_ids": ["nope"]}, 400, "asset_ids"),
        ({"asset_ids": []}, 400, "asset_ids"),
        ({}, 400, "asset_ids"),
        ({"asset_ids": [stage.lama.id], "is_shared": "nope"}, 400, "is_shared"),
        ({"asset_ids": [stage.lama.id], "is_shared": None}, 400, "is_shared"),
    ):
        reply = api.post("/actions/assets/share", body, user="manager")
        assert reply.status == status, body
        assert field in reply.content.decode(), body


def test_a_production_tells_which_shared_assets_its_shots_cast(api: Studio, stage: Stage, library: Record) -> None:
    hat = stage.entity("Hat", "Character", project_id=library.id, is_shared=True)
    old = stage.entity("Old", "Character", project_id=library.id, is_shared=True, canceled=True)
    private = stage.entity("Private", "Character", project_id=library.id)
    episode = stage.entity("E01", "Episode")
    shot = stage.entity("SH100", "Shot", parent_id=stage.entity("SQ10", "Sequence", parent_id=episode.id).id)
    cast(stage.shot, hat, old, private, stage.lama)
    cast(shot, hat)
    for path, names in (
        (used_path(stage), ["Hat"]),
        (used_path(stage, "all"), ["Hat"]),
        (used_path(stage, "main"), ["Hat"]),
        (used_path(stage, episode.id), ["Hat"]),
        (used_path(stage, stage.entity("E02", "Episode").id), []),
        (used_path(stage, UNKNOWN), []),
        (used_path(stage, "nope"), []),
    ):
        assert api.names(path, user="client") == names, path
    assert api.get(f"/data/assets/{hat.id}", user="client").status == 403
    assert api.get(used_path(stage), user="stranger").status == 403
    elsewhere = stage.entity("E01", "Episode", project_id=library.id)
    assert api.get(used_path(stage, elsewhere.id), user="manager").status == 404


def test_what_is_used_costs_what_changed_and_what_is_shared(api: Studio, stage: Stage, library: Record) -> None:
    hats = [stage.entity(f"Hat {n}", "Character", project_id=library.id, is_shared=True) for n in range(5)]
    cast(stage.shot, *hats)
    for path in (used_path(stage), used_path(stage, UNKNOWN)):
        api.names(path)
        expected = {"BatchGetItem": 2, "Query": 2}
        if path == used_path(stage, UNKNOWN):
            expected = {"BatchGetItem": 1, "GetItem": 1, "Query": 2}
        assert len(api.names(path)) in (0, 5)
        assert api.calls == expected, path
