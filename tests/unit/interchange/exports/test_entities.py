"""Assets, shots and edits as tables (docs/contract/interchange.md 1.2)."""

import pytest

from chalicelib.records.production import METADATA_DESCRIPTOR
from chalicelib.records.record import Record
from tests.unit.entities.stage import cast
from tests.unit.interchange.exports.conftest import Studio
from tests.unit.tasks.stage import UNKNOWN, Stage, change, create


def describe(stage: Stage, name: str, data_type: str = "string", kind: str = "Asset", **values: object) -> Record:
    known = {"project_id": stage.project.id, "entity_type": kind, "choices": [], "departments": []}
    return create(METADATA_DESCRIPTOR, name=name, data_type=data_type, field_name=name.lower(), **{**known, **values})


def test_an_asset_tells_its_metadata_and_the_state_of_its_tasks(api: Studio, stage: Stage) -> None:
    describe(stage, "Weight", "number")
    describe(stage, "Outdoor", "boolean")
    describe(stage, "Tags", "checklist")
    describe(stage, "Weather", kind="Shot")
    change(stage.lama, description="Eats\ngrass", data={"weight": 12.5, "outdoor": "true", "tags": ["a", "b"]})
    change(stage.task, duration=600, task_status_id=stage.statuses["wip"].id)
    change(stage.types["Shading"], priority=0)
    stage.entity("Zebra", "Character")
    stage.task_on(stage.lama, "Shading", duration=90)
    assert api.table("assets") == [
        "Type;Name;Description;Time Spent;Outdoor;Tags;Weight;Shading;Assignations;Modeling;Assignations",
        'Character;Lama;"Eats',
        'grass";1.44;true;"[""a"",""b""]";12.5;todo;;wip;User Doe,Vendor Doe',
        "Character;Zebra;;0.00;false;;;;;;",
    ]


def test_shots_come_by_episode_and_sequence(api: Studio, stage: Stage) -> None:
    change(stage.shot, nb_frames=48, data={"frame_in": 1001, "frame_out": 1048, "fps": "25"})
    episode = stage.entity("E01", "Episode")
    sequence = stage.entity("SQ01", "Sequence", parent_id=episode.id)
    stage.entity("SH001", "Shot", parent_id=sequence.id)
    head = "Episode;Sequence;Name;Description;Time Spent;Frames;Frame In;Frame Out;FPS"
    in_the_episode = "E01;SQ01;SH001;;0.00;;;;"
    assert api.table("shots") == [head, ";SQ01;SH010;;0.00;48;1001;1048;25", in_the_episode]
    assert api.table("shots", episode_id=episode.id) == [head, in_the_episode]
    assert api.table("shots", id=stage.shot.id)[1:] == [";SQ01;SH010;;0.00;48;1001;1048;25"]
    assert api.table("shots", id=UNKNOWN) == [head]
    assert api.table("shots", episode_id="all", parent_id="none", project_id=UNKNOWN)[1:] != []


def test_edits_tell_their_episode_and_take_no_filter(api: Studio, stage: Stage) -> None:
    episode = stage.entity("E01", "Episode")
    stage.entity("Teaser", "Edit", parent_id=episode.id)
    assert api.table("edits", id="no id") == ["Episode;Name;Description;Time Spent", "E01;Teaser;;0.00"]


def test_assets_of_an_episode_are_made_for_it_or_cast_in_it(api: Studio, stage: Stage) -> None:
    stage.set(production_type="tvshow")
    episode = stage.entity("E01", "Episode")
    stage.entity("Guest", "Character", source_id=episode.id)
    stage.entity("Zebra", "Character")
    cast(episode, stage.lama)
    names = [line.split(";")[1] for line in api.table("assets", episode_id=episode.id)[1:]]
    assert names == ["Guest", "Lama"]
    assert [line.split(";")[1] for line in api.table("assets", episode_id="main")[1:]] == ["Lama", "Zebra"]


def test_assigned_to_asks_for_what_the_caller_works_on(api: Studio, stage: Stage) -> None:
    stage.entity("Zebra", "Character")
    stage.task_on(stage.lama, "Shading", "supervisor")
    for who in ("user", "supervisor"):
        asked = api.table("assets", user="user", assigned_to=stage.people[who].id)
        assert asked[0].endswith(";Modeling;Assignations"), "types of others' tasks have no column"
        assert [line.split(";")[1] for line in asked[1:]] == ["Lama"]
    assert len(api.table("assets", assigned_to="anybody")) == 1, "the manager has no task"


def test_of_two_tasks_of_a_type_the_older_one_counts(api: Studio, stage: Stage) -> None:
    stage.task_on(stage.lama, "Modeling", name="again", task_status_id=stage.statuses["done"].id)
    assert api.table("assets")[1].endswith(";todo;User Doe,Vendor Doe")


@pytest.mark.parametrize("query", [{"id": "no-id"}, {"episode_id": "no-id"}, {"episode_id": "main,all"}])
def test_what_is_no_id_is_refused(api: Studio, stage: Stage, query: dict[str, str]) -> None:
    reply = api.get(f"/export/csv/projects/{stage.project.id}/assets.csv", query)
    assert (reply.status, next(iter(query)) in reply.json["message"]) == (400, True)


def test_clients_see_the_columns_for_clients(api: Studio, stage: Stage) -> None:
    describe(stage, "Cost")
    describe(stage, "Look", for_client=True)
    change(stage.lama, data={"cost": "much", "look": "furry"})
    assert api.table("assets", user="client")[0].startswith("Type;Name;Description;Time Spent;Look;Modeling")
    assert "much" not in "".join(api.table("assets", user="client"))


def test_a_production_is_its_teams_alone_and_vendors_get_no_table(api: Studio, stage: Stage) -> None:
    for name in ("assets", "shots", "edits", "casting"):
        path = f"/export/csv/projects/{stage.project.id}/{name}.csv"
        statuses = {who: api.get(path, user=who).status for who in stage.people}
        assert statuses.pop("vendor") == statuses.pop("stranger") == 403
        assert set(statuses.values()) == {200}
        assert api.get(f"/export/csv/projects/{UNKNOWN}/{name}.csv").status == 404


def test_a_table_costs_two_queries_however_large(api: Studio, stage: Stage) -> None:
    for number in range(12):
        shot = stage.entity(f"SH{number:02}", "Shot", parent_id=stage.sequence.id)
        stage.task_on(shot, "Animation")
    for _ in range(2):
        assert len(api.table("shots")) == 14
    assert api.calls == {"BatchGetItem": 1, "Query": 2}
    for _ in range(2):
        api.table("casting")
    assert api.calls == {"BatchGetItem": 1, "Query": 2}
