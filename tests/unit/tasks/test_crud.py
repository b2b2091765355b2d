"""The generic records of tasks: made, read, listed, changed, deleted (docs/contract/tasks.md section 3)."""

from typing import Any

import pytest

from chalicelib.records.files import PREVIEW_FILE
from chalicelib.records.people import SUBSCRIPTION
from chalicelib.records.production import API_EVENT
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.store import keys, reads
from tests.unit.tasks.stage import UNKNOWN, Stage, Studio, change, create, now


def values(stage: Stage, entity: Record | None = None, task_type: str = "Shading", **more: Any) -> dict[str, Any]:
    entity = entity or stage.lama
    return {"name": "main", "entity_id": entity.id, "task_type_id": stage.types[task_type].id, **more}


def test_a_task_is_made_with_its_assignees(api: Studio, stage: Stage) -> None:
    artist = stage.people["user"].id
    body = values(stage, assignees=[artist, UNKNOWN], priority=2, start_date="2021-03-01", data={"tool": "blender"})
    made = api.post("/data/tasks", body, user="manager")
    assert made.status == 201, made.content
    assert made["assignees"] == [artist]
    assert (made["priority"], made["start_date"], made["data"]) == (2, "2021-03-01T00:00:00", {"tool": "blender"})
    assert made["assigner_id"] is None
    assert stage.events("task:new") == [{"task_id": made["id"]}]
    assert stage.told("user") == []


def test_the_event_of_a_generic_task_names_nobody(api: Studio, stage: Stage) -> None:
    api.post("/data/tasks", values(stage), user="manager")
    api.post("/data/tasks", values(stage, task_type="Modeling", name="second"), user="manager")
    found = reads.query(API_EVENT, keys.home_of_owner(stage.project.id))
    assert [one["user_id"] for one in found if one["name"] == "task:new"] == [None, None]


def test_production_and_status_are_filled_in(api: Studio, stage: Stage) -> None:
    made = api.post("/data/tasks", values(stage), user="manager")
    assert made["project_id"] == stage.project.id
    assert made["task_status_id"] == stage.statuses["todo"].id
    on_concept = api.post("/data/tasks", values(stage, stage.entity("Mood", "Concept"), "Concept"))
    assert on_concept["task_status_id"] == stage.statuses["neutral"].id


@pytest.mark.parametrize(
    ("user", "status"),
    [("admin", 201), ("manager", 201), ("supervisor", 403), ("user", 403), ("vendor", 403), (None, 401)],
)
def test_managers_make_tasks(api: Studio, stage: Stage, user: str | None, status: int) -> None:
    assert api.post("/data/tasks", values(stage), user=user).status == status


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"entity_id": UNKNOWN}, 404),
        ({"task_type_id": UNKNOWN}, 404),
        ({"entity_id": "nope"}, 400),
        ({"entity_id": None}, 400),
        ({"task_type_id": None}, 400),
        ({"name": None}, 400),
        ({"no_such_field": 1}, 400),
        ({"difficulty": 9}, 400),
        ({"difficulty": 0}, 400),
        ({"project_id": UNKNOWN}, 400),
        ({"task_status_id": UNKNOWN}, 400),
        ({"due_date": "tomorrow"}, 400),
    ],
)
def test_a_wrong_body_makes_nothing(api: Studio, stage: Stage, wrong: dict[str, Any], status: int) -> None:
    body = {name: value for name, value in {**values(stage), **wrong}.items() if value is not None}
    assert api.post("/data/tasks", body).status == status
    assert stage.events("task:new") == []


def test_a_task_type_goes_on_its_own_kind_of_entity(api: Studio, stage: Stage) -> None:
    assert api.post("/data/tasks", values(stage, stage.shot, "Modeling")).status == 400
    assert api.post("/data/tasks", values(stage, stage.lama, "Animation")).status == 400
    assert api.post("/data/tasks", values(stage, stage.shot, "Animation")).status == 201


def test_an_entity_has_one_task_of_a_name_and_type(api: Studio, stage: Stage) -> None:
    assert [api.post("/data/tasks", values(stage)).status for _ in range(2)] == [201, 400]
    assert api.post("/data/tasks", values(stage, name="second")).status == 201


def test_nobody_makes_tasks_across_productions(api: Studio, stage: Stage) -> None:
    other = stage.production("Agent 327", ("manager",))
    assert api.post("/data/tasks", values(stage, project_id=other.id), user="manager").status == 400


@pytest.mark.parametrize(
    ("user", "status"),
    [("admin", 200), ("client", 200), ("user", 200), ("vendor", 200), ("stranger", 403), (None, 401)],
)
def test_who_reads_a_task(api: Studio, stage: Stage, user: str | None, status: int) -> None:
    assert api.get(f"/data/tasks/{stage.task.id}", user=user).status == status


def test_a_vendor_reads_the_tasks_of_the_entities_they_work_on(api: Studio, stage: Stage) -> None:
    beside, elsewhere = stage.task_on(stage.lama, "Shading"), stage.task_on(stage.shot, "Animation")
    assert api.get(f"/data/tasks/{beside.id}", user="vendor").status == 200
    assert api.get(f"/data/tasks/{elsewhere.id}", user="vendor").status == 403


def test_one_task_is_two_calls(api: Studio, stage: Stage) -> None:
    path = f"/data/tasks/{stage.task.id}"
    assert "assignees" not in api.get(path, {"relations": "false"}).json
    assert api.get(path)["assignees"] == stage.task["assignees"]
    assert api.calls == {"BatchGetItem": 1, "GetItem": 1}
    assert api.get(f"/data/tasks/{UNKNOWN}").status == 404
    assert api.get("/data/tasks/not-an-id").status == 400


def test_a_task_in_full_has_the_rows_of_what_it_names(api: Studio, stage: Stage) -> None:
    episode = stage.entity("E01", "Episode")
    change(stage.sequence, parent_id=episode.id)
    change(stage.people["manager"], data={"iban": "DE02"}, notifications_slack_userid="U1")
    task = stage.task_on(stage.shot, "Animation", "user", assigner_id=stage.people["manager"].id)
    create(SUBSCRIPTION, person_id=stage.people["user"].id, task_id=task.id)
    full = api.get(f"/data/tasks/{task.id}/full", user="user").json
    assert (full["entity"]["name"], full["entity"]["type"]) == ("SH010", "Entity")
    assert (full["sequence"]["name"], full["episode"]["name"]) == ("SQ01", "E01")
    assert (full["project"]["name"], full["task_type"]["name"]) == ("Caminandes", "Animation")
    assert (full["task_status"]["short_name"], full["entity_type"]["name"]) == ("todo", "Shot")
    assert full["is_subscribed"] is True
    assert [person["id"] for person in full["persons"]] == task["assignees"]
    # Who is no manager learns no more of others than their card tells.
    assert full["persons"][0]["email"] == "user@example.com"
    assert (full["assigner"]["first_name"], full["assigner"]["email"]) == ("Manager", None)
    assert (full["assigner"]["data"], full["assigner"]["notifications_slack_userid"]) == (None, "")
    assert api.get(f"/data/tasks/{task.id}/full", user="manager")["persons"][0]["email"] == "user@example.com"
    assert [api.get(f"/data/tasks/{task.id}/full", user=name).status for name in ("vendor", "stranger", None)] == [
        403,
        403,
        401,
    ]


@pytest.mark.parametrize(
    ("user", "body", "status"),
    [
        ("manager", {"description": "Hooves", "task_status_id": "done"}, 200),
        ("supervisor", {"priority": 1, "start_date": "2022-06-01", "estimation": 90, "difficulty": 4}, 200),
        ("supervisor", {"description": "Not mine to say"}, 403),
        ("supervisor", {"task_status_id": "done"}, 403),
        ("user", {"priority": 1}, 403),
        ("client", {"priority": 1}, 403),
        ("vendor", {"priority": 1}, 403),
        ("stranger", {"priority": 1}, 403),
        (None, {"priority": 1}, 401),
        ("manager", {"difficulty": 9}, 400),
        ("manager", {"due_date": "someday"}, 400),
        ("manager", {"task_status_id": UNKNOWN}, 400),
        ("manager", {"due_date": None, "data": None, "no_such_field": 3, "type": "Asset", "created_at": "1999"}, 200),
    ],
)
def test_who_changes_what(api: Studio, stage: Stage, user: str | None, body: dict[str, Any], status: int) -> None:
    if (named := body.get("task_status_id")) in stage.statuses:
        body = {**body, "task_status_id": stage.statuses[named].id}
    reply = api.put(f"/data/tasks/{stage.task.id}", body, user=user)
    assert reply.status == status, reply.content
    if status == 200:
        assert "assignees" not in reply.json
        assert stage.events("task:update") == [{"task_id": stage.task.id}]
    else:
        assert now(stage.task) == stage.task


def test_a_changed_status_is_that_field_alone(api: Studio, stage: Stage) -> None:
    api.put(f"/data/tasks/{stage.task.id}", {"task_status_id": stage.statuses["done"].id})
    task = now(stage.task)
    assert (task["done_date"], task["retake_count"], stage.thread(), stage.news()) == (None, 0, [], [])
    assert stage.events("task:status-changed") == []


def test_assignees_are_replaced_and_nobody_is_told(api: Studio, stage: Stage) -> None:
    lead = stage.people["supervisor"].id
    api.put(f"/data/tasks/{stage.task.id}", {"assignees": [lead]})
    assert now(stage.task)["assignees"] == [lead]
    assert [edge["id"] for edge in reads.edges(TASK, "assignees", lead)] == [stage.task.id]
    assert reads.edges(TASK, "assignees", stage.people["user"].id) == []
    assert stage.told("supervisor") == []
    crowd = [stage.person(f"artist{number}", "user").id for number in range(91)]
    assert api.put(f"/data/tasks/{stage.task.id}", {"assignees": crowd}).status == 400
    assert api.put(f"/data/tasks/{stage.task.id}", {"assignees": crowd[:90]}).status == 200


def test_a_task_stays_in_its_production_and_where_it_fits(api: Studio, stage: Stage) -> None:
    other = stage.production("Agent 327")
    stranger = stage.entity("Barbershop", "Character", project_id=other.id)
    koro = stage.entity("Koro", "Character")
    for wrong in ({"project_id": other.id}, {"entity_id": stranger.id}, {"entity_id": stage.shot.id}):
        assert api.put(f"/data/tasks/{stage.task.id}", wrong).status == 400
    assert api.put(f"/data/tasks/{stage.task.id}", {"entity_id": koro.id}).status == 200
    assert now(stage.task)["entity_id"] == koro.id


def test_the_last_preview_of_a_task_is_of_its_production(api: Studio, stage: Stage) -> None:
    other = stage.production("Agent 327")
    theirs = stage.task_on(stage.entity("Barbershop", "Character", project_id=other.id), "Modeling")
    preview = create(PREVIEW_FILE, name="theirs", task_id=theirs.id)
    path = f"/data/tasks/{stage.task.id}"
    assert api.put(path, {"last_preview_file_id": preview.id}, user="manager").status == 400
    assert now(stage.task)["last_preview_file_id"] is None
    assert api.put(path, {"last_preview_file_id": UNKNOWN}, user="manager").status == 200


def test_a_whole_record_may_be_sent_back(api: Studio, stage: Stage) -> None:
    whole = api.get(f"/data/tasks/{stage.task.id}").json
    assert api.put(f"/data/tasks/{stage.task.id}", {**whole, "priority": 3}, user="manager").status == 200
    assert now(stage.task)["assignees"] == whole["assignees"]
