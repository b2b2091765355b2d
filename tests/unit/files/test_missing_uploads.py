"""A preview whose file never comes does not stay in work for ever."""

import pytest

from chalicelib.domain.files import missing_uploads, processing
from chalicelib.media import keys
from chalicelib.records import clock
from chalicelib.records.files import PREVIEW_FILE
from chalicelib.records.production import API_EVENT
from chalicelib.records.record import Record
from chalicelib.store import homes, objects, reads, session
from infra.bench import fetches
from tests.unit.files.conftest import Stage, Studio, change, create, picture


@pytest.fixture
def preview(stage: Stage, bucket: str) -> Record:
    return create(PREVIEW_FILE, name="waits", task_id=stage.modeling.id, comments=[stage.comment.id])


def after(patch: pytest.MonkeyPatch, hours: float) -> int:
    moment = clock.shift(clock.now(), hours=hours)
    with patch.context() as context:
        context.setattr(clock, "now", lambda: moment)
        return missing_uploads.give_up()


def begun(preview: Record) -> dict[str, str]:
    key = keys.upload(homes.of(PREVIEW_FILE, preview), preview.id, "large.mov")
    return {"key": key, "filename": "large.mov"}


def test_after_a_day_it_is_broken_and_says_why(
    api: Studio, stage: Stage, preview: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [after(monkeypatch, hours) for hours in (1, 23, 25, 26)] == [0, 0, 1, 0]
    broken = stage.preview(preview.id)
    assert (broken["status"], broken["failure"]) == ("broken", missing_uploads.NEVER_SENT)
    events = reads.query(API_EVENT, homes.of(PREVIEW_FILE, preview))
    assert [one["data"]["status"] for one in events if one["name"] == "preview-file:update"] == ["broken"]
    rows = api.get("/data/playlists/preview-files/running").json
    assert [(row["id"], row["failure"]) for row in rows] == [(preview.id, missing_uploads.NEVER_SENT)]


def test_a_file_may_still_be_sent(api: Studio, stage: Stage, preview: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    after(monkeypatch, 25)
    api.send(stage.preview(preview.id), "late.png", picture())
    assert stage.preview(preview.id)["status"] == "ready"


def test_an_upload_that_was_begun_within_the_day_is_left_alone(
    stage: Stage, preview: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    processing.offer(preview.id, {**begun(preview), "at": clock.shift(clock.now(), hours=20)})
    assert after(monkeypatch, 30) == 0
    assert after(monkeypatch, 45) == 1


def test_what_waits_for_work_is_left_alone(stage: Stage, preview: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    objects.put(begun(preview)["key"], b"movie")
    processing.claim(preview.id, begun(preview))
    assert after(monkeypatch, 48) == 0
    objects.delete([begun(preview)["key"]])
    assert after(monkeypatch, 48) == 1
    assert stage.preview(preview.id)["failure"] == missing_uploads.LOST


def test_what_came_between_the_look_and_the_end_is_kept(stage: Stage, preview: Record) -> None:
    processing.offer(preview.id, begun(preview))
    with pytest.raises(processing.Taken):
        processing.give_up(preview, "too late")
    assert stage.preview(preview.id)["status"] == "processing"


def test_one_query_a_production_reads_nothing_that_is_ready_or_young(stage: Stage, preview: Record) -> None:
    for number in range(30):
        change(
            create(PREVIEW_FILE, name=str(number), task_id=stage.modeling.id), status=("ready", "broken")[number % 2]
        )
    with fetches.counted(), session.opened() as here:
        assert missing_uploads.give_up() == 0
    assert here.calls["Query"] <= 3  # the productions; this one, and what is of none
    assert here.units <= 3
