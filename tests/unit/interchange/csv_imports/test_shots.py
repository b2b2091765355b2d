"""Shots and edits out of a CSV file (docs/contract/interchange.md 2.4, 2.5)."""

import pytest

from tests.unit.interchange.csv_files import actions
from tests.unit.interchange.importing import Importer, Importing
from tests.unit.tasks.stage import change, now


def test_shots_are_made_below_their_sequences(api: Importer, stage: Importing) -> None:
    rows = [
        ["Sequence", "Name", "Nb Frames", "Frame In", "Frame Out", "FPS", "Weather", "Night"],
        ["SQ02", "SH010", "48", "1001", "1048", "25", "rain", "on"],
        ["SQ02", "SH020", "", "", "", "", "", "f"],
    ]
    first, second = api.send("shots", rows).json
    sequence = stage.entities("Sequence")["SQ02"]
    assert (first["parent_id"], second["parent_id"]) == (sequence.id, sequence.id)
    assert (sequence["description"], sequence["data"]) == ("", {})
    assert (first["nb_frames"], second["nb_frames"]) == (48, None)
    data = {"frame_in": "1001", "frame_out": "1048", "fps": "25", "weather": "rain", "night": "true"}
    assert first["data"] == data
    assert second["data"] == {"fps": "", "weather": "", "night": "false"}
    assert set(stage.tasks_of(stage.entities("Shot")["SH020"])) == {"Animation", "Lighting"}
    assert stage.events("sequence:new") == [{"sequence_id": sequence.id}]
    assert {one["shot_id"] for one in stage.events("shot:new")} == {first["id"], second["id"]}


def test_a_shot_is_found_by_sequence_and_name(api: Importer, stage: Importing) -> None:
    rows = [["Sequence", "Name", "Frames", "In", "Weather"], ["SQ01", "SH010", "24", "101", "sun"]]
    assert api.send("shots", rows).json[0]["nb_frames"] is None
    shot = api.send("shots", rows, update="true").json[0]
    assert (shot["id"], shot["nb_frames"]) == (stage.shot.id, 24)
    assert shot["data"] == {"frame_in": "101", "weather": "sun"}
    # Shots that exist get no tasks.
    assert stage.tasks_of(stage.shot) == {}


def test_an_empty_cell_leaves_nb_frames_alone_and_clears_frames(api: Importer, stage: Importing) -> None:
    change(stage.shot, nb_frames=24, data={"frame_in": 7, "fps": "25"})
    rows = [["Sequence", "Name", "Nb Frames", "Frame In", "FPS"], ["SQ01", "SH010", "", "", ""]]
    shot = api.send("shots", rows, update="true").json[0]
    assert (shot["nb_frames"], shot["data"]) == (24, {"frame_in": 7, "fps": ""})
    shot = api.send("shots", [["Sequence", "Name", "Frames"], ["SQ01", "SH010", ""]], update="true").json[0]
    assert shot["nb_frames"] is None


def test_an_update_that_changes_nothing_is_told_of_and_writes_no_shot(api: Importer, stage: Importing) -> None:
    rows = [["Sequence", "Name"], ["SQ01", "SH010"]]
    assert actions(api.send("shots", rows, update="true", dry_run="true")) == ["unchanged"]
    before = now(stage.shot)
    api.send("shots", rows, update="true")
    assert now(stage.shot) == before
    assert stage.events("shot:update") == [{"shot_id": stage.shot.id}]


def test_other_frames_leave_a_version_behind(api: Importer, stage: Importing) -> None:
    change(stage.shot, updated_at="2020-01-01T00:00:00.000000")
    api.send("shots", [["Sequence", "Name", "Frame In"], ["SQ01", "SH010", "5"]], update="true")
    from chalicelib.records.entities import ENTITY_VERSION
    from chalicelib.store import keys, reads

    kept = reads.query(ENTITY_VERSION, keys.home_of_owner(stage.project.id))
    assert [one["entity_id"] for one in kept] == [stage.shot.id]


def test_shots_of_a_show_are_below_episodes(api: Importer, stage: Importing) -> None:
    stage.show()
    reply = api.send("shots", [["Sequence", "Name"], ["SQ01", "SH010"]])
    assert (reply.status, reply["column"]) == (400, "Episode")
    rows = [["Episode", "Sequence", "Name"], ["E01", "SQ01", "SH010"], ["E02", "SQ01", "SH010"], ["", "SQ01", "SH010"]]
    first, second, third = api.send("shots", rows).json
    assert third["id"] == stage.shot.id
    assert len({first["parent_id"], second["parent_id"], third["parent_id"]}) == 3
    assert set(stage.entities("Episode")) == {"E01", "E02"}
    assert actions(api.send("shots", rows, dry_run="true")) == ["skip"] * 3


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("Sequence", ""),
        ("Sequence", "x" * 161),
        ("Name", ""),
        ("Nb Frames", "many"),
        ("Nb Frames", "1e999"),
        ("Nb Frames", "nan"),
        ("Nb Frames", "9" * 5000),
        ("Nb Frames", "2147483648"),
        ("Night", "dusk"),
        ("Night", ""),
        ("Animation", "asleep"),
    ],
)
def test_a_wrong_cell_tells_row_and_column(api: Importer, stage: Importing, column: str, text: str) -> None:
    good = {"Sequence": "SQ05", "Name": "SH010", "Nb Frames": "1", "Night": "y", "Animation": ""}
    bad = {**good, "Sequence": "SQ06", column: text}
    reply = api.send("shots", [list(good), list(good.values()), list(bad.values())])
    assert (reply.status, reply["line_number"], reply["column"]) == (400, 2, column)
    assert set(stage.entities("Sequence")) == {"SQ01", "SQ05"}


def test_any_text_may_be_metadata(api: Importer) -> None:
    texts = ["1e999", "nan", "x" * 20_000, "\U0001d54a \u202e", "2024-13-99", "null", "'=1+1", "=1+1"]
    rows = [["Sequence", "Name", "Weather", "FPS"], *(["SQ01", f"A{n}", text, text] for n, text in enumerate(texts))]
    made = api.send("shots", rows).json
    assert [one["data"]["weather"] for one in made] == [*texts[:6], "=1+1", "=1+1"]


def test_a_name_is_one_name_however_it_is_typed(api: Importer, stage: Importing) -> None:
    rows = [["Sequence", "Name"], ["\u00c9t\u00e9", "SH\u00e9"], ["E\u0301te\u0301", "SHe\u0301"]]
    first, second = api.send("shots", rows).json
    assert first["id"] == second["id"]


def test_edits_are_found_by_name(api: Importer, stage: Importing) -> None:
    made = api.send("edits", [["Name", "Description"], ["Teaser", "30 s"]]).json[0]
    assert stage.events("edit:new") == [{"edit_id": made["id"], "episode_id": None}]
    rows = [["Name", "Description", "Episode"], ["Teaser", "45 s", ""]]
    assert api.send("edits", rows).json[0]["description"] == "30 s"
    assert api.send("edits", rows, update="true").json[0]["description"] == "45 s"
    assert api.send("edits", [["Name", "Episode"], ["Teaser", "E01"]])["column"] == "Episode"
    assert api.send("edits", [["Title"], ["Teaser"]])["column"] == "Name"


def test_edits_of_a_show_are_of_episodes(api: Importer, stage: Importing) -> None:
    stage.show()
    rows = [["Episode", "Name"], ["E01", "Cut"], ["E02", "Cut"], ["", "Cut"]]
    made = api.send("edits", rows).json
    episodes = stage.entities("Episode")
    assert [one["parent_id"] for one in made] == [episodes["E01"].id, episodes["E02"].id, None]
