"""Castings out of a CSV file (docs/contract/interchange.md 2.6)."""

import pytest

from chalicelib.records.entities import ENTITY_LINK
from chalicelib.records.production import PROJECT_TASK_TYPE_LINK
from chalicelib.records.record import Record
from chalicelib.store import keys, reads
from tests.unit.interchange.csv_files import actions
from tests.unit.interchange.importing import Importer, Importing
from tests.unit.tasks.stage import change, create, now

HEAD = ["Parent", "Name", "Asset Type", "Asset", "Occurences", "Label"]


def cast(stage: Importing) -> dict[tuple[str, str], tuple[int, str]]:
    """Links by the names of their ends: how often, and how."""
    home = keys.home_of_owner(stage.project.id)
    known = {kind_name: entity["name"] for kind in stage.kinds for kind_name, entity in by_id(stage, kind).items()}
    links = reads.query(ENTITY_LINK, home)
    return {
        (known[one["entity_in_id"]], known[one["entity_out_id"]]): (one["nb_occurences"], one["label"]) for one in links
    }


def by_id(stage: Importing, kind: str) -> dict[str, Record]:
    return {one.id: one for one in stage.entities(kind).values()}


def test_names_count_whatever_their_case_blanks_and_accents(api: Importer, stage: Importing) -> None:
    stage.entity("Big Bird", "Character")
    rows = [
        HEAD,
        ["SQ01", "SH010", "Character", "Lama", "2", "Animate"],
        ["sq01", "sh010", "CHARACTER", "BÏG-bird", "", "x y"],
    ]
    reply = api.send("casting", rows)
    assert (reply.status, reply.json) == (201, [None, None])
    assert cast(stage) == {("SH010", "Lama"): (2, "animate"), ("SH010", "Big Bird"): (1, "x_y")}
    assert now(stage.shot)["nb_entities_out"] == 2
    assert [one["nb_entities_out"] for one in stage.events("shot:casting-update")] == [1, 2]
    assert len(stage.events("entity-link:new")) == 2


def test_a_link_that_is_there_gets_the_new_number(api: Importer, stage: Importing) -> None:
    api.send("casting", [HEAD, ["SQ01", "SH010", "Character", "Lama", "2", "animate"]])
    rows = [HEAD[:5], ["SQ01", "SH010", "Character", "Lama", "3"]]
    assert actions(api.send("casting", rows, dry_run="true")) == ["update"]
    api.send("casting", rows)
    assert cast(stage) == {("SH010", "Lama"): (3, "fixed")}
    assert now(stage.shot)["nb_entities_out"] == 1
    assert actions(api.send("casting", rows, dry_run="true")) == ["unchanged"]


def test_assets_and_episodes_cast_too(api: Importer, stage: Importing) -> None:
    stage.show()
    episode = stage.entity("E01", "Episode")
    stage.entity("Hat", "Character")
    rows = [
        ["Episode", *HEAD],
        ["MP", "Character", "Lama", "Character", "Hat", "1", "fixed"],
        ["", "Episode", "E01", "Character", "Hat", "2", "fixed"],
    ]
    api.send("casting", rows)
    assert cast(stage) == {("Lama", "Hat"): (1, "fixed"), ("E01", "Hat"): (2, "fixed")}
    assert stage.events("asset:casting-update") == [{"asset_id": stage.lama.id}]
    assert stage.events("episode:casting-update") == [{"episode_id": episode.id, "nb_entities_out": 1}]


def test_what_plays_in_a_shot_plays_in_its_episode(api: Importer, stage: Importing) -> None:
    stage.show()
    episode = stage.entity("E01", "Episode")
    change(stage.sequence, parent_id=episode.id)
    stage.entity("SH020", "Shot", parent_id=stage.sequence.id)
    rows = [["Episode", *HEAD], *(["E01", "SQ01", shot, "Character", "Lama", "1", ""] for shot in ("SH010", "SH020"))]
    api.send("casting", rows)
    assert set(cast(stage)) == {("SH010", "Lama"), ("SH020", "Lama"), ("E01", "Lama")}
    assert now(episode)["nb_entities_out"] == 0


def test_rows_about_what_is_not_there_are_passed_over(api: Importer, stage: Importing) -> None:
    rows = [HEAD, ["SQ01", "SH010", "Character", "Nobody", "3", ""], ["SQ09", "SH010", "Character", "Lama", "3", ""]]
    assert actions(api.send("casting", rows, dry_run="true")) == ["skip", "skip"]
    assert api.send("casting", rows).json == [None, None]
    assert cast(stage) == {}


def test_what_is_ready_for_the_tasks_of_a_shot_is_counted(api: Importer, stage: Importing) -> None:
    change(stage.lama, ready_for=stage.types["Animation"].id)
    ids = {"project_id": stage.project.id, "task_type_id": stage.types["Animation"].id}
    create(PROJECT_TASK_TYPE_LINK, **ids, priority=1)
    task = stage.task_on(stage.shot, "Animation")
    api.send("casting", [HEAD, ["SQ01", "SH010", "Character", "Lama", "1", "fixed"]])
    assert now(task)["nb_assets_ready"] == 1


@pytest.mark.parametrize("text", ["lots", "1e999", "-1", "9" * 400, "1.5"])
def test_a_wrong_number_tells_row_and_column(api: Importer, stage: Importing, text: str) -> None:
    rows = [HEAD, ["SQ01", "SH010", "Character", "Lama", "1", ""], ["SQ01", "SH010", "Character", "Lama", text, ""]]
    reply = api.send("casting", rows)
    assert (reply.status, reply["line_number"], reply["column"]) == (400, 2, "Occurences")
    assert cast(stage) == {("SH010", "Lama"): (1, "")}
    assert api.send("casting", [HEAD[:4]])["column"] == "Occurences"


def test_a_dry_run_writes_nothing_and_what_was_exported_is_unchanged(api: Importer, stage: Importing) -> None:
    hat = stage.entity("Hat=", "Character")
    for entity in (stage.shot, stage.lama):
        create(ENTITY_LINK, entity_in_id=entity.id, entity_out_id=hat.id, nb_occurences=None, label="Big One")
    before = stage.everything()
    for shots in ("true", "false"):
        where = f"/export/csv/projects/{stage.project.id}/casting.csv?is_shot_casting={shots}"
        exported = api.get(where).content
        assert actions(api.send("casting", exported, dry_run="true")) == ["unchanged"]
        assert api.send("casting", exported).status == 201
        assert api.get(where).content == exported
    assert before == stage.everything()
