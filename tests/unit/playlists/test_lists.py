"""Lists of playlists: whose they are, how they sort, what they cost (docs/contract/files.md section 9)."""

from typing import Any

import pytest

from chalicelib.records.files import BUILD_JOB, PLAYLIST
from chalicelib.records.record import Record
from infra.bench.bulk import store
from tests.unit.files.conftest import UNKNOWN, Stage, Studio, change, create


def path(stage: Stage, rest: str = "") -> str:
    return f"/data/projects/{stage.project.id}/playlists{rest}"


def playlist(stage: Stage, name: str, **values: Any) -> Record:
    return create(PLAYLIST, name=name, project_id=stage.project.id, **values)


def names(api: Studio, path: str, user: str = "user", **params: Any) -> list[str]:
    got = api.get(path, params, user=user)
    assert got.status == 200, got.content
    return [row["name"] for row in got.json]


def test_the_last_changed_comes_first_unless_told(api: Studio, stage: Stage) -> None:
    first = playlist(stage, "b", task_type_id=stage.modeling_type.id)
    playlist(stage, "C", for_client=True)
    playlist(stage, "a", is_for_all=True)
    assert names(api, path(stage)) == ["a", "C", "b"]
    change(first, for_entity=None)
    assert names(api, path(stage), sort_by="nothing") == ["b", "a", "C"]
    assert names(api, path(stage), sort_by="created_at") == ["a", "C", "b"]
    assert names(api, path(stage), sort_by="name") == ["a", "b", "C"]
    assert names(api, path(stage), sort_by="shots") == ["b", "a", "C"]
    # What has none comes last.
    assert names(api, path(stage), sort_by="task_type_id")[0] == "b"
    assert names(api, path(stage), task_type_id=stage.modeling_type.id) == ["b"]


def test_a_row_names_its_first_preview_and_no_entries(api: Studio, stage: Stage) -> None:
    preview = api.published()["id"]
    playlist(stage, "Dailies", shots=[{"entity_id": stage.lama.id, "preview_file_id": preview}], for_entity=None)
    playlist(stage, "Bare")
    bare, dailies = api.get(path(stage), user="user").json
    assert dailies["first_preview_file_id"] == preview
    assert (dailies["for_entity"], dailies["type"]) == ("shot", "Playlist")
    assert len(dailies["created_at"]) == 19
    assert not {"shots", "first_preview_file_id", "build_jobs"} & bare.keys()


def test_a_page_holds_twenty(api: Studio, stage: Stage) -> None:
    for number in range(22):
        playlist(stage, f"{number:02}")
    assert names(api, path(stage), sort_by="name", page=1) == [f"{number:02}" for number in range(20)]
    assert names(api, path(stage), sort_by="name", page=2) == ["20", "21"]
    assert names(api, path(stage), page=3) == []
    assert len(names(api, path(stage))) == 22
    assert api.get(path(stage), {"page": "two"}).status == 400


def test_those_of_an_episode(api: Studio, stage: Stage) -> None:
    stage.types["Episode"] = create(stage.types["Shot"].kind, name="Episode")
    episode = stage.entity("E01", "Episode")
    playlist(stage, "of the episode", episode_id=episode.id)
    playlist(stage, "for all", is_for_all=True)
    playlist(stage, "main")
    wanted = {episode.id: ["of the episode"], "main": ["main"], "all": ["for all"]}
    for episode_id, found in wanted.items():
        assert names(api, f"/data/projects/{stage.project.id}/episodes/{episode_id}/playlists") == found
    for unknown in (UNKNOWN, "nothing", stage.shot.id):
        assert api.get(f"/data/projects/{stage.project.id}/episodes/{unknown}/playlists").status == 404


def test_clients_find_what_is_for_them(api: Studio, stage: Stage) -> None:
    playlist(stage, "Dailies")
    shown = playlist(stage, "Review", for_client=True)
    assert names(api, path(stage), "client") == ["Review"]
    assert names(api, f"/data/projects/{stage.project.id}/episodes/main/playlists", "client") == ["Review"]
    assert api.get(path(stage, f"/{shown.id}"), user="client").status == 200


@pytest.mark.parametrize(("who", "status"), [("vendor", 403), ("stranger", 403), (None, 401), ("supervisor", 200)])
def test_who_lists(api: Studio, stage: Stage, who: str | None, status: int) -> None:
    made = playlist(stage, "Dailies")
    for rest in ("", f"/{made.id}"):
        assert api.get(path(stage, rest), user=who).status == status
    assert api.get(f"/data/projects/{UNKNOWN}/playlists", user="admin").status == 404


def test_administrators_list_everything_in_pages(api: Studio, stage: Stage) -> None:
    made = playlist(stage, "Dailies", shots=[])
    job = create(BUILD_JOB, playlist_id=made.id)
    playlist(stage, "Later")
    later, dailies = api.get(path(stage, "/all")).json
    assert (later["build_jobs"], dailies["build_jobs"], dailies["shots"]) == ([], [job.id], [])
    page = api.get(path(stage, "/all"), {"page": 1, "limit": 1}).json
    assert (page["total"], [row["name"] for row in page["data"]]) == (2, ["Later"])
    assert api.get(path(stage, "/all"), user="manager").status == 403


@pytest.mark.parametrize("count", [2, 60])
def test_a_list_is_one_read_of_what_changed(api: Studio, stage: Stage, count: int) -> None:
    home = playlist(stage, "first").home
    assert home is not None
    store(PLAYLIST, home, ({"name": str(number), "project_id": stage.project.id} for number in range(count)))
    for _ in range(2):
        assert len(names(api, path(stage))) == count + 1
    assert api.cost == 2
