"""Lists of previews (docs/contract/files.md 6.7)."""

import pytest

from chalicelib.domain.files import lists
from tests.unit.files.conftest import UNKNOWN, Stage, Studio, change


def test_rows_of_a_task_come_highest_revision_first(api: Studio, stage: Stage) -> None:
    first, second = api.slot(), api.slot()
    third = api.slot(stage.comment_on(stage.modeling))
    got = api.get(f"/data/tasks/{stage.modeling.id}/previews", user="vendor")
    assert [row["id"] for row in got.json] == [third["id"], first["id"], second["id"]]
    assert api.get(f"/data/tasks/{stage.animation.id}/previews", user="vendor").status == 403


def test_short_forms_of_an_entity(api: Studio, stage: Stage) -> None:
    extra = stage.task(stage.lama, stage.animation_type)
    on_modeling = api.slot()
    on_animation = api.slot(stage.comment_on(extra), user="manager")
    got = api.get(f"/data/entities/{stage.lama.id}/preview-files", user="user").json
    assert [row["id"] for row in got] == [on_animation["id"], on_modeling["id"]]
    assert got[0].keys() == set(lists._SHORT)


def test_players_get_one_entry_a_revision(api: Studio, stage: Stage) -> None:
    comment = stage.comment_on(stage.animation)
    first, second = api.slot(comment), api.slot(comment)
    third = api.slot(stage.comment_on(stage.animation))
    for path in (f"/data/shots/{stage.shot.id}", f"/data/playlists/entities/{stage.shot.id}"):
        got = api.get(f"{path}/preview-files", user="user").json
        files = got[stage.animation_type.id]
        assert [(one["id"], one["revision"]) for one in files] == [(third["id"], 2), (first["id"], 1)]
        assert files[0]["previews"] == []
        (other,) = files[1]["previews"]
        assert (other["id"], other["position"], other["task_type_id"]) == (second["id"], 2, stage.animation_type.id)
        assert "previews" not in other
        assert "position" not in files[0]


def test_an_entity_without_previews_has_none(api: Studio, stage: Stage) -> None:
    assert api.get(f"/data/shots/{stage.shot.id}/preview-files").json == {}
    assert api.get(f"/data/entities/{stage.shot.id}/preview-files").json == []


@pytest.mark.parametrize("kind", ["shots", "edits", "concepts"])
def test_routes_of_a_kind_know_that_kind_alone(api: Studio, stage: Stage, kind: str) -> None:
    for entity_id in (stage.lama.id, UNKNOWN, "nothing"):
        assert api.get(f"/data/{kind}/{entity_id}/preview-files").status == 404


@pytest.mark.parametrize(("who", "status"), [("client", 200), ("vendor", 403), ("stranger", 403), (None, 401)])
def test_who_sees_the_previews_of_an_entity(api: Studio, stage: Stage, who: str | None, status: int) -> None:
    for path in ("/data/shots", "/data/playlists/entities", "/data/entities"):
        assert api.get(f"{path}/{stage.shot.id}/preview-files", user=who).status == status


def test_previews_of_a_production_come_in_pages(api: Studio, stage: Stage) -> None:
    ids = [api.slot()["id"] for _ in range(3)]
    path = f"/data/projects/{stage.project.id}/preview-files"
    assert [row["id"] for row in api.get(path).json] == ids[::-1]
    page = api.get(path, {"page": 1, "limit": 2})
    assert ([row["id"] for row in page["data"]], page["total"], page["nb_pages"]) == ([ids[2], ids[1]], 3, 2)
    beyond = api.get(path, {"page": 7})
    assert (beyond["data"], beyond["total"], beyond["offset"]) == ([], 0, 600)
    assert api.get(path, user="manager").status == 403
    assert api.get(f"/data/projects/{UNKNOWN}/preview-files").status == 404


def test_what_is_not_ready_is_listed_with_the_reason(api: Studio, stage: Stage) -> None:
    api.published()
    waiting, broken = api.slot(stage.comment_on(stage.animation)), api.slot()
    api.send(broken, "text.png", b"no picture")
    got = api.get("/data/playlists/preview-files/running").json
    assert [row["id"] for row in got] == [broken["id"], waiting["id"]]
    assert got[0]["failure"].startswith("The file is not a whole")
    assert got[0]["full_entity_name"] == "Character / Lama"
    assert got[1]["full_entity_name"] == "SQ01 / SH010"
    assert (got[1]["project_id"], got[1]["task_type_id"]) == (stage.project.id, stage.animation_type.id)
    assert api.get("/data/playlists/preview-files/running", user="manager").status == 403


def test_closed_productions_are_not_waited_for(api: Studio, stage: Stage) -> None:
    api.slot()
    change(stage.project, project_status_id=None)
    assert api.get("/data/playlists/preview-files/running").json == []
