"""What was put into the bucket for a write goes where the write was refused, and never where its outcome is open."""

import time
from collections.abc import Callable

import pytest

from chalicelib.domain.files import attachments, orphans, preparation, processing
from chalicelib.errors import NotFound, OutcomeUnknown, Unavailable
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.store import objects, reads, transaction
from chalicelib.store.changes import Changes, write
from tests.faults.proxy import Proxy
from tests.unit.files.conftest import Stage, Studio, picture

NOTE = attachments.Upload("note.txt", "text/plain", b"Mind the beak")
Stored = Callable[[str], list[str]]


@pytest.fixture
def answers_are_lost(database: Proxy, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From then on a transaction holds, and its answer never comes."""
    monkeypatch.setattr(transaction, "ATTEMPT_SECONDS", 0.3)

    def begin() -> None:
        database.befall("lose and fail", "TransactWriteItems")
        database.befall("fail", "TransactWriteItems", times=-1)

    return begin


def test_files_of_a_comment_stay_where_the_answer_is_lost(
    api: Studio, stage: Stage, database: Proxy, answers_are_lost: Callable[[], None]
) -> None:
    answers_are_lost()
    with pytest.raises(OutcomeUnknown):
        attachments.add(stage.comment, [NOTE])
    database.calm()
    (kept,) = attachments.attached_to([stage.now(stage.comment)])
    assert objects.get(attachments.key_of(kept)) == NOTE.data


def test_files_of_a_comment_go_where_it_is_refused(api: Studio, stage: Stage, stored: Stored) -> None:
    write(lambda changes: changes.delete(stage.comment))
    # The first look is that of the request; the transaction is refused, and the second finds nothing.
    with pytest.raises(NotFound):
        attachments.add(stage.comment, [NOTE])
    assert stored("attachments/") == []


def test_what_fails_after_a_commit_raises_nothing_and_undoes_nothing(
    api: Studio, stage: Stage, stored: Stored, caplog: pytest.LogCaptureFixture
) -> None:
    ran: list[str] = []

    def read_something() -> None:
        raise ConnectionError("a read after the commit")

    def command(changes: Changes) -> Record:
        changes.afterwards(read_something)
        changes.afterwards(lambda: ran.append("the next one"))
        return changes.update(changes.read(TASK, stage.modeling.id), name="committed")

    assert write(command, undo=lambda: ran.append("undone"))["name"] == "committed"
    assert ran == ["the next one"]
    assert "did not follow" in caplog.text


def test_spilled_annotations_stay_where_the_answer_is_lost(
    api: Studio, stage: Stage, database: Proxy, answers_are_lost: Callable[[], None]
) -> None:
    drawn = {"strokes": ["x" * 1000] * 500}
    answers_are_lost()
    with pytest.raises(OutcomeUnknown):
        write(lambda changes: changes.update(changes.read(TASK, stage.modeling.id), data=drawn))
    database.calm()
    assert stage.now(stage.modeling)["data"] == drawn


def test_a_spilled_object_goes_where_the_write_is_refused(api: Studio, stage: Stage, stored: Stored) -> None:
    changes = Changes()
    changes.update(changes.read(TASK, stage.modeling.id), data={"strokes": ["x" * 1000] * 500})
    write(lambda other: other.update(other.read(TASK, stage.modeling.id), name="first"))
    with pytest.raises(transaction.Refused):
        changes.commit()
    assert stored("records/") == []


def test_pictures_of_a_preview_stay_where_the_answer_is_lost(
    api: Studio, stage: Stage, database: Proxy, answers_are_lost: Callable[[], None]
) -> None:
    row = api.slot()
    answers_are_lost()
    sent = api.send(row, "turn.png", picture())
    assert (sent.status, sent.headers["retry-after"]) == (503, "1")
    database.calm()
    assert stage.preview(row["id"])["status"] == "ready"
    assert api.fetched(f"/pictures/originals/preview-files/{row['id']}.png")


def test_work_on_an_upload_that_comes_twice_as_its_answer_was_lost_destroys_nothing(
    api: Studio, stage: Stage, database: Proxy, answers_are_lost: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.domain.files.uploads.COST_IN_REQUEST", 0)
    row = api.slot()
    assert api.send(row, "turn.png", picture()).status == 201
    upload = stage.preview(row["id"])["upload"]["key"]
    begun = processing.begin

    def begin_and_lose_what_follows(preview_id: str, key: str) -> Record:
        preview = begun(preview_id, key)
        answers_are_lost()
        return preview

    monkeypatch.setattr(processing, "begin", begin_and_lose_what_follows)
    with pytest.raises(OutcomeUnknown):
        preparation.process(row["id"], upload)
    database.calm()
    monkeypatch.setattr(processing, "begin", begun)
    preparation.process(row["id"], upload)
    assert stage.preview(row["id"])["status"] == "ready"
    assert api.fetched(f"/pictures/originals/preview-files/{row['id']}.png")
    assert objects.get(upload) is not None


def in_two_days(monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time() + 2 * 86_400
    monkeypatch.setattr(orphans.time, "time", lambda: now)


def test_the_sweep_takes_away_what_nobody_names(
    api: Studio, stage: Stage, stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = {"strokes": ["x" * 1000] * 500}
    preview = api.published()
    attachments.add(stage.comment, [NOTE])
    for _ in range(2):
        write(lambda changes: changes.update(changes.read(TASK, stage.modeling.id), data=drawn))
    api.upload(f"/pictures/thumbnails/projects/{stage.project.id}", "logo.png", picture(), user="manager")
    preview_id = preview["id"]
    home = preview_id[:8] + preview_id[9:13]
    left_behind = [
        f"attachments/{home}/{preview_id}",
        f"previews/{home}/{preview_id}/0123456789/original.png",
        f"previews/{home}/00000000-0000-4000-8000-000000000000/0123456789/original.png",
        f"pictures/persons/{stage.people['user'].id}.png",
        "pictures/backgrounds/00000000-0000-4000-8000-000000000000/file.hdr",
    ]
    not_ours = ["elsewhere/file", "pictures/strange", "answers/0123"]
    for key in (*left_behind, *not_ours):
        objects.put(key, b"data")
    before = set(stored(""))
    assert (orphans.collect(60), set(stored(""))) == (0, before)
    former = set(stored("records/")) - {reads.get(TASK, stage.modeling.id).texts.spilled}
    assert len(former) == 1
    in_two_days(monkeypatch)
    monkeypatch.setattr(orphans, "_PASS_DAYS", 0)
    assert orphans.collect(60) == len(left_behind) + 1
    assert set(stored("")) == before - {*left_behind, *former}
    assert stage.now(stage.modeling)["data"] == drawn


def test_the_sweep_goes_on_where_it_ended_and_rests_after_a_pass(
    api: Studio, stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        objects.put(f"attachments/home/00000000-0000-4000-8000-00000000000{number}", b"data")
    in_two_days(monkeypatch)
    monkeypatch.setattr(orphans, "_A_BATCH", 2)
    monkeypatch.setattr(orphans, "MOST_A_RUN", 2)
    assert [orphans.collect(60) for _ in range(4)] == [2, 2, 1, 0]
    objects.put("attachments/home/00000000-0000-4000-8000-000000000009", b"data")
    assert orphans.collect(60) == 0


def test_what_cannot_be_asked_about_stays(api: Studio, stored: Stored, monkeypatch: pytest.MonkeyPatch) -> None:
    key = "attachments/home/00000000-0000-4000-8000-000000000000"
    objects.put(key, b"data")
    in_two_days(monkeypatch)

    def nobody_answers(*_: object) -> list[Record]:
        raise Unavailable("The database does not answer.")

    monkeypatch.setattr(reads, "get_many", nobody_answers)
    assert (orphans.collect(60), stored("attachments/")) == (0, [key])
