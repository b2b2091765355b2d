"""How commands are written: a known record spares a read."""

from chalicelib.domain.commands import Known
from chalicelib.store import session
from chalicelib.store.changes import write
from tests.unit.tasks.stage import Stage, change, now


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
