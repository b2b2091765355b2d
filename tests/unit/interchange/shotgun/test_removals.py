"""Removals, and the list of what went wrong (docs/contract/interchange.md 5.1, 5.2)."""

from chalicelib.records.entities import ENTITY
from chalicelib.records.files import PREVIEW_FILE, WORKING_FILE
from chalicelib.records.people import PERSON
from chalicelib.records.production import TASK_TYPE
from chalicelib.records.tasks import COMMENT, TASK
from chalicelib.store import reads
from tests.unit.interchange.shotgun.entries import ASSET_51, remove, send, send_everything, stored
from tests.unit.tasks.stage import Stage, Studio, create, now


def test_what_others_refer_to_stays(api: Studio, stage: Stage) -> None:
    sent = send_everything(api)
    for word, number, kind in (
        ("sequence", 71, "sequences"),
        ("shot", 91, "shots"),
        ("step", 43, "steps"),
        ("status", 31, "status"),
        ("person", 11, "persons"),
    ):
        assert remove(api, word, number) == {"removed_instance_id": sent[kind][0]["id"], "success": False}
    assert remove(api, "project", 101) == {"removed_instance_id": stage.project.id, "success": False}
    known = stored(stage, ENTITY)
    assert set(known) >= {71, 91}
    assert [11 in stored(stage, PERSON), 43 in stored(stage, TASK_TYPE)] == [True, True]


def test_a_task_goes_with_all_that_hangs_on_it(api: Studio, stage: Stage) -> None:
    sent = send_everything(api)
    assert remove(api, "task", 201) == {"removed_instance_id": sent["tasks"][0]["id"], "success": True}
    assert [stored(stage, kind) for kind in (TASK, COMMENT, PREVIEW_FILE)] == [{}, {}, {}]
    assert remove(api, "task", 201) == {"success": True}
    assert remove(api, "shot", 91)["success"]
    assert remove(api, "scene", 81)["success"]
    assert remove(api, "sequence", 71)["success"]
    assert stored(stage, ENTITY).keys() == {51, 61}


def test_an_asset_that_somebody_works_on_is_cancelled_and_another_one_goes(api: Studio, stage: Stage) -> None:
    send(api, "assets", ASSET_51, {**ASSET_51, "id": 52, "code": "Hare"})
    known = stored(stage, ENTITY)
    worked_on, other = (stage.task_on(known[number], "Modeling") for number in (51, 52))
    create(WORKING_FILE, name="main", revision=1, task_id=worked_on.id, entity_id=known[51].id)
    assert remove(api, "asset", 51)["success"]
    assert remove(api, "asset", 52)["success"]
    assert now(known[51])["canceled"] is True
    assert now(worked_on)
    assert reads.find(ENTITY, known[52].id) is None
    assert reads.find(TASK, other.id) is None


def test_a_connection_that_ends_takes_its_person_out_of_the_team(api: Studio, stage: Stage) -> None:
    sent = send_everything(api)
    person_id = sent["persons"][0]["id"]
    assert person_id in now(stage.project)["team"]
    assert remove(api, "projectconnection", 900) == {"removed_instance_id": stage.project.id, "success": True}
    assert person_id not in now(stage.project)["team"]
    assert remove(api, "projectconnection", 900) == {"success": True}


def test_a_note_and_a_version_go_alone(api: Studio, stage: Stage) -> None:
    send_everything(api)
    before = stored(stage, TASK)
    assert remove(api, "note", 301)["success"]
    assert remove(api, "version", 401)["success"]
    assert stored(stage, COMMENT) == {}
    assert stored(stage, PREVIEW_FILE) == {}
    assert stored(stage, TASK) == before


def test_a_removal_needs_an_id(api: Studio) -> None:
    for body in ({}, {"id": None}, {"id": "a"}, {"id": []}, [], [1], "51", 51):
        assert api.post("/import/shotgun/remove/asset", body).status == 400


# -- errors ------------------------------------------------------------------------------------------------------------
def test_managers_keep_a_list_of_what_went_wrong(api: Studio) -> None:
    path = "/import/shotgun/errors"
    kept = [api.post(path, event, user="manager") for event in ({"why": "No sequence"}, ["a"], "text", 7)]
    assert [(one.status, one["event_data"]) for one in kept] == [
        (201, {"why": "No sequence"}),
        (201, ["a"]),
        (201, "text"),
        (201, 7),
    ]
    assert [one["id"] for one in api.get(path, user="manager").json] == [one["id"] for one in kept]
    assert api.delete(f"{path}/{kept[0]['id']}", user="manager").status == 204
    assert [api.delete(f"{path}/{one}").status for one in (kept[0]["id"], "nothing")] == [404, 404]
    assert [api.get(path, user=name).status for name in ("user", "supervisor", "client", "vendor")] == [403] * 4
