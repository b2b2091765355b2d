"""Assets out of a CSV file (docs/contract/interchange.md 2.2, 2.3)."""

from typing import Any

import pytest

from chalicelib.records.entities import ENTITY_TYPE
from chalicelib.store import reads, reference
from tests.unit.interchange.csv_files import actions
from tests.unit.interchange.importing import Importer, Importing
from tests.unit.tasks.stage import change, now

HEAD = ["Type", "Name", "Description"]


def kept(answer: dict[str, Any], *names: str) -> list[Any]:
    return [answer[name] for name in names]


def test_assets_are_made_with_their_type_and_their_tasks(api: Importer, stage: Importing) -> None:
    reply = api.send("assets", [[*HEAD, "Cost", "Color"], ["Character", "Oti", "A fox", "12", "red"]])
    assert reply.status == 201
    oti = reply.json[0]
    assert kept(oti, "type", "name", "description", "data") == ["Entity", "Oti", "A fox", {"cost": "12"}]
    assert kept(oti, "created_by", "status") == [stage.people["manager"].id, "running"]
    tasks = stage.tasks_of(stage.entities("Character")["Oti"])
    assert set(tasks) == {"Modeling", "Shading"}
    assert kept(tasks["Modeling"], "name", "assigner_id", "task_status_id", "assignees") == [
        "main",
        stage.people["manager"].id,
        stage.statuses["todo"].id,
        [],
    ]
    assert stage.events("asset:new") == [{"asset_id": oti["id"], "episode_id": None}]
    assert len(stage.events("task:new")) == 2


def test_types_that_are_missing_are_made_once(api: Importer) -> None:
    reply = api.send("assets", [HEAD[:2], ["Props", "Fence"], ["Props", "Nail"]])
    assert len({one["entity_type_id"] for one in reply.json}) == 1
    assert [one["name"] for one in reads.query(ENTITY_TYPE, "studio")].count("Props") == 1


def test_an_asset_type_may_list_its_task_types(api: Importer, stage: Importing) -> None:
    change(stage.kinds["Character"], task_types=[stage.types["Shading"].id])
    reference.look_again()
    api.send("assets", [HEAD[:2], ["Character", "Oti"]])
    assert set(stage.tasks_of(stage.entities("Character")["Oti"])) == {"Shading"}


def test_the_name_alone_finds_an_asset(api: Importer, stage: Importing) -> None:
    left = api.send("assets", [HEAD, ["Props", "Lama", "New"]]).json[0]
    assert kept(left, "id", "entity_type_id") == [stage.lama.id, stage.kinds["Character"].id]
    moved = api.send("assets", [HEAD, ["Props", "Lama", "New"]], update="true").json[0]
    assert kept(moved, "id", "description") == [stage.lama.id, "New"]
    assert moved["entity_type_id"] != stage.kinds["Character"].id
    assert [one["asset_id"] for one in stage.events("asset:update")] == [stage.lama.id]


def test_of_several_of_one_name_the_one_of_that_type_is_meant(api: Importer, stage: Importing) -> None:
    made = api.send("assets", [HEAD[:2], ["Props", "Oti"]]).json[0]
    other = stage.entity("Oti", "Character")
    rows = [HEAD, ["Character", "Oti", "one"], ["Props", "Oti", "two"]]
    assert [one["id"] for one in api.send("assets", rows, update="true").json] == [other.id, made["id"]]


def test_those_that_exist_get_the_tasks_they_lack(api: Importer, stage: Importing) -> None:
    assert set(stage.tasks_of(stage.lama)) == {"Modeling"}
    rows = [HEAD[:2], ["Character", "Lama"]]
    assert actions(api.send("assets", rows, dry_run="true")) == ["update"]
    api.send("assets", rows)
    assert set(stage.tasks_of(stage.lama)) == {"Modeling", "Shading"}
    assert actions(api.send("assets", rows, dry_run="true")) == ["skip"]


def test_a_status_and_a_comment_are_posted(api: Importer, stage: Importing) -> None:
    head = ["Type", "Name", "Modeling", "Modeling comment", "Shading", "Shading comment"]
    rows = [head, ["Character", "Oti", "WIP", "Started", "", ""], ["Character", "Koro", "", "Only words", "Done", ""]]
    assert api.send("assets", rows).status == 201
    oti, koro = (stage.tasks_of(stage.entities("Character")[name]) for name in ("Oti", "Koro"))
    assert oti["Modeling"]["task_status_id"] == stage.statuses["wip"].id
    assert [one["text"] for one in stage.thread(oti["Modeling"])] == ["Started"]
    assert koro["Modeling"]["task_status_id"] == stage.statuses["todo"].id
    assert [one["text"] for one in stage.thread(koro["Modeling"])] == ["Only words"]
    assert koro["Shading"]["task_status_id"] == stage.statuses["done"].id
    assert stage.thread(oti["Shading"]) == []
    assert len(stage.news()) == 3


def test_a_status_alone_is_posted_where_it_is_another(api: Importer, stage: Importing) -> None:
    rows = [["Type", "Name", "Modeling"], ["Character", "Lama", "todo"]]
    assert actions(api.send("assets", rows, update="true", dry_run="true")) == ["update"]  # it gets a task
    api.send("assets", rows, update="true")
    assert stage.thread() == []
    assert actions(api.send("assets", rows, update="true", dry_run="true")) == ["unchanged"]
    rows[1][2] = "wip"
    api.send("assets", [*rows, rows[1]], update="true")
    assert len(stage.thread()) == 1
    rows[1][2] = "done"
    api.send("assets", rows)
    assert now(stage.task)["task_status_id"] == stage.statuses["wip"].id


def test_a_task_that_a_row_names_is_made(api: Importer, stage: Importing) -> None:
    change(stage.kinds["Character"], task_types=[stage.types["Modeling"].id])
    reference.look_again()
    api.send("assets", [["Type", "Name", "Shading"], ["Character", "Lama", "wip"]], update="true")
    assert stage.tasks_of(stage.lama)["Shading"]["task_status_id"] == stage.statuses["wip"].id


def test_ready_for_is_a_task_type_of_shots(api: Importer, stage: Importing) -> None:
    head = ["Type", "Name", "Ready for"]
    api.send("assets", [head, ["Character", "Lama", "Animation"]], update="true")
    assert now(stage.lama)["ready_for"] == stage.types["Animation"].id
    api.send("assets", [head, ["Character", "Lama", ""]], update="true")
    assert now(stage.lama)["ready_for"] is None
    reply = api.send("assets", [head, ["Character", "Lama", "Modeling"]], update="true")
    assert (reply.status, reply["column"]) == (400, "Ready for")


def test_only_shows_have_episodes(api: Importer, stage: Importing) -> None:
    head = ["Type", "Name", "Episode"]
    reply = api.send("assets", [head, ["Character", "Oti", "E01"]])
    assert (reply.status, reply["column"], reply["line_number"]) == (400, "Episode", 1)
    # An export of another production has the column, and nothing in it.
    assert api.send("assets", [head, ["Character", "Oti", ""]]).status == 201


def test_assets_of_a_show_are_of_an_episode_or_of_the_main_pack(api: Importer, stage: Importing) -> None:
    stage.show()
    rows = [["Type", "Name", "Episode"], ["Character", "Oti", "E01"], ["Character", "Koro", "MP"]]
    oti, koro = api.send("assets", rows).json
    episode = stage.entities("Episode")["E01"]
    assert (oti["source_id"], koro["source_id"], episode["status"]) == (episode.id, None, "running")
    assert stage.events("episode:new") == [{"episode_id": episode.id}]
    # A file without that column leaves it alone.
    assert api.send("assets", [HEAD[:2], ["Character", "Oti"]], update="true").json[0]["source_id"] == episode.id
    rows = [["Type", "Name", "Episode"], ["Character", "Oti", "MP"]]
    assert api.send("assets", rows, update="true").json[0]["source_id"] is None


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("Type", ""),
        ("Type", "x" * 31),
        ("Type", "Shot"),
        ("Name", ""),
        ("Name", "x" * 161),
        ("Modeling", "asleep"),
        ("Ready for", "Cooking"),
    ],
)
def test_a_wrong_cell_tells_row_and_column_and_what_came_before_stays(
    api: Importer, stage: Importing, column: str, text: str
) -> None:
    good = {"Type": "Props", "Name": "Kept", "Modeling": "", "Ready for": ""}
    bad = {"Type": "Vehicles", "Name": "Wrong", "Modeling": "", "Ready for": "", column: text}
    rows = [list(good), list(good.values()), list(bad.values()), ["Props", "Never", "", ""]]
    assert actions(api.send("assets", rows, dry_run="true")) == ["create", "refuse", "create"]
    reply = api.send("assets", rows)
    assert (reply.status, reply["line_number"], reply["column"]) == (400, 2, column)
    types = {one["name"]: one for one in reads.query(ENTITY_TYPE, "studio")}
    assert "Vehicles" not in types
    stage.kinds["Props"] = types["Props"]
    assert list(stage.entities("Props")) == ["Kept"]
    # Tasks come when the whole file is through.
    assert stage.tasks_of(stage.entities("Props")["Kept"]) == {}


def test_a_dry_run_writes_nothing(api: Importer, stage: Importing) -> None:
    before = stage.everything(), reads.query(ENTITY_TYPE, "studio"), stage.events("asset:new")
    rows = [HEAD, ["Props", "Oti", ""], ["Props", "Oti", "again"], ["Character", "Lama", "x"], ["", "", "y"]]
    reply = api.send("assets", rows, dry_run="true", update="true")
    assert actions(reply) == ["create", "update", "update", "refuse"]
    assert reply.json[0] == {
        "line_number": 1,
        "action": "create",
        "type": "Asset",
        "name": "Oti",
        "message": "",
        "column": None,
    }
    assert before == (stage.everything(), reads.query(ENTITY_TYPE, "studio"), stage.events("asset:new"))


def test_managers_of_the_production_import_and_nobody_else(api: Importer, stage: Importing) -> None:
    rows = [HEAD[:2], ["Character", "Oti"]]
    for name in ("stranger", "supervisor", "user", "client", "vendor"):
        assert api.send("assets", rows, user=name).status == 403
    assert api.send("assets", rows, user="admin").status == 201


def test_comments_of_many_rows_are_posted_and_those_of_one_entity_in_their_order(
    api: Importer, stage: Importing
) -> None:
    head = ["Type", "Name", "Modeling", "Modeling comment", "Shading"]
    rows = [["Character", f"Prop {number}", "wip", f"words {number}", "done"] for number in range(20)]
    rows += [["Character", "Prop 3", status, f"then {status}", ""] for status in ("retake", "wfa", "done")]
    assert api.send("assets", [head, *rows], update="true").status == 201
    made = stage.entities("Character")
    for number in range(20):
        tasks = stage.tasks_of(made[f"Prop {number}"])
        assert stage.thread(tasks["Modeling"])[0]["text"] == f"words {number}"
        assert tasks["Shading"]["task_status_id"] == stage.statuses["done"].id
    thread = stage.thread(stage.tasks_of(made["Prop 3"])["Modeling"])
    assert [one["text"] for one in thread] == ["words 3", "then retake", "then wfa", "then done"]


def test_a_retake_too_many_is_a_wrong_row(api: Importer, stage: Importing) -> None:
    stage.set(max_retakes=1)
    rows = [["Type", "Name", "Modeling"], ["Props", "One", "retake"], ["Props", "Two", "retake"]]
    rows += [["Props", "One", "wip"], ["Props", "One", "retake"], ["Props", "Three", "wip"]]
    reply = api.send("assets", rows, update="true")
    assert (reply.status, reply["line_number"]) == (400, 4)
    stage.kinds["Props"] = next(one for one in reads.query(ENTITY_TYPE, "studio") if one["name"] == "Props")
    assert set(stage.entities("Props")) == {"One", "Two"}
