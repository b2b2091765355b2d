"""The queue function: uploads become pictures and movies, once, whatever the queue does.

Source: docs/contract/files.md 6.3.
"""

import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote_plus

import pytest

from chalicelib.domain.files import derivation, preparation, uploads
from chalicelib.functions import media
from chalicelib.media import keys
from chalicelib.store import objects, queue
from tests.unit.files.conftest import Stage, Studio, change, picture, size_of


def event(*bodies: str, attempt: int = 1) -> dict[str, Any]:
    """Messages as Lambda gets them from SQS."""
    attributes = {"ApproximateReceiveCount": str(attempt)}
    return {"Records": [{"body": body, "attributes": attributes, "receiptHandle": "receipt"} for body in bodies]}


def told(key: str, name: str = "ObjectCreated:Put") -> str:
    """What S3 tells of an object."""
    record = {"eventSource": "aws:s3", "eventName": name, "s3": {"object": {"key": quote_plus(key, safe="/")}}}
    return json.dumps({"Records": [record]})


@pytest.fixture
def large(api: Studio, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> str:
    """The key of a picture that was too large for the request."""
    monkeypatch.setattr(uploads, "COST_IN_REQUEST", 1000)
    preview = api.published("large.png")
    key: str = stage.preview(preview["id"])["upload"]["key"]
    return key


def preview_id(key: str) -> str:
    found = keys.uploaded(key)
    assert found is not None
    return found[0]


def test_a_picture_is_prepared(api: Studio, stage: Stage, large: str) -> None:
    media.handle_queue_event(event(told(large)))
    preview = stage.preview(preview_id(large))
    assert (preview["status"], preview["width"], preview["height"]) == ("ready", 64, 36)
    assert preview["upload"] is None
    assert objects.get(large) is None
    got = api.get(f"/pictures/previews/preview-files/{preview.id}.png")
    assert size_of(got.content) == (1200, 675)
    assert stage.now(stage.modeling)["last_preview_file_id"] == preview.id


def test_the_sender_is_named_in_the_events_of_the_comment(stage: Stage, large: str) -> None:
    media.handle_queue_event(event(told(large)))
    (added,) = stage.events("preview-file:add-file")
    assert (added["user_id"], added["data"]["status"]) == (stage.people["user"].id, "ready")
    (updated,) = stage.events("preview-file:update")
    assert updated["user_id"] is None


def test_a_message_that_comes_twice_does_nothing_more(
    stage: Stage, large: str, stored: Callable[[str], list[str]]
) -> None:
    media.handle_queue_event(event(told(large), told(large)))
    before, files = stage.preview(preview_id(large)), stored("previews/")
    media.handle_queue_event(event(told(large)))
    assert stage.preview(preview_id(large)) == before
    assert stored("previews/") == files
    assert len(stage.events("preview-file:add-file")) == 1


def test_two_functions_at_once_leave_one_set_of_files(
    stage: Stage, large: str, stored: Callable[[str], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare = derivation.picture

    def interrupted(*arguments: Any) -> Any:
        made = prepare(*arguments)
        monkeypatch.setattr(derivation, "picture", prepare)
        preparation.process(preview_id(large), large)
        return made

    monkeypatch.setattr(derivation, "picture", interrupted)
    preparation.process(preview_id(large), large)
    preview = stage.preview(preview_id(large))
    assert sorted(stored("previews/")) == sorted(keys.of_file(preview))
    assert len(stage.events("preview-file:add-file")) == 1


def test_the_test_message_of_s3_is_no_work() -> None:
    body = json.dumps({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "files"})
    media.handle_queue_event(event(body))
    assert list(media.jobs_in(body)) == []


def test_other_news_of_s3_are_no_work(large: str) -> None:
    assert list(media.jobs_in(told(large, "ObjectRemoved:Delete"))) == []
    assert list(media.jobs_in(told("uploads/readme.txt"))) == []


def test_a_message_that_says_nothing_goes_to_the_dead_letters() -> None:
    with pytest.raises(ValueError, match="Expecting value"):
        media.handle_queue_event(event("no json"))


def test_an_upload_of_a_preview_that_is_gone_is_left_to_the_sweep(api: Studio, large: str) -> None:
    comment = f"/actions/tasks/{api.stage.modeling.id}/comments/{api.stage.comment.id}"
    assert api.delete(f"{comment}/preview-files/{preview_id(large)}").status == 204
    objects.put(large, picture())
    media.handle_queue_event(event(told(large)))
    assert objects.get(large) == picture()


def test_an_upload_that_came_too_late_is_left_to_the_sweep(api: Studio, stage: Stage) -> None:
    preview = api.published()
    late = keys.upload("home", preview["id"], "late.png")
    objects.put(late, picture(10, 10))
    media.handle_queue_event(event(told(late)))
    assert objects.get(late) == picture(10, 10)
    assert stage.preview(preview["id"])["original_name"] == "turn"


def test_what_cannot_be_decoded_is_broken_at_once(api: Studio, stage: Stage, large: str) -> None:
    objects.put(large, b"not a picture")
    media.handle_queue_event(event(told(large)))
    broken = stage.preview(preview_id(large))
    assert broken["status"] == "broken"
    assert "PNG or JPEG" in broken["failure"]
    assert broken["original_name"] == "large"
    assert objects.get(large) == b"not a picture"
    assert stage.now(stage.modeling)["last_preview_file_id"] is None
    assert api.send(broken, "again.png", picture()).status == 400


def test_another_failure_is_tried_again_and_broken_in_the_end(
    stage: Stage, large: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: Any) -> Any:
        raise ConnectionError("no way out")

    given_back: list[tuple[str, int]] = []
    monkeypatch.setattr(derivation, "picture", failing)
    monkeypatch.setattr(queue, "give_back", lambda receipt, seconds: given_back.append((receipt, seconds)))
    for attempt in (1, 2):
        with pytest.raises(ConnectionError):
            media.handle_queue_event(event(told(large), attempt=attempt))
        assert stage.preview(preview_id(large))["status"] == "processing"
    assert given_back == [("receipt", 30), ("receipt", 60)]
    with pytest.raises(ConnectionError):
        media.handle_queue_event(event(told(large), attempt=3))
    broken = stage.preview(preview_id(large))
    assert (broken["status"], broken["failure"]) == ("broken", "Preparing the file failed 3 times.")


def test_an_upload_that_always_kills_the_function_is_given_up(stage: Stage, large: str) -> None:
    preview = stage.preview(preview_id(large))
    change(preview, upload={**preview["upload"], "attempts": preparation.MOST_ATTEMPTS})
    preparation.process(preview.id, large)
    assert stage.preview(preview.id)["status"] == "broken"


def test_a_lost_upload_is_broken(stage: Stage, large: str) -> None:
    objects.delete([large])
    preparation.process(preview_id(large), large)
    assert stage.preview(preview_id(large))["failure"] == "The uploaded file is not there any more."


def test_a_broken_preview_is_tried_again_on_request(
    api: Studio, stage: Stage, large: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    objects.put(large, b"not a picture")
    preparation.process(preview_id(large), large)
    objects.put(large, picture())
    sent: list[str] = []
    monkeypatch.setattr(queue, "send", sent.append)
    retry = f"/actions/preview-files/{preview_id(large)}/retry"
    assert api.post(retry, user="stranger").status == 403
    again = api.post(retry, user="user")
    assert (again.status, again["status"]) == (200, "processing")
    media.handle_queue_event(event(*sent))
    assert stage.preview(preview_id(large))["status"] == "ready"
    assert api.post(retry, user="user").status == 400


def test_what_was_refused_in_the_request_cannot_be_tried_again(api: Studio) -> None:
    preview = api.slot()
    api.send(preview, "text.png", b"no picture")
    assert api.post(f"/actions/preview-files/{preview['id']}/retry", user="user").status == 400


def test_uploads_that_hang_are_taken_up_and_in_the_end_given_up(
    stage: Stage, large: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    monkeypatch.setattr(queue, "send", sent.append)
    started = time.time()

    def sweep_after(minutes: float) -> int:
        monkeypatch.setattr(preparation.time, "time", lambda: started + 60 * minutes)
        before = len(sent)
        preparation.retry_stuck()
        return len(sent) - before

    assert [sweep_after(minutes) for minutes in (10, 20, 30, 45, 60, 120)] == [0, 1, 0, 0, 1, 1]
    assert sent == [preparation.message_of(large)] * 3
    assert [sweep_after(60 * hours) for hours in (10, 20, 40, 80)] == [1, 1, 1, 0]
    broken = stage.preview(preview_id(large))
    assert (broken["status"], broken["failure"]) == ("broken", "Nobody took up the work on the uploaded file.")


def test_sweeping_clears_away_what_nobody_needs(
    api: Studio, stage: Stage, large: str, monkeypatch: pytest.MonkeyPatch, stored: Callable[[str], list[str]]
) -> None:
    gone = keys.upload("home", "00000000-0000-4000-8000-000000000000", "gone.png")
    done = keys.upload("home", api.slot()["id"], "unclaimed.png")
    for key in (gone, done):
        objects.put(key, b"data")
    monkeypatch.setattr(queue, "send", lambda body: None)
    left = []
    for hours in (1, 25):
        now = time.time() + 3600 * hours
        monkeypatch.setattr(preparation.time, "time", lambda now=now: now)
        preparation.retry_stuck()
        left.append(sorted(stored("uploads/")))
    assert left == [sorted([large, done, gone]), sorted([large, done])]


def test_files_of_the_bucket_that_were_sent_by_hand_are_taken(stage: Stage, api: Studio) -> None:
    preview = api.slot()
    key = keys.upload("home", preview["id"], "By Hand.pdf")
    objects.put(key, b"%PDF")
    media.handle_queue_event(event(told(key)))
    ready = stage.preview(preview["id"])
    assert (ready["status"], ready["original_name"], ready["file_size"]) == ("ready", "By_Hand", 4)
