"""One playlist in full, and playlists for a moment (docs/contract/files.md section 9)."""

from typing import Any

import pytest

from chalicelib.domain.files import lists
from chalicelib.domain.playlists import entries
from chalicelib.records.files import BUILD_JOB, PLAYLIST, PREVIEW_FILE
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record
from tests.unit.files.conftest import UNKNOWN, Stage, Studio, change, create


def preview(task: Record, revision: int = 1, position: int = 1, **values: Any) -> Record:
    name = f"{revision}-{position}"
    ready = {"status": "ready", "revision": revision, "position": position, "extension": "png"}
    return create(PREVIEW_FILE, name=name, task_id=task.id, **{**ready, **values})


def playlist(stage: Stage, *shown: tuple[Record, str | None]) -> Record:
    shots = [{"entity_id": entity.id, "preview_file_id": preview_id} for entity, preview_id in shown]
    return create(PLAYLIST, name="Dailies", project_id=stage.project.id, shots=shots)


def full(api: Studio, made: Record, user: str = "user") -> Any:
    got = api.get(f"/data/projects/{made['project_id']}/playlists/{made.id}", user=user)
    assert got.status == 200, got.content
    return got.json


def test_an_entry_holds_all_revisions_by_task_type(api: Studio, stage: Stage) -> None:
    change(stage.animation_type, priority=2)
    layout = stage.task(stage.shot, stage.modeling_type)
    chosen = preview(stage.animation, 1, width=320, height=180, duration=1.5)
    beside = preview(stage.animation, 1, 2)
    later = preview(stage.animation, 2)
    board = preview(layout, status="processing")
    (entry,) = full(api, playlist(stage, (stage.shot, chosen.id)))["shots"]
    assert (entry["id"], entry["entity_id"]) == (stage.shot.id, stage.shot.id)
    # The type of the higher priority comes first.
    assert list(entry["preview_files"]) == [stage.animation_type.id, stage.modeling_type.id]
    second, first = entry["preview_files"][stage.animation_type.id]
    assert (second["id"], second["previews"]) == (later.id, [])
    assert [one["id"] for one in first["previews"]] == [beside.id]
    assert not {"original_name", "position", "task_type_id", "previews"} & first["previews"][0].keys()
    (other,) = entry["preview_files"][stage.modeling_type.id]
    assert (other["id"], other["status"]) == (board.id, "Processing")
    told = {name: value for name, value in entry.items() if name.startswith("preview_file_")}
    assert told == {
        "preview_file_id": chosen.id,
        "preview_file_extension": "png",
        "preview_file_revision": 1,
        "preview_file_width": 320,
        "preview_file_height": 180,
        "preview_file_duration": 1.5,
        "preview_file_status": "Ready",
        "preview_file_annotations": None,
        "preview_file_task_id": stage.animation.id,
        "preview_file_previews": first["previews"],
    }


def test_the_first_of_a_revision_is_that_of_the_first_position(api: Studio, stage: Stage) -> None:
    older = preview(stage.animation, 1, 2)
    moved = preview(stage.animation, 1, 1)
    (entry,) = full(api, playlist(stage, (stage.shot, moved.id)))["shots"]
    assert (entry["preview_file_id"], entry["preview_file_previews"][0]["id"]) == (moved.id, older.id)


def test_an_entry_may_show_another_file_of_a_revision(api: Studio, stage: Stage) -> None:
    preview(stage.animation, 1, 1)
    beside = preview(stage.animation, 1, 2)
    (entry,) = full(api, playlist(stage, (stage.shot, beside.id)))["shots"]
    assert (entry["preview_file_id"], entry["preview_file_previews"]) == (beside.id, [])


def test_a_preview_that_is_not_there_is_left_out(api: Studio, stage: Stage) -> None:
    lost, bare = full(api, playlist(stage, (stage.shot, UNKNOWN), (stage.lama, None)))["shots"]
    assert lost == {"entity_id": stage.shot.id, "id": stage.shot.id, "preview_files": []}
    assert bare["preview_files"] == []


def test_an_entry_outlives_its_preview(api: Studio, stage: Stage) -> None:
    gone, kept = preview(stage.animation, 1), preview(stage.animation, 2)
    made = playlist(stage, (stage.shot, gone.id), (stage.shot, kept.id))
    assert api.delete(f"/data/preview-files/{gone.id}", {"force": "true"}, user="manager").status == 204
    first, second = full(api, made)["shots"]
    assert ("preview_file_id" in first, second["preview_file_id"]) == (False, kept.id)
    (entry,) = first["preview_files"][stage.animation_type.id]
    assert entry["id"] == kept.id


def test_what_an_import_left_is_no_entry(api: Studio, stage: Stage) -> None:
    made = create(PLAYLIST, name="Odd", project_id=stage.project.id, shots=[None, "SH010", {"entity_id": None}])
    assert [one["entity_id"] for one in full(api, made)["shots"]] == [None]
    assert full(api, change(made, shots=None))["shots"] == []


def test_builds_come_newest_first(api: Studio, stage: Stage) -> None:
    made = playlist(stage)
    first, second = (create(BUILD_JOB, playlist_id=made.id) for _ in range(2))
    told = full(api, made)["build_jobs"]
    assert [one["id"] for one in told] == [second.id, first.id]
    assert told[0].keys() == {"id", "status", "created_at"}


def test_a_playlist_is_read_in_its_production_alone(api: Studio, stage: Stage) -> None:
    made = playlist(stage)
    other = create(PROJECT, name="Other", team=[stage.people["user"].id])
    for wrong in (f"{other.id}/playlists/{made.id}", f"{stage.project.id}/playlists/{UNKNOWN}"):
        assert api.get(f"/data/projects/{wrong}", user="user").status == 404
    assert api.get(f"/data/projects/{stage.project.id}/playlists/{made.id}", user="client").status == 403


def test_the_cost_grows_with_the_tasks_that_are_shown(api: Studio, stage: Stage) -> None:
    made = playlist(stage, (stage.shot, preview(stage.animation).id), (stage.lama, preview(stage.modeling).id))
    for _ in range(2):
        full(api, made)
    # Identity, the playlist, its builds, the tasks of two entities, the previews of two tasks.
    assert api.cost == 7


def test_of_many_entities_the_tasks_are_one_read(api: Studio, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "_FEW_ENTITIES", 1)
    chosen = preview(stage.animation)
    made = playlist(stage, (stage.shot, chosen.id), (stage.lama, preview(stage.modeling).id))
    for _ in range(2):
        assert full(api, made)["shots"][0]["preview_file_id"] == chosen.id
    assert api.cost == 6


# -- for a moment ------------------------------------------------------------------------------------------------------
def temporary(api: Studio, stage: Stage, *tasks: Record, user: str = "user", query: str = "") -> Any:
    body = {"task_ids": [task.id for task in tasks]}
    got = api.post(f"/data/projects/{stage.project.id}/playlists/temp{query}", body, user=user)
    assert got.status == 200, got.content
    return got.json


def test_tasks_become_entries_with_the_latest_of_their_type(api: Studio, stage: Stage) -> None:
    preview(stage.animation, 1)
    latest = preview(stage.animation, 2, original_name="turn")
    layout = stage.task(stage.shot, stage.modeling_type)
    shot, same, asset = temporary(api, stage, stage.animation, layout, stage.modeling)
    assert (shot["id"], shot["name"], shot["parent_name"]) == (stage.shot.id, "SH010", "SQ01")
    assert (shot["sequence_id"], shot["sequence_name"]) == (stage.sequence.id, "SQ01")
    assert (shot["preview_file_id"], shot["preview_file_status"]) == (latest.id, "ready")
    assert shot["preview_files"][stage.animation_type.id][0]["original_name"] == "turn"
    assert (same["preview_file_task_id"], "preview_file_id" in same) == (layout.id, False)
    assert (asset["asset_type_name"], asset["parent_name"], asset["preview_files"]) == ("Character", "Character", {})


def test_each_kind_tells_what_it_is_in(api: Studio, stage: Stage) -> None:
    for name in ("Episode", "Edit", "Concept"):
        stage.types[name] = create(stage.types["Shot"].kind, name=name)
    episode = stage.entity("E01", "Episode")
    inside = stage.entity("SQ02", "Sequence", parent_id=episode.id)
    edit, concept = stage.entity("Trailer", "Edit"), stage.entity("Mood", "Concept")
    made = [stage.task(one, stage.modeling_type) for one in (inside, stage.sequence, episode, edit, concept)]
    told = [
        {name: value for name, value in one.items() if name.endswith(("_name", "episode_id", "sequence_id"))}
        for one in temporary(api, stage, *made)
    ]
    assert told[0] == {"parent_name": "E01", "episode_id": episode.id, "episode_name": "E01"}
    assert told[1:] == 4 * [{"parent_name": "", "sequence_id": "", "sequence_name": ""}]


def test_entries_are_sorted_where_an_order_holds_them(api: Studio, stage: Stage) -> None:
    first = stage.entity("SH005", "Shot", parent_id=stage.sequence.id)
    earlier = stage.task(first, stage.animation_type)
    asked = (stage.animation, earlier)
    assert [one["name"] for one in temporary(api, stage, *asked)] == ["SH010", "SH005"]
    assert [one["name"] for one in temporary(api, stage, *asked, query="?sort=true")] == ["SH005", "SH010"]
    mixed = temporary(api, stage, stage.animation, stage.modeling, earlier, query="?sort=true")
    assert [one["name"] for one in mixed] == ["SH010", "Lama", "SH005"]


def test_tasks_are_of_the_production_and_of_a_vendor(api: Studio, stage: Stage) -> None:
    path = f"/data/projects/{stage.project.id}/playlists/temp"
    other = create(PROJECT, name="Other")
    elsewhere = create(stage.animation.kind, name="main", project_id=other.id)
    for unknown in (UNKNOWN, "nothing", elsewhere.id):
        assert api.post(path, {"task_ids": [unknown]}, user="user").status == 404
    assert api.post(path, {}, user="user").json == []
    assert api.post(path, {"task_ids": "all"}, user="user").status == 400
    assert [one["name"] for one in temporary(api, stage, stage.modeling, user="vendor")] == ["Lama"]
    assert api.post(path, {"task_ids": [stage.animation.id]}, user="vendor").status == 403
    assert api.post(path, {}, user="stranger").status == 403


def test_the_previews_of_many_tasks_are_one_query(api: Studio, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    shots = [stage.entity(f"SH{number}", "Shot", parent_id=stage.sequence.id) for number in range(14)]
    tasks = [stage.task(shot, kind) for shot in shots for kind in (stage.animation_type, stage.modeling_type)]
    shown = [preview(task, revision) for task in tasks for revision in (1, 2)][::4]
    made = playlist(stage, *zip(shots, (one.id for one in shown), strict=True))
    plainly = full(api, made)
    monkeypatch.setattr(lists, "FEW_TASKS", 20)
    assert full(api, made) == plainly
    full(api, made)
    # Identity, the playlist; its builds, what changed among tasks and previews.
    assert api.cost == 5
