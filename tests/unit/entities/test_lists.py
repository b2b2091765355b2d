"""Lists of entities: filters, what each role sees, what they cost (docs/contract/entities.md section 4)."""

import pytest

from chalicelib.records.record import Record
from chalicelib.store import session
from tests.unit.entities.stage import Studio, cast
from tests.unit.tasks.stage import UNKNOWN, Stage


@pytest.fixture
def elsewhere(stage: Stage) -> Record:
    """Another production, of whose team the stranger is; it has an asset, a sequence and a shot."""
    project = stage.production("Cosmos", team=("stranger",))
    session.current().stamp = None
    stage.entity("Star", "Character", project_id=project.id)
    sequence = stage.entity("SQ99", "Sequence", project_id=project.id)
    stage.entity("SH99", "Shot", project_id=project.id, parent_id=sequence.id)
    return project


def test_assets_are_filtered_by_any_field(api: Studio, stage: Stage) -> None:
    stage.entity("Fox", "Character", is_shared=True)
    stage.entity("Cox", "Character", canceled=True)
    project = {"project_id": stage.project.id}
    assert api.names("/data/assets/all", **project) == ["Cox", "Fox", "Lama"]
    assert api.names("/data/assets", **project, name="fox") == ["Fox"]
    assert api.names("/data/assets", **project, name="_o%") == ["Cox", "Fox"]
    assert api.names("/data/assets", **project, is_shared="true") == ["Fox"]
    assert api.names("/data/assets", **project, canceled="1") == ["Cox"]
    assert api.names("/data/assets", **project, no_such_field="x", page="1") == ["Cox", "Fox", "Lama"]
    assert api.names("/data/assets", id=f'["{stage.lama.id}", "{stage.shot.id}"]') == ["Lama"]


def test_assets_of_an_episode_are_made_for_it_or_cast_in_it(api: Studio, stage: Stage) -> None:
    episode = stage.entity("E01", "Episode")
    stage.entity("Guest", "Character", source_id=episode.id)
    stage.entity("Extra", "Character")
    cast(episode, stage.lama)
    assert api.names("/data/assets", episode_id=episode.id) == ["Guest", "Lama"]
    assert api.names("/data/assets", episode_id=episode.id, name="lama") == ["Lama"]
    assert api.names("/data/assets", project_id=stage.project.id, episode_id="main") == ["Extra", "Lama"]
    assert api.get("/data/assets", {"episode_id": UNKNOWN}).status == 404
    assert api.get(f"/data/projects/{stage.project.id}/assets", {"episode_id": "nope"}).status == 400
    assert api.get("/data/assets", {"page": "x"}).status == 400
    assert api.names("/data/assets", project_id=stage.project.id, page="7") == ["Extra", "Guest", "Lama"]


def test_shots_come_by_name_with_their_sequence(api: Studio, stage: Stage) -> None:
    other = stage.entity("SQ02", "Sequence")
    stage.entity("SH005", "Shot", parent_id=other.id, nb_frames=48)
    rows = api.get("/data/shots", {"project_id": stage.project.id}, user="user").json
    assert [(row["name"], row["sequence_name"], row["project_name"]) for row in rows] == [
        ("SH005", "SQ02", "Caminandes"),
        ("SH010", "SQ01", "Caminandes"),
    ]
    assert api.names("/data/shots/all", sequence_id=other.id) == ["SH005"]
    assert api.names("/data/shots/all", sequence_id=other.id, parent_id=stage.sequence.id) == []
    assert api.names("/data/shots", project_id=stage.project.id, nb_frames="48") == ["SH005"]
    assert api.names(f"/data/sequences/{stage.sequence.id}/shots", name="SH%") == ["SH010"]
    assert api.names(f"/data/projects/{stage.project.id}/shots") == ["SH005", "SH010"]


def test_sequences_and_shots_of_an_episode(api: Studio, stage: Stage) -> None:
    episode = stage.entity("E01", "Episode")
    sequence = stage.entity("SQ10", "Sequence", parent_id=episode.id)
    shot = stage.entity("SH100", "Shot", parent_id=sequence.id)
    cast(shot, stage.lama)
    stage.entity("Cut", "Edit", parent_id=episode.id)
    base = f"/data/episodes/{episode.id}"
    assert api.names(f"{base}/sequences") == api.names("/data/sequences", episode_id=episode.id) == ["SQ10"]
    assert api.names(f"{base}/shots") == ["SH100"]
    assert api.names(f"{base}/edits") == ["Cut"]
    assert api.get(f"{base}/shots", {"relations": "true"}).json[0]["entities_out"] == [stage.lama.id]
    assert api.names("/data/episodes/nope/sequences") == []
    assert api.get(f"/data/episodes/{UNKNOWN}/sequences").status == 404


def test_asset_types_that_are_used(api: Studio, stage: Stage) -> None:
    rows = api.get(f"/data/projects/{stage.project.id}/asset-types", user="client").json
    assert [(row["name"], row["type"]) for row in rows] == [("Character", "AssetType")]
    assert "task_types" not in rows[0]
    of_type = f"/data/projects/{stage.project.id}/asset-types/{stage.kinds['Character'].id}/assets"
    assert api.names(of_type) == ["Lama"]
    assert api.get(of_type.replace(stage.kinds["Character"].id, stage.kinds["Shot"].id)).status == 404


@pytest.mark.parametrize("path", ["/data/shots", "/data/shots/all", "/data/sequences", "/data/episodes"])
def test_without_a_production_only_admins_list(api: Studio, elsewhere: Record, path: str) -> None:
    assert api.get(path, user="manager").status == 403
    assert api.get(path, user="admin").status == 200


def test_admins_list_every_production(api: Studio, elsewhere: Record) -> None:
    assert api.names("/data/shots", user="admin") == ["SH010", "SH99"]
    assert api.names("/data/assets", user="admin") == ["Lama", "Star"]


@pytest.mark.parametrize(
    "path", ["/data/assets", "/data/assets/all", "/data/assets/with-tasks", "/data/entities", "/data/entities?name=%"]
)
def test_lists_of_all_productions_show_the_callers_alone(api: Studio, elsewhere: Record, path: str) -> None:
    assert "Star" not in api.names(path, user="manager")
    assert "Lama" not in api.names(path, user="stranger")
    assert "Star" in api.names(path, user="stranger")


@pytest.mark.parametrize("plural", ["assets", "shots", "sequences", "episodes"])
def test_strangers_list_nothing_of_a_production(api: Studio, stage: Stage, plural: str) -> None:
    project = {"project_id": stage.project.id}
    for path, query in (
        (f"/data/{plural}", project),
        (f"/data/{plural}/with-tasks", project),
        (f"/data/projects/{stage.project.id}/{plural}", {}),
    ):
        assert api.get(path, query, user="stranger").status == 403
        assert api.get(path, query, user=None).status == 401


def test_a_parent_of_another_production_leads_nowhere(api: Studio, stage: Stage, elsewhere: Record) -> None:
    for query in ({"parent_id": stage.sequence.id}, {"id": stage.shot.id}, {"source_id": stage.sequence.id}):
        assert api.names("/data/entities", user="stranger", **query) == []
    assert api.get("/data/shots", {"sequence_id": stage.sequence.id}, user="stranger").status == 403
    mixed = {"project_id": elsewhere.id, "sequence_id": stage.sequence.id}
    assert api.get("/data/shots", mixed, user="stranger").status == 403


@pytest.mark.parametrize(
    "query", [{"parent_id": "nope"}, {"canceled": "perhaps"}, {"project_id": "nope"}, {"id": "[broken"}]
)
@pytest.mark.parametrize("path", ["/data/assets", "/data/shots", "/data/entities"])
def test_what_cannot_be_a_value_is_refused(api: Studio, path: str, query: dict[str, str]) -> None:
    assert api.get(path, query).status == 400


def test_vendors_see_what_they_work_on(api: Studio, stage: Stage) -> None:
    stage.entity("Fox", "Character")
    second = stage.entity("SQ02", "Sequence")
    shot = stage.entity("SH020", "Shot", parent_id=second.id)
    stage.task_on(shot, "Animation", "vendor")
    base = f"/data/projects/{stage.project.id}"
    assert api.names(f"{base}/assets", user="vendor") == ["Lama"]
    assert api.names("/data/assets", user="vendor") == ["Lama"]
    assert api.names(f"{base}/shots", user="vendor") == ["SH020"]
    assert api.names(f"/data/sequences/{stage.sequence.id}/shots", user="vendor") == []
    sequences = api.get(f"{base}/sequences", user="vendor").json
    assert [(row["name"], row["type"]) for row in sequences] == [("SQ02", "Entity")]
    assert api.names("/data/sequences", user="vendor", project_id=stage.project.id) == ["SQ01", "SQ02"]


def test_vendors_see_the_episodes_of_what_they_work_on(api: Studio, stage: Stage) -> None:
    first, second, third = (stage.entity(name, "Episode") for name in ("E01", "E02", "E03"))
    sequence = stage.entity("SQ02", "Sequence", parent_id=first.id)
    stage.task_on(stage.entity("SH020", "Shot", parent_id=sequence.id), "Animation", "vendor")
    stage.task_on(stage.entity("Guest", "Character", source_id=second.id), "Modeling", "vendor")
    assert api.names(f"/data/projects/{stage.project.id}/episodes", user="vendor") == ["E01", "E02"]
    assert api.names(f"/data/projects/{stage.project.id}/episodes") == ["E01", "E02", third["name"]]


def test_generic_pages_come_by_the_latest_change(api: Studio, stage: Stage) -> None:
    page = api.get("/data/entities", {"page": "1", "limit": "2"}).json
    assert [entity["name"] for entity in page["data"]] == ["SH010", "SQ01"]
    assert (page["total"], page["nb_pages"], page["offset"]) == (3, 2, 0)
    cast(stage.shot, stage.lama)
    query = {"relations": "true", "parent_id": stage.sequence.id}
    assert api.get("/data/entities", query).json[0]["entities_out"] == [stage.lama.id]


def test_lists_cost_what_they_read(api: Studio, stage: Stage) -> None:
    base = f"/data/projects/{stage.project.id}"
    api.names(f"{base}/shots")
    api.names("/data/entities")
    for path, calls in (
        (f"{base}/shots", {"BatchGetItem": 1, "Query": 1}),
        (f"{base}/asset-types", {"BatchGetItem": 1, "Query": 1}),
        (f"/data/assets?project_id={stage.project.id}&name=L%", {"BatchGetItem": 1, "Query": 1}),
        (f"/data/shots?project_id={stage.project.id}", {"BatchGetItem": 2, "Query": 1}),
        (f"/data/sequences/{stage.sequence.id}/shots", {"BatchGetItem": 2, "GetItem": 1, "Query": 1}),
        (f"/data/entities?id={stage.lama.id}", {"BatchGetItem": 2}),
    ):
        assert api.get(path, user="manager").status == 200
        assert api.calls == calls, path
