"""Lists of work: to do, done, to check, related, and when people are busy (docs/contract/tasks.md section 11)."""

from typing import Any

import pytest

from chalicelib.records.entities import ENTITY_LINK
from chalicelib.records.people import PERSON
from chalicelib.records.production import METADATA_DESCRIPTOR, PROJECT_STATUS
from tests.unit.tasks.stage import UNKNOWN, Stage, Studio, change, create


def names(reply: Any) -> list[str]:
    assert reply.status == 200, reply.content
    return [f"{row['task_type_name']} {row['entity_name']}" for row in reply.json]


def of(stage: Stage, who: str, end: str) -> str:
    return f"/data/persons/{stage.people[who].id}/{end}"


def test_work_is_to_do_until_it_is_done(api: Studio, stage: Stage) -> None:
    assert names(api.get("/data/user/tasks", user="user")) == ["Modeling Lama"]
    assert names(api.get("/data/user/done-tasks", user="user")) == []
    change(stage.task, task_status_id=stage.statuses["done"].id)
    assert names(api.get("/data/user/tasks", user="user")) == []
    assert names(api.get("/data/user/done-tasks", user="user")) == ["Modeling Lama"]
    assert names(api.get("/data/user/done-tasks", user="manager")) == []


def test_what_ended_last_comes_first(api: Studio, stage: Stage) -> None:
    done = {"task_status_id": stage.statuses["done"].id}
    change(stage.task, **done, end_date="2021-03-01T00:00:00")
    stage.task_on(stage.lama, "Shading", "user", **done)
    stage.task_on(stage.shot, "Animation", "user", **done, end_date="2021-03-02T00:00:00")
    found = names(api.get("/data/user/done-tasks", user="user"))
    assert found == ["Animation SH010", "Modeling Lama", "Shading Lama"]


def test_a_row_names_all_around_a_task(api: Studio, stage: Stage) -> None:
    episode = stage.entity("E01", "Episode")
    change(stage.sequence, parent_id=episode.id)
    task = stage.task_on(stage.shot, "Animation", "supervisor", estimation=60, due_date="2022-02-10T00:00:00")
    api.comment("wip", "Go on", user="manager", task=task)
    (row,) = api.get("/data/user/tasks", user="supervisor").json
    told = {
        "project_name": "Caminandes",
        "project_has_avatar": False,
        "entity_name": "SH010",
        "entity_type_name": "Shot",
        "entity_canceled": False,
        "entity_preview_file_id": "",
        "entity_source_id": "",
        "sequence_name": "SQ01",
        "episode_id": episode.id,
        "episode_name": "E01",
        "task_type_name": "Animation",
        "task_type_for_entity": "Shot",
        "task_status_short_name": "wip",
        "task_estimation": 60,
        "task_due_date": "2022-02-10T00:00:00",
        "assignees": [stage.people["supervisor"].id],
    }
    assert {name: row[name] for name in told} == told
    assert row["last_comment"].keys() == {"text", "date", "person_id"}
    assert (row["last_comment"]["text"], row["last_comment"]["person_id"]) == ("Go on", stage.people["manager"].id)


def test_the_latest_word_is_not_a_clients(api: Studio, stage: Stage) -> None:
    api.comment("wip", "Ours")
    for number in range(6):
        api.comment("wip", f"Theirs {number}", user="client")
    assert api.get("/data/user/tasks", user="user").json[0]["last_comment"]["text"] == "Ours"
    stage.task_on(stage.lama, "Shading", "client")
    assert [row["last_comment"] for row in api.get("/data/user/tasks", user="client").json] == [{}]


def test_an_asset_tells_the_episodes_it_was_made_for_and_is_cast_in(api: Studio, stage: Stage) -> None:
    stage.set(production_type="tvshow")
    first, second = (stage.entity(name, "Episode") for name in ("E01", "E02"))
    change(stage.lama, source_id=first.id)
    for entity in (second, stage.shot):
        create(ENTITY_LINK, entity_in_id=entity.id, entity_out_id=stage.lama.id)
    (row,) = api.get("/data/user/tasks", user="user").json
    assert (row["episode_id"], row["episode_name"]) == (first.id, "E01")
    assert (row["episode_ids"], row["episode_names"]) == ([second.id], ["E02"])


def test_vendors_are_not_shown_columns_of_others(api: Studio, stage: Stage) -> None:
    others = [stage.departments["Animation"].id]
    columns = {"project_id": stage.project.id, "entity_type": "Asset", "data_type": "string"}
    create(METADATA_DESCRIPTOR, name="Secret", field_name="secret", departments=others, **columns)
    change(stage.lama, data={"secret": 1, "open": 2})
    assert api.get("/data/user/tasks", user="vendor").json[0]["entity_data"] == {"open": 2}
    assert api.get("/data/user/tasks", user="user").json[0]["entity_data"] == {"secret": 1, "open": 2}


def test_somebodys_work_is_shown_in_productions_of_the_caller(api: Studio, stage: Stage) -> None:
    far = stage.production("Elsewhere", ("stranger",))
    crate = stage.entity("Crate", "Character", project_id=far.id)
    stage.task_on(crate, "Modeling", "user")
    path = of(stage, "user", "tasks")
    assert sorted(names(api.get(path))) == ["Modeling Crate", "Modeling Lama"]
    assert names(api.get(path, user="manager")) == ["Modeling Lama"]
    assert names(api.get(path, user="stranger")) == ["Modeling Crate"]
    # Who is not in the team any more does not see it either, assigned or not.
    assert names(api.get("/data/user/tasks", user="user")) == ["Modeling Lama"]
    for who in ("client", "vendor"):
        assert api.get(path, user=who).json == []
    assert names(api.get(of(stage, "vendor", "tasks"), user="vendor")) == ["Modeling Lama"]
    closed = create(PROJECT_STATUS, name="Closed", color="#000000")
    stage.set(project_status_id=closed.id)
    assert names(api.get(path)) == ["Modeling Crate"]


@pytest.mark.parametrize("end", ["tasks", "done-tasks", f"related-tasks/{UNKNOWN}"])
def test_bots_and_strangers_have_no_work(api: Studio, stage: Stage, end: str) -> None:
    bot = create(PERSON, first_name="Farm", last_name="", is_bot=True)
    assert api.get(f"/data/persons/{bot.id}/{end}").status == 403
    assert api.get(f"/data/persons/{UNKNOWN}/{end}").status == 404
    assert api.get(f"/data/persons/nobody/{end}").status == 404
    assert api.get(f"/data/persons/{bot.id}/{end}", user=None).status == 401


def test_what_waits_for_an_answer_is_shown_to_those_who_give_it(api: Studio, stage: Stage) -> None:
    waiting = {"task_status_id": stage.statuses["wfa"].id}
    change(stage.task, **waiting)
    stage.task_on(stage.shot, "Animation", "user", **waiting)
    stage.task_on(stage.shot, "Lighting", "user")
    path = "/data/user/tasks-to-check"
    for who in ("admin", "manager", "supervisor"):
        assert sorted(names(api.get(path, user=who))) == ["Animation SH010", "Modeling Lama"]
    for who in ("user", "client", "vendor", "stranger"):
        assert api.get(path, user=who).json == []
    change(stage.people["supervisor"], departments=[stage.departments["Animation"].id])
    assert names(api.get(path, user="supervisor")) == ["Animation SH010"]


def test_related_work_is_on_the_same_entities(api: Studio, stage: Stage) -> None:
    shading = stage.task_on(stage.lama, "Shading", "supervisor")
    stage.task_on(stage.entity("Fox", "Character"), "Shading")
    path = of(stage, "user", f"related-tasks/{stage.types['Shading'].id}")
    for who in ("user", "admin"):
        (row,) = api.get(path, user=who).json
        assert row["id"] == shading.id
        assert "assignees" not in row
    for who in ("manager", "vendor"):
        assert api.get(path, user=who).status == 403
    assert api.get(of(stage, "user", f"related-tasks/{UNKNOWN}")).status == 404


def test_people_are_busy_from_their_first_start_to_their_last_due_date(api: Studio, stage: Stage) -> None:
    change(stage.task, start_date="2022-01-10T00:00:00", due_date="2022-01-20T00:00:00")
    stage.task_on(stage.shot, "Animation", "user", start_date="2021-12-01T09:30:00.123456")
    stage.task_on(stage.shot, "Lighting", "supervisor")
    change(stage.people["vendor"], active=False)
    found = {row["person_id"]: row for row in api.get("/data/persons/task-dates").json}
    user, supervisor = stage.people["user"].id, stage.people["supervisor"].id
    assert found == {
        user: {"person_id": user, "min_date": "2021-12-01 09:30:00", "max_date": "2022-01-20 00:00:00"},
        supervisor: {"person_id": supervisor, "min_date": "None", "max_date": "None"},
    }
    assert api.get("/data/persons/task-dates", user="manager").status == 403


def test_what_the_lists_cost(api: Studio, stage: Stage) -> None:
    api.comment("wfa", "Here it is")
    # The token and the stamp; edges and tasks; the entities, which are in nothing; the comments of one task.
    costs = {
        "/data/user/tasks": 1 + 2 + 1 + 1,
        of(stage, "user", f"related-tasks/{stage.types['Shading'].id}"): 1 + 1 + 1,
        "/data/user/done-tasks": 1 + 2,
    }
    for path, cost in costs.items():
        for _ in range(2):
            api.get(path, user="user")
        assert api.cost == cost, path
    for _ in range(2):
        api.get("/data/user/tasks-to-check", user="manager")
    assert api.cost == 1 + 1 + 1 + 1, "the tasks with that status, their entities, their comments"
