"""Searching assets, shots and people (docs/contract/interchange.md section 6)."""

from typing import Any

import pytest

from chalicelib.domain.search import indexes
from chalicelib.records.files import PREVIEW_FILE
from chalicelib.records.production import METADATA_DESCRIPTOR, PROJECT_STATUS
from chalicelib.records.record import Record
from chalicelib.store.changes import write
from tests.unit.search.conftest import Studio
from tests.unit.tasks.stage import UNKNOWN, Stage, change, create, now


def test_what_is_found_is_shown_with_where_it_is(api: Studio, stage: Stage) -> None:
    preview = create(PREVIEW_FILE, name="take", task_id=stage.task.id, extension="mp4")
    change(stage.lama, preview_file_id=preview.id, description="A lama", data={"look": "lama"})
    found = api.search("lama")
    assert list(found) == ["persons", "assets", "shots"]
    (asset,) = found["assets"]
    assert asset["matched_terms"] == ["name", "description", "look"]
    told = ("id", "type", "project_name", "asset_type_name", "preview_file_extension")
    assert [asset[name] for name in told] == [stage.lama.id, "Asset", "Caminandes", "Character", "mp4"]
    (shot,) = api.search("sq01 sh010")["shots"]
    told = ("id", "type", "project_name", "sequence_name", "preview_file_extension")
    assert [shot[name] for name in told] == [stage.shot.id, "Shot", "Caminandes", "SQ01", None]
    assert "episode_id" not in shot


def test_a_shot_of_a_show_tells_its_episode(api: Studio, stage: Stage) -> None:
    stage.set(production_type="tvshow")
    assert api.search("sh010")["shots"][0]["episode_id"] is None
    episode = stage.entity("E01", "Episode")
    change(stage.sequence, parent_id=episode.id)
    (shot,) = api.search("e01")["shots"]
    assert (shot["episode"], shot["episode_id"], shot["matched_terms"]) == ("E01", episode.id, ["name"])


def test_people_are_shown_as_the_caller_may_see_them(api: Studio, stage: Stage) -> None:
    stage.person("zoe", role="user", last_name="Zwölf")
    stage.person("gone", role="user", last_name="Zwölf", active=False)
    stage.person("farm", role="user", last_name="Zwölf", is_bot=True)
    (in_full,) = api.search("ZWOLF", user="manager")["persons"]
    assert (in_full["full_name"], in_full["email"], in_full["matched_terms"]) == (
        "Zoe Zwölf",
        "zoe@example.com",
        ["name"],
    )
    assert "password" not in in_full
    (card,) = api.search("zwölf", user="user")["persons"]
    assert "email" not in card


def test_every_change_is_found_at_once(api: Studio, stage: Stage) -> None:
    assert api.names("fence") == {}
    fence = stage.entity("Fence", "Character")
    assert api.names("fence") == {"assets": ["Fence"]}
    change(fence, name="Gate")
    assert (api.names("fence"), api.names("gate")) == ({}, {"assets": ["Gate"]})
    change(stage.kinds["Character"], name="Creature")
    assert api.names("creature gate") == {"assets": ["Gate", "Lama"]}
    change(stage.sequence, name="Opening")
    assert api.names("opening") == {"shots": ["SH010"]}
    episode = stage.entity("Pilot", "Episode")
    change(stage.sequence, parent_id=episode.id)
    assert api.names("pilot opening") == {"shots": ["SH010"]}
    change(stage.shot, parent_id=stage.entity("Ending", "Sequence").id)
    assert (api.names("ending"), api.names("pilot")) == ({"shots": ["SH010"]}, {})
    change(fence, canceled=True)
    assert api.names("gate") == {}
    change(fence, canceled=False)
    write(lambda changes: changes.delete(now(fence)))
    assert api.names("gate") == {}


def test_only_open_productions_of_the_caller_are_searched(api: Studio, stage: Stage) -> None:
    elsewhere = stage.production("Elsewhere")
    stage.entity("Lama of others", "Character", project_id=elsewhere.id)
    assert api.names("lama", user="manager") == {"assets": ["Lama"]}
    assert api.names("lama", user="stranger") == {}
    assert api.names("lama", user="admin") == {"assets": ["Lama", "Lama of others"]}
    assert api.names("lama", user="admin", project_id=elsewhere.id) == {"assets": ["Lama of others"]}
    for project_id in (elsewhere.id, UNKNOWN, "no id"):
        assert api.names("lama", user="manager", project_id=project_id) == {}
    closed = create(PROJECT_STATUS, name="Closed", color="#000000")
    stage.set(project_status_id=closed.id)
    assert api.names("lama", user="admin", project_id=stage.project.id) == {}


def test_vendors_find_what_they_work_on_by_what_they_are_shown_of_it(api: Studio, stage: Stage) -> None:
    stage.entity("Lamb", "Character")
    values = {"project_id": stage.project.id, "entity_type": "Asset", "data_type": "string", "choices": []}
    department = stage.departments["Animation"].id
    create(METADATA_DESCRIPTOR, name="Cost", field_name="cost", departments=[department], **values)
    change(stage.lama, data={"cost": "golden", "look": "woolly"})
    assert api.names("lam", user="user") == {"assets": ["Lama", "Lamb"]}
    assert api.names("lam", user="vendor") == {"assets": ["Lama"]}
    assert api.names("golden", user="user") == {"assets": ["Lama"]}
    assert api.names("golden", user="vendor") == {}
    (lama,) = api.search("woolly", user="vendor")["assets"]
    assert lama["data"] == {"look": "woolly"}
    assert api.names("sh010", user="vendor") == {}


def test_pages_follow_each_other(api: Studio, stage: Stage) -> None:
    for number in range(7):
        stage.entity(f"Rock {number}", "Character")
    assert api.names("rock") == {"assets": ["Rock 0", "Rock 1", "Rock 2"]}
    assert api.names("rock", limit=2, offset=5) == {"assets": ["Rock 5", "Rock 6"]}
    assert api.names("rock", limit=0) == api.names("rock", offset=10**9) == {}
    assert len(api.names("rock", limit=10**9)["assets"]) == 7


def test_only_the_named_indexes_are_searched(api: Studio, stage: Stage) -> None:
    assert list(api.search("lama", index_names=["shots", "assets", "playlists"])) == ["assets", "shots"]
    assert api.search("lama", index_names=[]) == api.search("lama", index_names=["playlists"]) == {}
    assert list(api.search("lama", index_names=None)) == ["persons", "assets", "shots"]


@pytest.mark.parametrize("query", ["", "la", "  l  ", " é "])
def test_short_texts_find_nothing(api: Studio, query: str) -> None:
    assert api.search(query) == {}


def test_signs_alone_find_nothing(api: Studio) -> None:
    assert api.search("---- ///") == {"persons": [], "assets": [], "shots": []}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "query"),
        ({"query": None}, "query"),
        ({"query": 5}, "query"),
        ({"query": "lama", "limit": "many"}, "limit"),
        ({"query": "lama", "limit": -1}, "limit"),
        ({"query": "lama", "offset": -1}, "offset"),
        ({"query": "lama", "offset": 1.5}, "offset"),
        ({"query": "lama", "index_names": "assets"}, "index_names"),
        ({"query": "lama", "project_id": 5}, "project_id"),
    ],
)
def test_what_is_wrong_is_told(api: Studio, body: dict[str, Any], field: str) -> None:
    reply = api.post("/data/search", body, user="user")
    assert (reply.status, field in str(reply.json)) == (400, True)


def test_nobody_searches_without_signing_in(api: Studio) -> None:
    assert api.post("/data/search", {"query": "lama"}, user=None).status == 401


def test_a_search_costs_a_query_a_production(api: Studio, stage: Stage) -> None:
    elsewhere = stage.production("Elsewhere", team=("manager",))
    for number in range(20):
        stage.entity(f"Lama {number}", "Character", project_id=elsewhere.id)
    for _ in range(2):
        api.search("lama")
    assert api.calls == {"BatchGetItem": 1, "Query": 2}
    for _ in range(2):
        api.search("lama", user="vendor")
    assert api.calls == {"BatchGetItem": 1, "Query": 2}, "the production, and what is assigned"
    api.search("manager", index_names=["persons"])
    assert api.calls == {"BatchGetItem": 1}


def test_what_is_the_same_is_not_prepared_again(api: Studio, stage: Stage) -> None:
    def prepared_documents() -> dict[str, object]:
        records = {one.id: one for one in (stage.lama, lamb, stage.shot, stage.sequence)}
        made = indexes.of_production(stage.project.id, records)
        return {one.record["name"]: one for index in made for one in index.documents}

    lamb: Record = stage.entity("Lamb", "Character")
    before = prepared_documents()
    lamb = change(lamb, name="Ewe")
    after = prepared_documents()
    assert after["Lama"] is before["Lama"]
    assert after["SH010"] is before["SH010"]
    assert list(after) == ["Ewe", "Lama", "SH010"]
