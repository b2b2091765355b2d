"""Output files: paths, revisions, creation of them, of entities and of instances (docs/contract/files.md 5.1, 5.2)."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.records.files import FILE_STATUS, OUTPUT_FILE, WORKING_FILE
from chalicelib.store import keys, reads, reference
from tests.unit.files.conftest import UNKNOWN, change, create
from tests.unit.publishing.conftest import Pipeline, PipelineStudio

FOLDER = "/simple/productions/export/caminandes/shots/sq01/sh010/animation/cache"


def path_of(stage: Pipeline, end: str) -> str:
    return f"/data/entities/{stage.shot.id}/{end}"


def standing(stage: Pipeline, end: str) -> str:
    return f"/data/asset-instances/{stage.instance.id}/entities/{stage.scene.id}/{end}"


def asked(stage: Pipeline, **more: Any) -> dict[str, Any]:
    return {"output_type_id": stage.cache.id, "task_type_id": stage.animation_type.id, "comment": "", **more}


def made(api: PipelineStudio, stage: Pipeline, user: str = "user", **more: Any) -> Any:
    return api.post(path_of(stage, "output-files/new"), asked(stage, **more), user=user)


def next_revision(api: PipelineStudio, stage: Pipeline, place: Any = path_of, **more: Any) -> int:
    told = api.post(place(stage, "output-files/next-revision"), asked(stage, **more), user="user")
    assert told.status == 200, told.content
    return int(told["next_revision"])


def kept(stage: Pipeline) -> list[tuple[str, int]]:
    files = reads.query(OUTPUT_FILE, keys.home_of_owner(stage.project.id))
    return sorted((one["name"], one["revision"]) for one in files)


def test_each_one_is_the_next_revision(api: PipelineStudio, stage: Pipeline) -> None:
    assert next_revision(api, stage) == 1
    row = made(api, stage, extension=".abc", comment="First")
    assert row.status == 201
    told = {
        name: row[name] for name in ("revision", "folder_path", "file_name", "path", "nb_elements", "representation")
    }
    assert told == {
        "revision": 1,
        "folder_path": FOLDER,
        "file_name": "caminandes_sq01_sh010_animation_cache_main_v001",
        "path": f"{FOLDER}/caminandes_sq01_sh010_animation_cache_main_v001.abc",
        "nb_elements": 1,
        "representation": "",
    }
    assert (row["person_id"], row["entity_id"]) == (stage.people["user"].id, stage.shot.id)
    assert made(api, stage, revision=7)["revision"] == 7
    assert next_revision(api, stage) == 8
    assert made(api, stage, name="other")["revision"] == 1
    events = [one["data"] for one in stage.events("output-file:new")]
    assert events[0] == {"output_file_id": row["id"], "project_id": stage.project.id}
    assert len(events) == 3


def test_another_representation_is_a_revision_of_the_same(api: PipelineStudio, stage: Pipeline) -> None:
    made(api, stage, representation="abc")
    assert made(api, stage, representation="obj", revision=1).status == 201
    assert made(api, stage, representation="obj", revision=1).status == 400
    assert made(api, stage, revision=1).status == 201
    assert made(api, stage, representation="vdb")["revision"] == 2


def test_sequences_of_files_say_how_many_there_are(api: PipelineStudio, stage: Pipeline) -> None:
    row = made(api, stage, nb_elements=120, extension=".exr", sep="\\")
    assert row["file_name"] == "caminandes_sq01_sh010_animation_cache_main_v001_[1-120]"
    assert row["path"] == f"{row['folder_path']}\\{row['file_name']}.exr"
    of_instance = api.post(standing(stage, "output-files/new"), asked(stage, nb_elements=120), user="user")
    assert "[" not in of_instance["file_name"]


def test_it_tells_what_it_was_made_from(api: PipelineStudio, stage: Pipeline) -> None:
    new = {"name": "main"}
    working = api.post(f"/data/tasks/{stage.animation.id}/working-files/new", new, user="user")
    row = made(api, stage, working_file_id=working["id"])
    assert row["source_file"] == working.json
    assert api.get(f"/data/files/{working['id']}", user="user")["outputs"] == [row["id"]]
    told = api.get(f"/data/files/{row['id']}", user="user").json
    assert told == {name: row[name] for name in told}
    assert made(api, stage, working_file_id=UNKNOWN)["source_file_id"] is None
    foreign = create(WORKING_FILE, name="main", revision=1)
    assert made(api, stage, working_file_id=foreign.id).status == 400


def test_the_first_status_is_to_review(api: PipelineStudio, stage: Pipeline) -> None:
    first, second = made(api, stage), made(api, stage)
    (status,) = reference.every(FILE_STATUS).values()
    assert first["file_status_id"] == second["file_status_id"] == status.id
    assert (status["name"], status["color"]) == ("To review", "#FFFFFF")
    assert [one["data"] for one in stage.events("file_status:new")] == [{"file_status_id": status.id}]
    locked = create(FILE_STATUS, name="Locked", color="#000000")
    assert made(api, stage, file_status_id=locked.id)["file_status_id"] == locked.id


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, {"comment": None}),
        (400, {"output_type_id": None}),
        (400, {"task_type_id": None}),
        (400, {"output_type_id": UNKNOWN}),
        (404, {"task_type_id": UNKNOWN}),
        (400, {"person_id": UNKNOWN}),
        (400, {"file_status_id": UNKNOWN}),
        (400, {"revision": -1}),
        (400, {"revision": "one"}),
        (400, {"nb_elements": "many"}),
        (400, {"extension": "." + "x" * 20}),
        (400, {"representation": "x" * 30}),
        (400, {"name": "x" * 300}),
    ],
)
def test_what_is_refused_leaves_no_row(api: PipelineStudio, stage: Pipeline, status: int, body: dict[str, Any]) -> None:
    assert made(api, stage, **body).status == status
    assert kept(stage) == []


def test_without_a_file_tree_it_is_kept_without_a_path(api: PipelineStudio, stage: Pipeline) -> None:
    """The contract has the row (files_output, step 49); its revision is taken, and the refusal names it."""
    change(stage.project, file_tree=None)
    told = made(api, stage)
    assert told.status == 400
    file = reads.get(OUTPUT_FILE, told["data"]["id"])
    assert (file["revision"], file["path"], told["data"]["field"]) == (1, None, "file_tree")
    assert next_revision(api, stage) == 2
    assert api.post(path_of(stage, "output-file-path"), asked(stage), user="user").status == 400


def test_paths_are_those_of_the_next_revision_or_the_one_asked_for(api: PipelineStudio, stage: Pipeline) -> None:
    made(api, stage)
    for place in (path_of, standing):
        path = place(stage, "output-file-path")
        ends = [api.post(path, asked(stage, **more), user="user")["file_name"][-4:] for more in ({}, {"revision": 0})]
        assert ends == ["v002" if place is path_of else "v001", "v000"]
        for more, status in (
            ({"output_type_id": UNKNOWN}, 404),
            ({"task_type_id": UNKNOWN}, 404),
            ({"mode": "x"}, 400),
        ):
            assert api.post(path, asked(stage, **more), user="user").status == status
    working = api.post(path_of(stage, "output-file-path"), asked(stage, mode="working", revision=1), user="user")
    assert working["folder_path"] == "/simple/productions/caminandes/shots/sq01/sh010/animation/3dsmax"


def test_instances_are_numbered_where_they_stand(api: PipelineStudio, stage: Pipeline) -> None:
    new = standing(stage, "output-files/new")
    rows = [api.post(new, asked(stage, name="sim", representation="vdb"), user="user") for _ in range(2)]
    assert [row["revision"] for row in rows] == [1, 2]
    assert rows[0]["entity_id"] == stage.lama.id
    assert rows[0]["asset_instance_id"] == stage.instance.id
    assert rows[0]["temporal_entity_id"] == stage.scene.id
    assert rows[0]["path"] == (
        "/simple/productions/export/caminandes/scene/sq01/sc01/animation/cache/character/lama/instance_0001/vdb/"
        "caminandes_sq01_sc01_animation_cache_sim_lama_0001_v001"
    )
    assert next_revision(api, stage, standing, name="sim") == 3
    in_shot = f"/data/asset-instances/{stage.instance.id}/entities/{stage.shot.id}/output-files/next-revision"
    assert api.post(in_shot, asked(stage, name="sim"), user="user")["next_revision"] == 1
    of_asset = f"/data/entities/{stage.lama.id}/output-files/next-revision"
    assert api.post(of_asset, asked(stage, name="sim"), user="user")["next_revision"] == 1
    assert api.post(new, asked(stage, name="sim", representation="vdb", revision=2), user="user").status == 400


@pytest.mark.parametrize("place", [path_of, standing])
def test_eight_who_publish_at_once_get_revisions_of_their_own(api: PipelineStudio, stage: Pipeline, place: Any) -> None:
    users = ["user", "manager", "supervisor", "client"] * 2

    def publish(number: int) -> Any:
        representation = "abc" if number % 2 else "obj"
        body = asked(stage, representation=representation)
        return api.post(place(stage, "output-files/new"), body, user=users[number])

    with ThreadPoolExecutor(8) as pool:
        rows = list(pool.map(publish, range(8)))
    assert {row.status for row in rows} == {201}
    assert sorted(row["revision"] for row in rows) == list(range(1, 9))


def test_eight_who_take_one_revision_at_once_take_it_once(api: PipelineStudio, stage: Pipeline) -> None:
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda _: made(api, stage, revision=3).status, range(8)))
    assert sorted(told) == [201, *[400] * 7]
    assert kept(stage) == [("main", 3)]


def test_vendors_publish_what_they_work_on(api: PipelineStudio, stage: Pipeline) -> None:
    assert made(api, stage, "vendor").status == 403
    of_lama = f"/data/entities/{stage.lama.id}/output-files/new"
    assert api.post(of_lama, asked(stage), user="vendor").status == 201
    assert api.post(standing(stage, "output-files/new"), asked(stage), user="vendor").status == 201
    for place in (path_of, standing):
        for end in ("output-files/new", "output-file-path", "output-files/next-revision"):
            assert api.post(place(stage, end), asked(stage), user="stranger").status == 403


@pytest.mark.parametrize("end", ["output-files/new", "output-file-path", "output-files/next-revision"])
def test_what_is_unknown_is_not_found(api: PipelineStudio, stage: Pipeline, end: str) -> None:
    instance, scene = stage.instance.id, stage.scene.id
    for unknown in (UNKNOWN, "nothing"):
        for path in (
            f"/data/entities/{unknown}/{end}",
            f"/data/asset-instances/{unknown}/entities/{scene}/{end}",
            f"/data/asset-instances/{instance}/entities/{unknown}/{end}",
        ):
            assert api.post(path, asked(stage)).status == 404
