"""One entity: its shape, its tasks, who may read it (docs/contract/entities.md sections 1, 2 and 4)."""

import pytest

from chalicelib.records.entities import ASSET_INSTANCE
from chalicelib.records.record import Record
from chalicelib.store import session
from tests.unit.entities.stage import Studio, cast, follow
from tests.unit.tasks.stage import UNKNOWN, Stage, change, create


def test_an_asset_is_its_row_of_the_board_and_more(api: Studio, stage: Stage) -> None:
    episode = stage.entity("E01", "Episode")
    cast(episode, stage.lama)
    cast(stage.shot, stage.lama)
    row = api.get(f"/data/assets/{stage.lama.id}", user="user").json
    (board,) = api.board("assets", user="user")
    assert {key: row[key] for key in board} == board
    assert (row["project_name"], row["asset_type_name"]) == ("Caminandes", "Character")
    assert row["casting_episode_ids"] == [episode.id]
    assert set(row["entities_in"]) == {episode.id, stage.shot.id}
    assert {"source_id", "nb_frames"}.isdisjoint(row)


def test_a_shot_is_its_record_over_its_row_of_the_board(api: Studio, stage: Stage) -> None:
    task = stage.task_on(stage.shot, "Animation")
    follow(stage, task, "user")
    cast(stage.shot, stage.lama)
    instance = create(ASSET_INSTANCE, asset_id=stage.lama.id, name="Lama_0001", number=1, shots=[stage.shot.id])
    row = api.get(f"/data/shots/{stage.shot.id}", user="user").json
    assert (row["sequence_name"], row["episode_name"], row["data"]) == ("SQ01", "", None)
    assert (row["entities_out"], row["instance_casting"]) == ([stage.lama.id], [instance.id])
    # Whether somebody subscribed is told by the boards of a production alone.
    assert [(one["id"], one["is_subscribed"]) for one in row["tasks"]] == [(task.id, False)]


def test_sequences_and_episodes_tell_where_they_are(api: Studio, stage: Stage) -> None:
    episode = stage.entity("E01", "Episode")
    change(stage.sequence, parent_id=episode.id)
    row = api.get(f"/data/sequences/{stage.sequence.id}").json
    assert (row["project_name"], row["episode_id"], row["episode_name"]) == ("Caminandes", episode.id, "E01")
    row = api.get(f"/data/episodes/{episode.id}").json
    assert (row["project_name"], "episode_id" in row) == ("Caminandes", False)


@pytest.mark.parametrize("plural", ["assets", "shots", "sequences", "episodes"])
def test_what_is_not_of_the_kind_is_not_there(api: Studio, stage: Stage, plural: str) -> None:
    others = [entity for kind, entity in one_of_each(stage).items() if kind != plural]
    for record_id in (UNKNOWN, "nope", *(entity.id for entity in others)):
        assert api.get(f"/data/{plural}/{record_id}").status == 404


@pytest.mark.parametrize("plural", ["assets", "shots", "sequences", "episodes"])
def test_who_reads(api: Studio, stage: Stage, plural: str) -> None:
    entity = one_of_each(stage)[plural]
    for end in ("", "/tasks", "/task-types"):
        path = f"/data/{plural}/{entity.id}{end}"
        answered = {user: api.get(path, user=user).status for user in ("admin", "user", "client", "stranger", None)}
        assert answered == {"admin": 200, "user": 200, "client": 200, "stranger": 403, None: 401}


def test_vendors_read_what_they_work_on_and_its_parents(api: Studio, stage: Stage) -> None:
    fox = stage.entity("Fox", "Character")
    assert api.get(f"/data/assets/{stage.lama.id}", user="vendor").status == 200
    for path in (f"/data/assets/{fox.id}", f"/data/assets/{fox.id}/tasks", f"/data/shots/{stage.shot.id}"):
        assert api.get(path, user="vendor").status == 403
    assert api.get(f"/data/sequences/{stage.sequence.id}", user="vendor").status == 200
    assert api.get(f"/data/sequences/{stage.sequence.id}/shot-tasks", user="vendor").status == 403


def test_a_shared_asset_tells_castings_of_the_callers_productions(api: Studio, stage: Stage) -> None:
    change(stage.lama, is_shared=True)
    mine, others = stage.production("Cosmos", team=("user",)), stage.production("Secret")
    session.current().stamp = None
    shots = [stage.entity("SH01", "Shot", project_id=project.id) for project in (mine, others)]
    for shot in shots:
        cast(shot, stage.lama)
    path = f"/data/assets/{stage.lama.id}"
    assert api.get(path, user="user")["entities_in"] == [shots[0].id]
    assert set(api.get(path, user="admin")["entities_in"]) == {shot.id for shot in shots}


def test_the_tasks_of_an_entity_have_names(api: Studio, stage: Stage) -> None:
    stage.task_on(stage.lama, "Shading", name="again")
    rows = api.get(f"/data/assets/{stage.lama.id}/tasks").json
    assert [(row["name"], row["task_type_name"]) for row in rows] == [("again", "Shading"), ("main", "Modeling")]
    assert {row["entity_name"] for row in rows} == {"Lama"}
    assert "assignees" not in rows[0]
    rows = api.get(f"/data/assets/{stage.lama.id}/tasks", {"relations": "true"}).json
    assert rows[1]["assignees"] == stage.task["assignees"]
    types = api.get(f"/data/assets/{stage.lama.id}/task-types").json
    assert {one["name"] for one in types} == {"Modeling", "Shading"}


def test_the_tasks_of_an_entity_and_a_type(api: Studio, stage: Stage) -> None:
    base = f"/data/entities/{stage.lama.id}/task-types"
    (row,) = api.get(f"{base}/{stage.types['Modeling'].id}/tasks").json
    assert (row["id"], "entity_name" in row) == (stage.task.id, False)
    assert api.get(f"{base}/{stage.types['Shading'].id}/tasks").json == []
    assert api.get(f"{base}/{UNKNOWN}/tasks").status == 404
    assert api.get(f"{base}/{stage.types['Modeling'].id}/tasks", user="stranger").status == 403


def test_the_tasks_below_a_sequence_and_an_episode(api: Studio, stage: Stage) -> None:
    episode = stage.entity("E01", "Episode")
    change(stage.sequence, parent_id=episode.id)
    shot_task = stage.task_on(stage.shot, "Animation")
    own = stage.task_on(stage.sequence, "Lighting")
    guest = stage.entity("Guest", "Character", source_id=episode.id)
    cut = stage.entity("Cut", "Edit", parent_id=episode.id)
    asset_task, edit_task = stage.task_on(guest, "Modeling"), stage.task_on(cut, "Animation")
    sequence, whole = f"/data/sequences/{stage.sequence.id}", f"/data/episodes/{episode.id}"
    for path, tasks in (
        (f"{sequence}/tasks", [own]),
        (f"{sequence}/shot-tasks", [shot_task]),
        (f"{whole}/tasks", []),
        (f"{whole}/shot-tasks", [shot_task]),
        (f"{whole}/asset-tasks", [asset_task]),
        (f"{whole}/edit-tasks", [edit_task]),
    ):
        assert [row["id"] for row in api.get(path).json] == [task.id for task in tasks], path
    for path in (f"{sequence}/task-types", f"{whole}/task-types"):
        assert [row["name"] for row in api.get(path).json] == ["Animation"]


def test_reading_one_takes_two_steps_and_what_is_read_side_by_side(api: Studio, stage: Stage) -> None:
    paths = {
        f"/data/shots/{stage.shot.id}": {"BatchGetItem": 1, "GetItem": 2, "Query": 4},
        f"/data/assets/{stage.lama.id}": {"BatchGetItem": 1, "GetItem": 1, "Query": 5},
        f"/data/sequences/{stage.sequence.id}": {"BatchGetItem": 1, "GetItem": 1},
        f"/data/entities/{stage.shot.id}?relations=false": {"BatchGetItem": 1, "GetItem": 1},
        f"/data/shots/{stage.shot.id}/tasks": {"BatchGetItem": 1, "GetItem": 1, "Query": 1},
    }
    for path, calls in paths.items():
        api.get(path)
        assert api.get(path).status == 200
        assert api.calls == calls, path


def one_of_each(stage: Stage) -> dict[str, Record]:
    episode = stage.entity("E01", "Episode")
    return {"assets": stage.lama, "shots": stage.shot, "sequences": stage.sequence, "episodes": episode}
