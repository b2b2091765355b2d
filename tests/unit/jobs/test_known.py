"""How commands are written: a known record spares a read."""

from chalicelib.domain.commands import Known
from chalicelib.domain.notifications.creation import note_recipient
from chalicelib.records.people import NOTIFICATION
from chalicelib.store import session
from chalicelib.store.changes import write
from tests.unit.tasks.stage import UNKNOWN, Stage, change, create, now


def test_a_known_record_is_not_read_again(stage: Stage) -> None:
    task = now(stage.task)
    before = dict(session.current().calls)
    known = Known(task)
    write(lambda changes: changes.update(known.read(changes), priority=1))
    after = session.current().calls
    assert after["GetItem"] == before["GetItem"]
    assert now(task)["priority"] == 1


def test_a_stale_one_is_read_when_its_condition_fails(stage: Stage) -> None:
    stale = now(stage.task)
    change(stale, description="Meanwhile")
    known = Known(stale)
    write(lambda changes: changes.update(known.read(changes), priority=1))
    task = now(stale)
    assert (task["priority"], task["description"]) == (1, "Meanwhile")


def test_a_task_learns_of_a_notification_that_was_made_as_a_row(stage: Stage) -> None:
    boss, artist = stage.people["manager"].id, stage.people["user"].id
    values = {"person_id": boss, "author_id": artist, "notification_type": "comment"}
    told = create(NOTIFICATION, task_id=stage.task.id, **values)
    lost = create(NOTIFICATION, task_id=UNKNOWN, **values)
    for notification in (told, lost):
        write(lambda changes, notification=notification: note_recipient(changes, notification))
    assert now(stage.task)["told"] == [boss]
