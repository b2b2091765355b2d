"""Jobs: written with what they follow on, done at once, taken up where that was cut off."""

import logging

import pytest

from chalicelib.domain.jobs import job
from chalicelib.records.tasks import TASK
from chalicelib.store import keys, reads, session
from chalicelib.store.changes import Changes, write
from tests.unit.jobs.conftest import Later
from tests.unit.tasks.stage import Stage, now

_RUNS: list[tuple[str | None, int]] = []


def count(number: int) -> None:
    _RUNS.append((session.current().caller_id, number))
    if number < 0:
        raise ZeroDivisionError("A job that fails")


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> job.Job:
    """A job that notes who runs it; with a negative number it fails."""
    made = job.Job("count", count)
    monkeypatch.setitem(job.JOBS, "count", made)
    _RUNS.clear()
    return made


def left() -> list[str]:
    return [row.sk.S for row in reads.rows(keys.JOBS)]


def enqueued(changes: Changes, stage: Stage, wanted: job.Job, number: int) -> None:
    changes.update(changes.read(TASK, stage.task.id), priority=2)
    job.enqueue(changes, wanted, number=number)


def test_a_job_is_done_at_once_and_leaves_nothing(stage: Stage, counting: job.Job) -> None:
    write(lambda changes: enqueued(changes, stage, counting, 1))
    assert [number for _, number in _RUNS] == [1]
    assert left() == []


def test_what_is_not_written_has_no_job(stage: Stage, counting: job.Job) -> None:
    def refused(changes: Changes) -> None:
        enqueued(changes, stage, counting, 1)
        changes.require(stage.shot, ValueError("The shot is gone."))

    write(lambda changes: changes.delete(now(stage.shot)))
    with pytest.raises(ValueError, match="gone"):
        write(refused)
    assert (_RUNS, left()) == ([], [])


def test_a_failure_is_not_the_callers_and_is_tried_again(
    stage: Stage, counting: job.Job, later: Later, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        write(lambda changes: enqueued(changes, stage, counting, -1))
    assert now(stage.task)["priority"] == 2
    assert "A job that fails" in caplog.text
    assert later() == 1
    assert [number for _, number in _RUNS] == [-1, -1]
    assert len(left()) == 1


def test_a_job_that_a_request_left_is_taken_up_in_the_name_of_its_caller(
    stage: Stage, counting: job.Job, killed: None, later: Later
) -> None:
    with session.opened("somebody"):
        write(lambda changes: enqueued(changes, stage, counting, 1))
    assert _RUNS == []
    assert later() == 1
    assert _RUNS == [("somebody", 1)]
    assert left() == []


def test_a_job_that_a_request_is_at_is_left_to_it(stage: Stage, counting: job.Job, killed: None) -> None:
    write(lambda changes: enqueued(changes, stage, counting, 1))
    assert job.take_up(60) == 0
    assert len(left()) == 1


def test_a_job_that_nobody_knows_keeps_no_other_from_being_done(
    stage: Stage, counting: job.Job, killed: None, later: Later, caplog: pytest.LogCaptureFixture
) -> None:
    write(lambda changes: enqueued(changes, stage, job.Job("of a newer version", count), 1))
    write(lambda changes: enqueued(changes, stage, counting, 2))
    with caplog.at_level(logging.ERROR):
        assert later() == 2
    assert [number for _, number in _RUNS] == [2]
    assert "of a newer version" in caplog.text
    assert len(left()) == 1


def test_nobody_is_asked_where_nothing_is_left(stage: Stage) -> None:
    with session.opened() as here:
        job.take_up(60)
    assert here.calls == {"Query": 1}
