"""Previews that go: what lets go of them, and what takes their place (docs/contract/files.md 6.8)."""

from collections.abc import Callable

import pytest

from chalicelib.access.caller import Caller
from chalicelib.domain.files.crud.previews import PreviewFiles
from chalicelib.domain.files.previews import remove_previews
from chalicelib.media import keys
from chalicelib.records.files import PREVIEW_FILE
from chalicelib.records.tasks import COMMENT, NEWS
from chalicelib.store import homes, reads
from chalicelib.store.changes import write
from tests.unit.files.conftest import Stage, Studio, change


def path(stage: Stage, preview_id: str) -> str:
    return f"/actions/tasks/{stage.modeling.id}/comments/{stage.comment.id}/preview-files/{preview_id}"


def test_its_comment_its_news_and_its_files_let_go(
    api: Studio, stage: Stage, stored: Callable[[str], list[str]]
) -> None:
    first, second = api.published(), api.published("b.png")
    assert api.delete(path(stage, second["id"]), user="user").status == 204
    assert reads.find(PREVIEW_FILE, second["id"]) is None
    assert stage.now(stage.comment)["previews"] == [first["id"]]
    (news,) = reads.query(NEWS, homes.of(NEWS, {"task_id": stage.modeling.id}))
    assert news["preview_file_id"] is None
    assert sorted(stored("previews/")) == sorted(keys.of_file(stage.preview(first["id"])))
    assert [one["data"]["preview_file_id"] for one in stage.events("preview-file:delete")] == [second["id"]]


def test_the_task_falls_back_to_the_newest_in_first_position(api: Studio, stage: Stage) -> None:
    first = api.published()
    api.published("second.png")
    later = stage.comment_on(stage.modeling)
    last = api.published(comment=later)
    api.published("page.pdf", b"%PDF", stage.comment_on(stage.modeling))
    change(stage.lama, preview_file_id=last["id"])
    assert stage.now(stage.modeling)["last_preview_file_id"] == last["id"]
    PreviewFiles().delete(Caller(stage.people["manager"]), stage.preview(last["id"]), {})
    assert stage.now(stage.modeling)["last_preview_file_id"] == first["id"]
    assert stage.now(stage.lama)["preview_file_id"] is None


def test_a_production_that_shows_the_last_preview_shows_the_one_left(api: Studio, stage: Stage) -> None:
    change(stage.project, is_set_preview_automated=True)
    first = api.published()
    last = api.published(comment=stage.comment_on(stage.modeling))
    assert stage.now(stage.lama)["preview_file_id"] == last["id"]
    write(lambda changes: remove_previews(changes, [stage.preview(last["id"])]))
    assert stage.now(stage.lama)["preview_file_id"] == first["id"]


def test_without_any_left_there_is_none(api: Studio, stage: Stage) -> None:
    preview = api.published()
    api.delete(path(stage, preview["id"]))
    assert stage.now(stage.modeling)["last_preview_file_id"] is None


def test_the_revision_is_used_again(api: Studio, stage: Stage) -> None:
    api.delete(path(stage, api.published()["id"]))
    assert api.slot(stage.comment_on(stage.modeling))["revision"] == 1


def test_a_comment_takes_its_previews_along(api: Studio, stage: Stage, stored: Callable[[str], list[str]]) -> None:
    ids = [api.published()["id"], api.published("page.pdf", b"%PDF")["id"]]

    def command(changes: object) -> None:
        comment = changes.read(COMMENT, stage.comment.id)  # type: ignore[attr-defined]
        changes.delete(comment)  # type: ignore[attr-defined]
        remove_previews(changes, [stage.preview(one) for one in ids], with_comments=True)  # type: ignore[arg-type]

    write(command)
    assert reads.find(COMMENT, stage.comment.id) is None
    assert [reads.find(PREVIEW_FILE, one) for one in ids] == [None, None]
    assert stored("previews/") == []
    assert stage.now(stage.modeling)["last_preview_file_id"] is None


def test_a_preview_is_only_there_on_its_comment(api: Studio, stage: Stage) -> None:
    other = stage.comment_on(stage.animation)
    preview = api.slot(other)
    assert api.delete(path(stage, preview["id"])).status == 404
    assert stage.now(other)["previews"] == [preview["id"]]


@pytest.mark.parametrize(("who", "status"), [(None, 401), ("stranger", 403), ("supervisor", 204)])
def test_who_may_take_one_off_a_comment(api: Studio, stage: Stage, who: str | None, status: int) -> None:
    assert api.delete(path(stage, api.slot()["id"]), user=who).status == status


def test_what_waits_for_work_goes_too(api: Studio, stage: Stage, stored: Callable[[str], list[str]]) -> None:
    preview = api.published("Shot.mov", b"moov")
    assert len(stored("uploads/")) == 1
    api.delete(path(stage, preview["id"]))
    assert stored("uploads/") == []
