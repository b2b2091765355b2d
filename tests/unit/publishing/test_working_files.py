"""Working files: revisions, paths, who makes them, what is said of them (docs/contract/files.md section 4)."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.domain.tasks.validation import MOST_ASSIGNEES
from chalicelib.records.files import SOFTWARE, WORKING_FILE
from chalicelib.records.people import PERSON
from chalicelib.store import keys, reads, reference
from tests.unit.files.conftest import UNKNOWN, change, create
from tests.unit.publishing.conftest import Pipeline, PipelineStudio

FOLDER = "/simple/productions/caminandes/assets/character/lama/modeling/3ds_max"


def made(api: PipelineStudio, stage: Pipeline, user: str = "user", **body: Any) -> Any:
    return api.post(f"/data/tasks/{stage.modeling.id}/working-files/new", {"name": "main", **body}, user=user)


def kept(stage: Pipeline) -> list[int]:
    files = reads.query(WORKING_FILE, keys.home_of_owner(stage.project.id))
    return sorted(one["revision"] for one in files)


def test_each_one_is_the_next_revision(api: PipelineStudio, stage: Pipeline) -> None:
    rows = [made(api, stage, comment="wip") for _ in range(2)]
    assert [row.status for row in rows] == [201, 201]
    assert [row["revision"] for row in rows] == [1, 2]
    assert rows[1]["path"] == f"{FOLDER}/caminandes_character_lama_modeling_main_v002"
    assert (rows[1]["comment"], rows[1]["person_id"]) == ("wip", stage.people["user"].id)
    assert (rows[1]["task_id"], rows[1]["entity_id"]) == (stage.modeling.id, stage.lama.id)
    assert made(api, stage, revision=7)["revision"] == 7
    assert made(api, stage)["revision"] == 8
    assert made(api, stage, name="other")["revision"] == 1


def test_the_file_name_alone_follows_the_separator(api: PipelineStudio, stage: Pipeline) -> None:
    assert made(api, stage, sep="\\")["path"] == f"{FOLDER}\\caminandes_character_lama_modeling_main_v001"


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, {"name": None}),
        (400, {"revision": 1}),
        (400, {"revision": "two"}),
        (400, {"revision": -1}),
        (400, {"revision": 2**31}),
        (400, {"mode": "nothing"}),
        (400, {"mode": "preview", "name": "x" * 300}),
        (400, {"person_id": UNKNOWN}),
        (404, {"software_id": UNKNOWN}),
        (404, {"software_id": "nothing"}),
    ],
)
def test_what_is_refused_leaves_no_row(api: PipelineStudio, stage: Pipeline, status: int, body: dict[str, Any]) -> None:
    made(api, stage)
    assert made(api, stage, **body).status == status
    assert kept(stage) == [1]


@pytest.mark.parametrize(
    "tree", [None, {}, "simple", {"working": 3}, {"working": {"folder_path": {"asset": "<Planet>"}}}]
)
def test_without_a_path_in_the_tree_there_is_no_file(api: PipelineStudio, stage: Pipeline, tree: Any) -> None:
    change(stage.project, file_tree=tree)
    answered = made(api, stage)
    assert answered.status == 400
    assert answered["data"]["field"] in ("file_tree", "mode")
    assert kept(stage) == []
    assert api.post(f"/data/tasks/{stage.modeling.id}/working-file-path", {}).status == 400


def test_eight_who_publish_at_once_get_revisions_of_their_own(api: PipelineStudio, stage: Pipeline) -> None:
    users = ["user", "vendor", "manager", "supervisor"] * 2
    with ThreadPoolExecutor(8) as pool:
        rows = list(pool.map(lambda user: made(api, stage, user), users))
    assert {row.status for row in rows} == {201}
    assert sorted(row["revision"] for row in rows) == list(range(1, 9))
    assert len({row["path"] for row in rows}) == 8
    assert kept(stage) == list(range(1, 9))


def test_who_makes_one_is_assigned_and_it_is_told_each_time(api: PipelineStudio, stage: Pipeline) -> None:
    for _ in range(2):
        made(api, stage, "supervisor")
    who = stage.people["supervisor"].id
    task = stage.now(stage.modeling)
    assert task["assignees"].count(who) == 1
    assert task["assigner_id"] is None
    payload = {"task_id": task.id, "project_id": stage.project.id}
    assert [one["data"] for one in stage.events("task:assign")] == [{**payload, "person_id": who}] * 2
    assert [one["data"] for one in stage.events("task:update")] == [payload] * 2
    files = [one["data"]["working_file_id"] for one in stage.events("working-file:new")]
    assert len(set(files)) == 2


def test_bots_and_those_for_whom_there_is_no_room_are_assigned_to_nothing(api: PipelineStudio, stage: Pipeline) -> None:
    many = [keys.new_id(PERSON, "studio") for _ in range(MOST_ASSIGNEES)]
    change(stage.modeling, assignees=many)
    assert made(api, stage, "supervisor").status == 201
    change(stage.people["user"], is_bot=True)
    change(stage.animation, assignees=[])
    path = f"/data/tasks/{stage.animation.id}/working-files/new"
    assert api.post(path, {"name": "main"}, user="user").status == 201
    assert stage.now(stage.modeling)["assignees"] == many
    assert stage.now(stage.animation)["assignees"] == []


def test_the_default_software_appears_once(api: PipelineStudio, stage: Pipeline) -> None:
    assert api.post(f"/data/tasks/{stage.modeling.id}/working-file-path", {"mode": "nothing"}).status == 400
    made(api, stage)
    (software,) = reference.every(SOFTWARE).values()
    assert (software["name"], software["short_name"], software["file_extension"]) == ("3ds Max", "max", ".max")
    assert [one["data"] for one in stage.events("software:new")] == [{"software_id": software.id}]


def test_a_path_is_that_of_the_next_revision(api: PipelineStudio, stage: Pipeline) -> None:
    made(api, stage, name="high")
    path = f"/data/tasks/{stage.modeling.id}/working-file-path"
    told = api.post(path, {"name": "high"}, user="vendor")
    assert told.json == {"path": FOLDER, "name": "caminandes_character_lama_modeling_high_v002"}
    assert api.post(path, {"name": "high", "revision": 1})["name"].endswith("_v001")
    assert api.post(path, None).json == api.post(path, {}).json
    assert api.post(f"/data/tasks/{UNKNOWN}/working-file-path", {}).status == 404


def test_lists_go_from_the_highest_revision_down(api: PipelineStudio, stage: Pipeline) -> None:
    for name in ("main", "main", "high"):
        made(api, stage, name=name)
    path = f"/data/entities/{stage.lama.id}/working-files"
    of_task = api.get(f"/data/tasks/{stage.modeling.id}/working-files", user="user")
    assert [one["revision"] for one in of_task.json] == [2, 1, 1]
    assert [one["id"] for one in api.get(path, user="user").json] == [one["id"] for one in of_task.json]
    last = api.get(f"/data/tasks/{stage.modeling.id}/working-files/last-revisions", user="user")
    assert {name: one["revision"] for name, one in last.json.items()} == {"main": 2, "high": 1}
    assert [one["name"] for one in api.get(path, {"name": "high", "task_id": ""}, user="user").json] == ["high"]
    assert api.get(path, {"task_id": stage.animation.id}, user="user").json == []
    assert {tuple(one["outputs"]) for one in api.get(path, {"relations": "true"}, user="user").json} == {()}
    assert "outputs" not in api.get(path, user="user").json[0]
    assert api.get(path, user="stranger").status == 403


def test_words_and_moments_change(api: PipelineStudio, stage: Pipeline) -> None:
    file = made(api, stage)
    action = f"/actions/working-files/{file['id']}"
    changed = api.put(f"{action}/comment", {"comment": "Better topology"}, user="user")
    assert (changed.status, changed["comment"]) == (200, "Better topology")
    before = reads.get(WORKING_FILE, file["id"])
    assert api.put(f"{action}/modified", user="user")["comment"] == "Better topology"
    assert reads.get(WORKING_FILE, file["id"])["updated_at"] > before["updated_at"]
    assert api.put(f"{action}/comment", {}, user="user").status == 400
    assert api.put(f"{action}/comment", {"comment": "no"}, user="supervisor").status == 200
    assert api.put(f"{action}/comment", {"comment": "no"}, user="stranger").status == 403


def test_a_file_is_read_by_its_id_alone(api: PipelineStudio, stage: Pipeline) -> None:
    file = made(api, stage)
    assert api.get(f"/data/files/{file['id']}", user="client").json == {**file.json, "outputs": []}
    assert api.get(f"/data/files/{file['id']}", user="stranger").status == 403
    for unknown in (UNKNOWN, "nothing"):
        assert api.get(f"/data/files/{unknown}", user="user").status == 404
    loose = create(WORKING_FILE, name="loose", revision=1)
    assert [api.get(f"/data/files/{loose.id}", user=who).status for who in ("user", "admin")] == [403, 200]


def test_a_production_chooses_among_the_trees_that_are_shipped(api: PipelineStudio, stage: Pipeline) -> None:
    path = f"/actions/projects/{stage.project.id}/set-file-tree"
    told = api.post(path, {"tree_name": "default"}, user="user")
    assert told["file_tree"]["working"]["file_name"]["shot"] == "<Project>_<Shot>_<TaskType>"
    assert [api.post(path, body, user="user").status for body in ({}, {"tree_name": "none"})] == [400, 400]
    assert api.post(path, {"tree_name": "simple"}, user="stranger").status == 403
    assert [one["data"] for one in stage.events("project:update")[-1:]] == [{"project_id": stage.project.id}]
