"""Records from another Kitsu, under their old ids (docs/contract/interchange.md section 4)."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.access import tokens
from chalicelib.access.caller import Caller
from chalicelib.http.application import VulpesApp
from chalicelib.http.routing import every
from chalicelib.interchange.kitsu import continuation
from chalicelib.records.entities import ENTITY
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.routes import assets, castings, comments, entities, imports, shots, tasks
from chalicelib.store import homes, keys, reads, session
from tests.client import Api
from tests.prepared import prepared
from tests.unit.record_areas import RECORDS
from tests.unit.tasks.stage import Stage, now

ASSET, SHOT, TASK_ID = (f"0b5e0a0{number}-0000-4000-8000-000000000001" for number in range(3))
# The ids of another Vulpes tell a home, which is none here.
FOREIGN_TASK = "0b5e0a09-0000-8000-8000-000000000001"
AREAS = [*RECORDS, *(module.area for module in (assets, castings, comments, entities, imports, shots, tasks))]


@pytest.fixture
def stage(table: str) -> Stage:
    return prepared(Stage)


@pytest.fixture
def api(stage: Stage) -> Api:
    return client_of(stage)


def client_of(stage: Stage) -> Api:
    """A client of the app that takes records from elsewhere, as each person of the stage."""
    client = Api(VulpesApp("interchange", routes=every(AREAS)))
    client.tokens = {name: tokens.issue(person) for name, person in stage.people.items()}
    return client


def asset(stage: Stage, **more: Any) -> dict[str, Any]:
    kind = stage.kinds["Character"].id
    return {"id": ASSET, "name": "Fox", "project_id": stage.project.id, "entity_type_id": kind, "type": "Asset", **more}


def shot(stage: Stage, **more: Any) -> dict[str, Any]:
    values = {"id": SHOT, "name": "SH900", "entity_type_id": stage.kinds["Shot"].id, "sequence_id": stage.sequence.id}
    return asset(stage, **values, **more)


def task(stage: Stage, **more: Any) -> dict[str, Any]:
    ids = {"task_type_id": stage.types["Shading"].id, "task_status_id": stage.statuses["todo"].id}
    values = {"id": TASK_ID, "name": "main", "project_id": stage.project.id, "entity_id": stage.lama.id}
    return {**values, **ids, "assignees": [stage.people["user"].id], **more}


def send(api: Api, what: str, *entries: Any, user: str | None = "manager") -> Any:
    reply = api.post(f"/import/kitsu/{what}", list(entries), user=user)
    assert reply.status == 200, reply.content
    return reply.json


def test_an_entity_keeps_its_id_and_its_dates(api: Api, stage: Stage) -> None:
    (taken,) = send(api, "entities", asset(stage, created_at="2020-02-03T04:05:06", tasks=[], project_name="x"))
    assert (taken["id"], taken["type"], taken["created_at"]) == (ASSET, "Entity", "2020-02-03T04:05:06")
    assert stage.events("asset:new") == [{"asset_id": ASSET}]
    (again,) = send(api, "entities", asset(stage, name="Red fox"))
    assert (again["name"], again["created_at"]) == ("Red fox", "2020-02-03T04:05:06")
    assert stage.events("asset:update") == [{"asset_id": ASSET}]


def test_what_a_shot_is_called_elsewhere_becomes_what_it_is_here(api: Api, stage: Stage) -> None:
    sent = shot(stage, frame_in=1, frame_out="24", fps=None, preview_file_id="", entities_out=[stage.lama.id])
    (taken,) = send(api, "entities", sent)
    assert (taken["parent_id"], taken["data"]) == (stage.sequence.id, {"frame_in": 1, "frame_out": "24"})
    assert api.get(f"/data/shots/{SHOT}")["entities_out"] == [stage.lama.id]
    send(api, "entities", shot(stage, entities_out=[]))
    assert api.get(f"/data/shots/{SHOT}")["entities_out"] == []


def test_what_has_another_id_in_the_other_studio_stands_in_no_way(api: Api, stage: Stage) -> None:
    """A script that copies productions maps types of assets and those assigned, and sends the rest as it is."""
    there = "0b5e0a07-0000-4000-8000-000000000001"
    (taken,) = send(api, "entities", shot(stage) | {"entity_type_id": there, "type": "Shot", "created_by": there})
    assert (taken["entity_type_id"], taken["created_by"]) == (stage.kinds["Shot"].id, None)
    (taken,) = send(api, "tasks", task(stage, assigner_id=there, last_preview_file_id=there))
    assert (taken["assigner_id"], taken["last_preview_file_id"]) == (None, None)
    wrong = [asset(stage, entity_type_id=there), shot(stage) | {"entity_type_id": there, "type": ["Shot"]}]
    assert [api.post("/import/kitsu/entities", [one], user="manager").status for one in wrong] == [400, 400]


def test_a_second_copy_empties_what_was_emptied_and_nothing_that_is_needed(api: Api, stage: Stage) -> None:
    send(api, "entities", shot(stage, description="Dawn", nb_frames=24, ready_for=stage.types["Shading"].id))
    send(api, "tasks", task(stage, due_date="2024-05-06", estimation=60))
    # What answers write for a missing id is none here, either.
    (taken,) = send(api, "entities", shot(stage, ready_for="None"))
    assert taken["ready_for"] is None
    send(api, "entities", shot(stage, ready_for=stage.types["Shading"].id))
    empty = {"description": None, "nb_frames": None, "ready_for": None, "canceled": None, "name": None}
    (taken,) = send(api, "entities", shot(stage) | empty)
    assert [taken[name] for name in empty] == [None, None, None, False, "SH900"]
    (taken,) = send(api, "tasks", task(stage) | {"due_date": None, "estimation": None, "task_status_id": None})
    kept = (None, 60.0, stage.statuses["todo"].id)
    assert (taken["due_date"], taken["estimation"], taken["task_status_id"]) == kept


def test_what_was_read_one_by_one_is_taken_back_as_it_is(api: Api, stage: Stage) -> None:
    send(api, "entities", asset(stage), shot(stage))
    send(api, "tasks", task(stage))
    for path, what in ((f"assets/{ASSET}", "entities"), (f"shots/{SHOT}", "entities"), (f"tasks/{TASK_ID}", "tasks")):
        read = api.get(f"/data/{path}").json
        send(api, what, read)
        assert api.get(f"/data/{path}").json == read


def test_what_the_sender_may_not_write_is_left_out(api: Api, stage: Stage) -> None:
    for who in ("supervisor", "user", "client", "vendor", "stranger"):
        assert send(api, "entities", asset(stage), user=who) == []
        assert send(api, "tasks", task(stage), user=who) == []
        link = {"entity_in_id": stage.shot.id, "entity_out_id": stage.lama.id}
        assert send(api, "entity-links", link, user=who) == []
        assert send(api, "projects", {"name": "Mine"}, user=who) == []
    assert send(api, "entities", {"name": "Nothing more"}, asset(stage))[0]["id"] == ASSET
    assert api.post("/import/kitsu/entities", [], user=None).status == 401


def test_what_is_wrong_is_refused(api: Api, stage: Stage) -> None:
    far = stage.production("Elsewhere", ("manager",))
    crate = stage.entity("Crate", "Character", project_id=far.id)
    away = stage.task_on(crate, "Shading")
    unseen = stage.entity("Chest", "Character", project_id=stage.production("Nowhere", ("stranger",)).id)
    wrong: list[tuple[str, Any]] = [
        ("entities", asset(stage)),
        ("entities", ["x"]),
        ("entities", [asset(stage, name=None)]),
        ("entities", [asset(stage, id="x")]),
        ("entities", [asset(stage, parent_id=crate.id)]),
        ("tasks", [task(stage, entity_id=crate.id)]),
        ("tasks", [task(stage, difficulty=9)]),
        ("tasks", [task(stage, id=away.id, entity_id=crate.id, task_type_id="none")]),
        ("entity-links", [{"entity_in_id": stage.shot.id, "entity_out_id": unseen.id}]),
    ]
    for what, sent in wrong:
        assert api.post(f"/import/kitsu/{what}", sent, user="manager").status == 400, sent
    assert (now(crate)["name"], now(away)["project_id"]) == ("Crate", far.id)


def test_a_link_is_found_by_its_ends(api: Api, stage: Stage) -> None:
    link = {"id": ASSET, "entity_in_id": stage.shot.id, "entity_out_id": stage.lama.id, "nb_occurences": 2}
    assert send(api, "entity-links", link)[0]["nb_occurences"] == 2
    (again,) = send(api, "entity-links", {**link, "id": SHOT, "nb_occurences": 5})
    assert (again["id"], again["nb_occurences"]) == (ASSET, 5)
    assert [len(stage.events(f"entity-link:{verb}")) for verb in ("new", "update")] == [1, 1]


def test_a_task_comes_with_its_assignees(api: Api, stage: Stage) -> None:
    (taken,) = send(api, "tasks", task(stage))
    assert taken["id"] == TASK_ID
    assert "assignees" not in taken
    vendor = stage.people["vendor"].id
    send(api, "tasks", task(stage, assignees=[vendor, ASSET]))
    assert api.get(f"/data/tasks/{TASK_ID}")["assignees"] == [vendor]
    assert [len(stage.events(f"task:{verb}")) for verb in ("new", "update")] == [1, 1]


def test_a_task_of_another_vulpes_is_talked_about_here(api: Api, stage: Stage) -> None:
    send(api, "tasks", task(stage, id=FOREIGN_TASK))
    body = {"task_status_id": stage.statuses["wip"].id, "comment": "It is here"}
    assert api.post(f"/actions/tasks/{FOREIGN_TASK}/comment", body, user="manager").status == 201
    (comment,) = api.get(f"/data/tasks/{FOREIGN_TASK}/comments", user="manager").json
    assert comment["text"] == "It is here"
    assert homes.of_id(FOREIGN_TASK) == keys.home_of_owner(stage.project.id)


def test_a_production_comes_without_its_team(api: Api, stage: Stage) -> None:
    types = [stage.types["Shading"].id]
    sent = {"id": ASSET, "name": "Cosmos", "team": [stage.people["user"].id], "task_types": types, "type": "Project"}
    (taken,) = send(api, "projects", sent, user="admin")
    assert (taken["id"], taken["project_status_id"]) == (ASSET, stage.open.id)
    found: Any = api.get(f"/data/projects/{ASSET}").json
    assert (found["team"], found["task_types"]) == ([], types)
    send(api, "projects", {**sent, "name": "Cosmos 2"}, user="admin")
    assert api.get(f"/data/projects/{ASSET}")["name"] == "Cosmos 2"


def test_records_of_elsewhere_stay_where_they_are(api: Api, stage: Stage) -> None:
    far: Record = stage.production("Elsewhere", ("stranger",))
    crate = stage.entity("Crate", "Character", project_id=far.id)
    assert send(api, "entities", asset(stage, id=crate.id)) == [], "nobody learns of the ids of other productions"
    assert now(crate) == crate


def test_a_crowd_that_sends_the_same_makes_one(api: Api, stage: Stage) -> None:
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda number: send(api, "entities", asset(stage, name=f"Fox {number}")), range(8)))
    assert {one[0]["id"] for one in taken} == {ASSET}
    assert [len(stage.events(f"asset:{verb}")) for verb in ("new", "update")] == [1, 7]


def numbered(stage: Stage, number: int, **more: Any) -> dict[str, Any]:
    return asset(stage, id=f"0b5e0a00-0000-4000-8000-{number:012}", name=f"Asset {number}", **more)


def on(stage: Stage, number: int, **more: Any) -> dict[str, Any]:
    entity_id = f"0b5e0a00-0000-4000-8000-{number:012}"
    return task(stage, id=f"0b5e0a01-0000-4000-8000-{number:012}", entity_id=entity_id, **more)


def cost(stage: Stage, what: str, sent: list[dict[str, Any]]) -> dict[str, int]:
    with session.opened() as here:
        taken, _ = continuation.carry_out(Caller(stage.people["manager"]), what, sent)
        assert [one.id for one in taken] == [one["id"] for one in sent]
    return here.calls


@pytest.mark.slow
def test_a_dozen_entries_are_a_transaction(stage: Stage) -> None:
    for what, sent in (
        ("entities", [numbered(stage, number) for number in range(120)]),
        ("tasks", [on(stage, number) for number in range(120)]),
    ):
        for _ in range(2):
            assert cost(stage, what, sent)["TransactWriteItems"] == 10


def test_what_was_before_a_wrong_one_stays_wherever_that_stands(api: Api, stage: Stage) -> None:
    sent = [numbered(stage, number) for number in range(30)]
    sent[17] = {**sent[17], "name": None}
    assert api.post("/import/kitsu/entities", sent, user="manager").status == 400
    there = {one["name"] for one in reads.query(ENTITY, keys.home_of_owner(stage.project.id))}
    assert [f"Asset {number}" in there for number in range(30)] == [number < 17 for number in range(30)]


def test_entries_may_name_those_before_them_and_have_an_id_twice(api: Api, stage: Stage) -> None:
    sequence = {**numbered(stage, 1), "entity_type_id": stage.kinds["Sequence"].id}
    inside = {**numbered(stage, 2), "entity_type_id": stage.kinds["Shot"].id, "parent_id": sequence["id"]}
    sent = [sequence, inside, {**inside, "name": "Renamed"}]
    assert [one["name"] for one in send(api, "entities", *sent)] == ["Asset 1", "Asset 2", "Renamed"]
    assert reads.get(ENTITY, inside["id"])["parent_id"] == sequence["id"]


def test_many_assignees_at_once_are_taken_one_by_one(api: Api, stage: Stage) -> None:
    people = [stage.person(f"artist{number}", role="user").id for number in range(30)]
    send(api, "entities", *(numbered(stage, number) for number in range(5)))
    sent = [on(stage, number, assignees=people) for number in range(5)]
    assert len(send(api, "tasks", *sent)) == 5
    assert len(reads.edges(TASK, "assignees", people[0])) == 5
