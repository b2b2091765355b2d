"""What is under way in open productions, with its sums (docs/contract/tasks.md section 11)."""

import pytest

from chalicelib.records.files import WORKING_FILE
from chalicelib.records.production import PROJECT_STATUS
from tests.unit.tasks.stage import UNKNOWN, Stage, Studio, change, create

OPEN = "/data/tasks/open-tasks"


def names(api: Studio, user: str = "manager", **query: object) -> list[str]:
    reply = api.get(OPEN, user=user, params=query)
    assert reply.status == 200, reply.content
    return [f"{row['type_name']} {row['entity_name']}" for row in reply.json["data"]]


def test_what_is_under_way_is_listed_in_the_order_of_names(api: Studio, stage: Stage) -> None:
    stage.task_on(stage.shot, "Lighting")
    stage.task_on(stage.shot, "Animation")
    assert names(api) == ["Animation SH010", "Lighting SH010", "Modeling Lama"]
    assert names(api, limit=2, page=2) == ["Modeling Lama"]
    page = api.get(OPEN, user="manager", params={"limit": 2}).json
    assert (page["is_more"], page["page"], page["limit"], page["stats"]["total"]) == (True, 1, 2, 3)


def test_filters_narrow_the_list_and_its_sums(api: Studio, stage: Stage) -> None:
    values = {"priority": 2, "estimation": 60, "start_date": "2022-02-02T00:00:00", "due_date": "2022-02-10T00:00:00"}
    stage.task_on(stage.shot, "Animation", **values)
    for query in (
        {"priority": 2},
        {"person_id": "unassigned"},
        {"start_date": "2022-02-02"},
        {"due_date": "2022-02-10"},
        {"task_type_id": stage.types["Animation"].id},
    ):
        assert names(api, **query) == ["Animation SH010"], query
    assert names(api, person_id=stage.people["user"].id) == ["Modeling Lama"]
    assert api.get(OPEN, user="manager", params={"priority": 2}).json["stats"]["total_estimation"] == 60


@pytest.mark.parametrize(
    "name",
    [
        *("project_id", "task_type_id", "task_status_id", "person_id", "studio_id", "department_id"),
        *("start_date", "due_date", "priority", "page", "limit"),
    ],
)
def test_a_filter_that_is_none_is_named(api: Studio, stage: Stage, name: str) -> None:
    reply = api.get(OPEN, user="manager", params={name: "many"})
    assert reply.status == 400
    assert name in reply.content.decode()


def test_concepts_are_left_out_unless_their_type_is_named(api: Studio, stage: Stage) -> None:
    stage.task_on(stage.entity("Mood", "Concept"), "Concept")
    assert names(api) == ["Modeling Lama"]
    assert names(api, task_type_id=stage.types["Concept"].id) == ["Concept Mood"]
    assert api.get(f"{OPEN}/stats", user="manager").json[stage.project.id]["amount"] == 1


def test_vendors_see_theirs_and_strangers_nothing(api: Studio, stage: Stage) -> None:
    stage.task_on(stage.shot, "Animation", "user")
    assert names(api, "vendor") == ["Modeling Lama"]
    assert api.get(f"{OPEN}/stats", user="vendor").json[stage.project.id]["amount"] == 1
    assert names(api, "stranger") == []
    assert api.get(OPEN, user="stranger", params={"project_id": stage.project.id}).status == 403
    assert api.get(OPEN, user="manager", params={"project_id": UNKNOWN}).status == 404


def test_sums_are_told_by_type_and_status(api: Studio, stage: Stage) -> None:
    change(stage.task, task_status_id=stage.statuses["done"].id, estimation=30)
    told = api.get(f"{OPEN}/stats", user="user").json[stage.project.id]
    assert (told["amount"], told["amount_done"], told["total_estimation"]) == (1, 1, 30)
    assert told["task_types"][0]["task_type_id"] == stage.types["Modeling"].id
    stage.set(project_status_id=create(PROJECT_STATUS, name="Closed", color="#000000").id)
    assert api.get(f"{OPEN}/stats", user="user").json == {}


def test_a_long_list_costs_two_queries(api: Studio, stage: Stage) -> None:
    for number in range(30):
        stage.task_on(stage.entity(f"SH1{number:02}", "Shot", parent_id=stage.sequence.id), "Animation", "user")
    names(api)  # The container learns the reference data that the test has just written.
    assert len(names(api)) == 31
    assert api.calls.get("Query") == 2
    assert "Scan" not in api.calls


def test_working_files_are_listed_by_revision(api: Studio, stage: Stage) -> None:
    for name, revision in (("main", 1), ("main", 2), ("other", 1)):
        create(WORKING_FILE, name=name, revision=revision, task_id=stage.task.id, entity_id=stage.lama.id)
    path = f"/data/tasks/{stage.task.id}/working-files"
    assert [row["revision"] for row in api.get(path, user="user").json] == [2, 1, 1]
    last = api.get(f"{path}/last-revisions", user="user").json
    assert {name: row["revision"] for name, row in last.items()} == {"main": 2, "other": 1}
