"""Rows of previews on comments: revisions, positions, order (docs/contract/files.md 6.2, 6.5)."""

import threading

import pytest

from chalicelib.records.files import PREVIEW_FILE
from chalicelib.records.tasks import NEWS
from chalicelib.store import homes, reads, session
from tests.unit.files.conftest import UNKNOWN, Stage, Studio


def place(row: dict[str, int]) -> tuple[int, int]:
    return row["revision"], row["position"]


def test_a_new_row_waits_for_its_file(api: Studio, stage: Stage) -> None:
    row = api.slot()
    assert (row["status"], row["extension"], row["source"]) == ("processing", "mp4", "webgui")
    assert row["original_name"] is None
    assert row["person_id"] == stage.people["user"].id
    assert stage.now(stage.comment)["previews"] == [row["id"]]
    assert stage.preview(row["id"])["comments"] == [stage.comment.id]


def test_files_of_a_comment_share_its_revision(api: Studio, stage: Stage) -> None:
    second = stage.comment_on(stage.modeling)
    assert [place(api.slot()), place(api.slot()), place(api.slot(second)), place(api.slot())] == [
        (1, 1),
        (1, 2),
        (2, 1),
        (1, 3),
    ]


def test_a_revision_may_be_named(api: Studio, stage: Stage) -> None:
    second = stage.comment_on(stage.modeling)
    assert place(api.slot(revision=5)) == (5, 1)
    assert place(api.slot(second, revision=5)) == (5, 2)
    assert place(api.slot(stage.comment_on(stage.modeling), revision=0)) == (6, 1)


@pytest.mark.parametrize("revision", ["last", -1, 1.5])
def test_a_revision_is_a_whole_number(api: Studio, stage: Stage, revision: object) -> None:
    path = f"/actions/tasks/{stage.modeling.id}/comments/{stage.comment.id}/add-preview"
    assert api.post(path, {"revision": revision}).status == 400


def test_an_extra_preview_takes_the_revision_of_another(api: Studio, stage: Stage) -> None:
    first = api.slot(revision=3)
    path = f"/actions/tasks/{stage.modeling.id}/comments/{stage.comment.id}/preview-files"
    assert place(api.post(f"{path}/{first['id']}", {}, user="user").json) == (3, 2)
    # The interface sends no body at all.
    assert place(api.post(f"{path}/{first['id']}", user="user").json) == (3, 3)
    assert api.post(f"{path}/{UNKNOWN}", {}, user="user").status == 404


def test_the_news_of_the_comment_show_it(api: Studio, stage: Stage) -> None:
    row = api.slot()
    (news,) = reads.query(
        NEWS, homes.of(NEWS, {"task_id": stage.modeling.id}), "task_id", ("^", f"{stage.modeling.id}#")
    )
    assert news["preview_file_id"] == row["id"]


def test_unknown_tasks_and_comments_are_not_found(api: Studio, stage: Stage) -> None:
    assert api.post(f"/actions/tasks/{UNKNOWN}/comments/{stage.comment.id}/add-preview", {}).status == 404
    assert api.post(f"/actions/tasks/{stage.modeling.id}/comments/{UNKNOWN}/add-preview", {}).status == 404


def test_a_right_on_one_task_opens_no_comment_of_another(api: Studio, stage: Stage) -> None:
    elsewhere = stage.comment_on(stage.animation)
    path = f"/actions/tasks/{stage.modeling.id}/comments/{elsewhere.id}/add-preview"
    assert api.post(path, {}, user="vendor").status == 403
    assert api.post(path, {}, user="user").status == 201


@pytest.mark.parametrize(("who", "status"), [(None, 401), ("stranger", 403), ("vendor", 403), ("client", 201)])
def test_who_may_add(api: Studio, stage: Stage, who: str | None, status: int) -> None:
    comment = stage.comment_on(stage.animation)
    path = f"/actions/tasks/{stage.animation.id}/comments/{comment.id}/add-preview"
    assert api.post(path, {}, user=who).status == status


def test_previews_added_at_once_get_places_of_their_own(api: Studio, stage: Stage) -> None:
    comments = [stage.comment_on(stage.modeling) for _ in range(4)]
    rows = []

    def add(comment: object) -> None:
        with session.opened():
            rows.append(api.slot(comment))  # type: ignore[arg-type]

    threads = [threading.Thread(target=add, args=(comment,)) for comment in comments]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(place(row) for row in rows) == [(1, 1), (2, 1), (3, 1), (4, 1)]


def test_adding_is_told(api: Studio, stage: Stage) -> None:
    row = api.slot()
    (told,) = stage.events("preview-file:new")
    wanted = {"preview_file_id": row["id"], "comment_id": stage.comment.id, "project_id": stage.project.id}
    assert told["data"] == wanted
    assert [one["data"]["comment_id"] for one in stage.events("comment:update")] == [stage.comment.id]


def test_a_move_renumbers_the_revision(api: Studio, stage: Stage) -> None:
    ids = [api.slot()["id"] for _ in range(3)]
    other = api.slot(stage.comment_on(stage.modeling))

    def moved(position: object) -> list[str]:
        got = api.put(f"/actions/preview-files/{ids[2]}/update-position", {"position": position}, user="client")
        assert [row["position"] for row in got.json] == [1, 2, 3]
        return [row["id"] for row in got.json]

    assert moved(1) == [ids[2], ids[0], ids[1]]
    assert moved(2) == [ids[0], ids[2], ids[1]]
    for out in (0, 4, -1, None):
        assert moved(out) == [ids[0], ids[2], ids[1]]
    assert stage.preview(other["id"])["position"] == 1


def test_a_position_is_a_number_and_a_right(api: Studio, stage: Stage) -> None:
    path = f"/actions/preview-files/{api.slot()['id']}/update-position"
    assert api.put(path, {"position": "first"}, user="user").status == 400
    assert api.put(path, {"position": 1}, user="stranger").status == 403
    assert api.put(f"/actions/preview-files/{UNKNOWN}/update-position", {"position": 1}).status == 404


def test_the_main_preview_is_chosen(api: Studio, stage: Stage) -> None:
    preview = api.published()
    got = api.put(f"/actions/preview-files/{preview['id']}/set-main-preview", {}, user="user")
    assert (got.status, got["id"], got["preview_file_id"]) == (200, stage.lama.id, preview["id"])
    assert [one["data"]["asset_id"] for one in stage.events("asset:update")] == [stage.lama.id]


def test_only_movies_have_frames_to_choose(api: Studio) -> None:
    path = f"/actions/preview-files/{api.published()['id']}/set-main-preview"
    assert api.put(path, {"frame_number": 3}, user="user").status == 400
    assert api.put(path, {"frame_number": "x"}, user="user").status == 400
    assert api.put(path, {}, user="stranger").status == 403


def test_the_main_preview_of_a_task_is_the_oldest_of_its_highest_revision(api: Studio, stage: Stage) -> None:
    path = f"/actions/tasks/{stage.modeling.id}/set-main-preview"
    assert api.put(path, {}, user="user").status == 400
    api.slot()
    second = stage.comment_on(stage.modeling)
    wanted = api.slot(second)
    api.slot(second)
    assert api.put(path, {}, user="user")["preview_file_id"] == wanted["id"]
    # The interface sends no body at all.
    assert api.put(path, user="user")["preview_file_id"] == wanted["id"]
    assert len(reads.query(PREVIEW_FILE, homes.of(PREVIEW_FILE, wanted))) == 3
