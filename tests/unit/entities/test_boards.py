"""Entities with their tasks (docs/contract/entities.md section 3)."""

from typing import Any

import pytest

from chalicelib.domain.entities import boards
from chalicelib.records.entities import ENTITY_TYPE
from chalicelib.records.production import METADATA_DESCRIPTOR
from chalicelib.records.record import Record
from chalicelib.store import reference, session
from chalicelib.store.changes import write
from tests.unit.entities.stage import Studio, cast, follow
from tests.unit.tasks.stage import UNKNOWN, Stage, change, create, now

TASK_KEYS = {
    "id",
    "entity_id",
    "task_type_id",
    "task_status_id",
    "assignees",
    "priority",
    "estimation",
    "duration",
    "retake_count",
    "start_date",
    "due_date",
    "real_start_date",
    "end_date",
    "last_comment_date",
    "is_subscribed",
}
STANDING = {"entity_type_id", "parent_id", "project_id", "project_name", "source_id", "nb_entities_out", "type"}
COMMON = {"id", "name", "description", "canceled", "data", "tasks", "preview_file_id", "episode_id"}
FRAMES = {"fps", "frame_in", "frame_out"}


@pytest.fixture
def animation(stage: Stage) -> Record:
    """A task of the shot, with a due date."""
    return stage.task_on(stage.shot, "Animation", "user", due_date="2024-03-08T10:00:00.123456")


def tag(api: Studio, known: str = "", user: str = "manager", **query: str) -> tuple[int, str]:
    """The status and the version of the board of shots for who knows a version already."""
    headers = {"If-None-Match": known} if known else {}
    asked = {"project_id": api.stage.project.id, **query}
    reply = api.get("/data/shots/with-tasks", asked, user=user, headers=headers)
    return reply.status, reply.headers["etag"]


def test_the_keys_of_each_kind(api: Studio, stage: Stage, animation: Record) -> None:
    episode = stage.entity("E01", "Episode")
    (asset,), (shot,) = api.board("assets"), api.board("shots")
    (sequence,), (first,) = api.board("sequences"), api.board("episodes")
    of_assets = {"asset_type_id", "asset_type_name", "ready_for", "casting_episode_ids", "is_shared"}
    assert asset.keys() == COMMON | of_assets | {"is_casting_standby"}
    names = {"sequence_id", "sequence_name", "episode_name", "nb_frames", "is_casting_standby"}
    assert shot.keys() == COMMON | STANDING | FRAMES | names
    assert sequence.keys() == first.keys() == COMMON | FRAMES | {"status"}
    assert first["id"] == episode.id
    assert asset["tasks"][0].keys() == TASK_KEYS | {"done_date", "difficulty", "last_preview_file_id"}
    more = {"done_date", "difficulty", "last_preview_file_id", "nb_assets_ready", "nb_drawings"}
    assert shot["tasks"][0].keys() == TASK_KEYS | more


def test_nothing_has_its_own_word_in_each_kind(api: Studio, stage: Stage, animation: Record) -> None:
    (asset,), (shot,), (sequence,) = api.board("assets"), api.board("shots"), api.board("sequences")
    assert (asset["preview_file_id"], asset["episode_id"], asset["ready_for"], asset["data"]) == ("", "", "None", {})
    assert asset["tasks"][0]["last_preview_file_id"] == ""
    assert (shot["preview_file_id"], shot["episode_id"], shot["episode_name"], shot["data"]) == (None, None, "", {})
    assert shot["tasks"][0]["last_preview_file_id"] is None
    assert (sequence["preview_file_id"], sequence["episode_id"]) == ("", "None")


def test_a_shot_tells_its_place_and_its_frames(api: Studio, stage: Stage, animation: Record) -> None:
    episode = stage.entity("E01", "Episode")
    sequence = stage.entity("SQ02", "Sequence", parent_id=episode.id)
    change(stage.shot, parent_id=sequence.id, data={"frame_in": 101, "fps": "24", "camera": "A"})
    (shot,) = api.board("shots")
    assert (shot["sequence_name"], shot["episode_name"], shot["episode_id"]) == ("SQ02", "E01", episode.id)
    assert (shot["frame_in"], shot["frame_out"], shot["fps"]) == (101, None, "24")
    assert shot["tasks"][0]["due_date"] == "2024-03-08T10:00:00"


def test_every_change_is_seen_at_once(api: Studio, stage: Stage, animation: Record) -> None:
    api.board("shots")
    change(animation, priority=3)
    assert api.board("shots")[0]["tasks"][0]["priority"] == 3
    second = stage.task_on(stage.shot, "Lighting")
    assert [task["id"] for task in api.board("shots")[0]["tasks"]] == [animation.id, second.id]
    change(stage.sequence, name="SQ77")
    assert api.board("shots")[0]["sequence_name"] == "SQ77"
    write(lambda changes: changes.delete(now(animation)))
    assert [task["id"] for task in api.board("shots")[0]["tasks"]] == [second.id]
    other = stage.entity("SH020", "Shot", parent_id=stage.sequence.id)
    assert [shot["id"] for shot in api.board("shots")] == [stage.shot.id, other.id]
    stage.set(name="Llamigos")
    assert api.board("shots")[0]["project_name"] == "Llamigos"


def test_another_name_of_a_type_is_seen_at_once(api: Studio, stage: Stage) -> None:
    assert api.board("assets")[0]["asset_type_name"] == "Character"
    change(stage.kinds["Character"], name="Creature")
    assert api.board("assets")[0]["asset_type_name"] == "Creature"


def test_assets_come_by_type_and_name(api: Studio, stage: Stage) -> None:
    stage.kinds["Prop"] = create(ENTITY_TYPE, name="Prop")
    for name, kind in (("Fox", "Character"), ("Axe", "Prop")):
        stage.entity(name, kind)
    assert [asset["name"] for asset in api.board("assets")] == ["Fox", "Lama", "Axe"]


def test_who_follows_a_task_is_told_so(api: Studio, stage: Stage, animation: Record) -> None:
    stage.task_on(stage.shot, "Lighting")
    assert subscribed(api.board("shots")) == [False, False]
    follow(stage, animation, "manager")
    assert subscribed(api.board("shots")) == [True, False]
    assert subscribed(api.board("shots", user="user")) == [False, False]


def subscribed(rows: list[dict[str, Any]]) -> list[bool]:
    return [task["is_subscribed"] for row in rows for task in row["tasks"]]


def test_shots_of_an_episode(api: Studio, stage: Stage) -> None:
    episode = stage.entity("E01", "Episode")
    sequence = stage.entity("SQ02", "Sequence", parent_id=episode.id)
    stage.entity("SH100", "Shot", parent_id=sequence.id)
    assert [row["name"] for row in api.board("shots", episode_id=episode.id.upper())] == ["SH100"]
    assert len(api.board("shots", episode_id="all")) == 2
    assert [row["name"] for row in api.board("sequences", episode_id=episode.id)] == ["SQ02"]
    assert api.board("sequences", episode_id="all") == []
    assert api.board("shots", episode_id=UNKNOWN) == []
    bad = {"project_id": stage.project.id, "episode_id": "nope"}
    assert api.get("/data/shots/with-tasks", bad).status == 400


def test_assets_of_an_episode_are_made_for_it_or_cast_in_it(api: Studio, stage: Stage) -> None:
    first, second = stage.entity("E01", "Episode"), stage.entity("E02", "Episode")
    stage.entity("Guest", "Character", source_id=first.id)
    cast(second, stage.lama)
    cast(first, stage.lama)
    assert castings(api.board("assets")) == {"Guest": [], "Lama": [first.id, second.id]}
    assert castings(api.board("assets", episode_id="main")) == {"Lama": [first.id, second.id]}
    assert castings(api.board("assets", episode_id="all")).keys() == {"Guest", "Lama"}
    assert castings(api.board("assets", episode_id=first.id)) == {"Guest": [], "Lama": [first.id]}
    assert castings(api.board("assets", episode_id=second.id)) == {"Lama": [second.id]}


def castings(rows: list[dict[str, Any]]) -> dict[str, list[str]]:
    return {row["name"]: row["casting_episode_ids"] for row in rows}


def test_one_of_them_by_its_id(api: Studio, stage: Stage) -> None:
    other = stage.entity("SH020", "Shot", parent_id=stage.sequence.id)
    assert [row["id"] for row in api.board("shots", id=other.id)] == [other.id]
    assert api.board("shots", id=UNKNOWN) == []
    assert [row["id"] for row in api.get("/data/shots/with-tasks", {"id": other.id}, user="admin").json] == [other.id]
    assert api.get("/data/assets/with-tasks", {"id": stage.lama.id}, user="stranger").json == []
    assert api.get("/data/shots/with-tasks", {"project_id": stage.project.id, "id": "nope"}).status == 400


def test_a_vendor_sees_tasks_of_theirs_and_columns_for_them(api: Studio, stage: Stage) -> None:
    stage.task_on(stage.lama, "Shading", "user")
    stage.entity("Fox", "Character")
    change(stage.lama, data={"fur": "long", "cost": 3, "free": True})
    department = stage.departments["Modeling"].id
    for name, departments in (("cost", [department]), ("fur", [])):
        values = {"name": name, "field_name": name, "entity_type": "Asset", "departments": departments}
        create(METADATA_DESCRIPTOR, project_id=stage.project.id, data_type="string", **values)
    session.current().stamp = None
    (asset,) = api.board("assets", user="vendor")
    assert [task["id"] for task in asset["tasks"]] == [stage.task.id]
    assert asset["tasks"][0]["assignees"] == stage.task["assignees"]
    assert asset["data"] == {"fur": "long", "free": True}
    assert api.board("assets")[1]["data"] == {"fur": "long", "cost": 3, "free": True}
    assert [row["name"] for row in api.board("sequences", user="vendor")] == ["SQ01"]
    assert api.board("shots", user="vendor") == []


def test_admins_get_all_productions_at_once(api: Studio, stage: Stage) -> None:
    other = stage.production("Cosmos")
    sequence = stage.entity("SQ99", "Sequence", project_id=other.id)
    stage.entity("SH99", "Shot", project_id=other.id, parent_id=sequence.id)
    session.current().stamp = None
    rows = api.get("/data/shots/with-tasks", user="admin").json
    assert {(row["name"], row["project_name"]) for row in rows} == {("SH010", "Caminandes"), ("SH99", "Cosmos")}
    assert api.get("/data/shots/with-tasks", user="manager").status == 403


def test_who_has_the_latest_version_gets_nothing_again(api: Studio, stage: Stage, animation: Record) -> None:
    status, version = tag(api)
    assert status == 200
    assert tag(api, version) == (304, version)
    change(animation, priority=2)
    status, newer = tag(api, version)
    assert (status, newer != version) == (200, True)
    follow(stage, animation, "manager")
    assert tag(api, newer)[0] == 200
    assert tag(api, newer, user="user") == (304, newer)
    assert tag(api, newer, user="user", episode_id="all") == (200, tag(api, user="user", episode_id="all")[1])


def test_versions_of_one_state_are_the_same_in_every_container(api: Studio, stage: Stage, animation: Record) -> None:
    api.board("shots")
    stage.task_on(stage.shot, "Lighting")
    change(animation, priority=2)
    version = tag(api)[1]
    boards.forget()
    reference.forget()
    assert tag(api, version) == (304, version)


def test_a_board_costs_three_queries_however_large(api: Studio, stage: Stage) -> None:
    for number in range(12):
        shot = stage.entity(f"SH{number:02}", "Shot", parent_id=stage.sequence.id)
        stage.task_on(shot, "Animation")
    api.board("shots")
    for _ in range(2):
        assert len(api.board("shots")) == 13
        assert api.calls == {"BatchGetItem": 1, "Query": 3}
    stage.entity("E01", "Episode")
    api.board("assets")
    api.board("assets")
    assert api.calls == {"BatchGetItem": 1, "Query": 4}
