"""The last revision of a task, brought to another one (docs/contract/tasks.md 6.4)."""

from chalicelib.domain.files.revision_copy import copy_last_revision
from chalicelib.media import keys
from tests.unit.files.conftest import Stage, Studio, picture


def test_the_files_of_the_last_revision_are_copied(api: Studio, stage: Stage) -> None:
    api.published("old.png")
    latest = stage.comment_on(stage.modeling)
    api.published("turn.png", comment=latest)
    api.published("page.pdf", b"%PDF", latest)
    target = stage.comment_on(stage.animation)
    first, second = copy_last_revision(stage.modeling, stage.animation, target.id)
    assert [(one["original_name"], one["revision"], one["position"]) for one in (first, second)] == [
        ("turn", 1, 1),
        ("page", 1, 2),
    ]
    assert stage.now(target)["previews"] == [first.id, second.id]
    assert stage.now(stage.animation)["last_preview_file_id"] == first.id
    assert api.fetched(f"/pictures/originals/preview-files/{first.id}.png") == picture()
    assert api.fetched(f"/pictures/originals/preview-files/{second.id}.pdf") == b"%PDF"
    (source, _) = stage.now(latest)["previews"]
    assert not set(keys.of_file(first)) & set(keys.of_file(stage.preview(source)))


def test_without_previews_nothing_happens(api: Studio, stage: Stage) -> None:
    api.slot()
    target = stage.comment_on(stage.animation)
    assert copy_last_revision(stage.modeling, stage.animation, target.id) == []
    assert stage.now(target)["previews"] == []
