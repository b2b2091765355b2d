"""A production with people of every role, and requests that die once their transaction has held."""

from collections.abc import Callable

import pytest

from chalicelib.domain.jobs import job
from chalicelib.records import clock
from tests.prepared import prepared
from tests.unit.tasks.stage import Stage, Studio

Later = Callable[[], int]
_attempt = job._attempt


@pytest.fixture
def stage(table: str) -> Stage:
    return prepared(Stage)


@pytest.fixture
def api(stage: Stage) -> Studio:
    return Studio(stage)


@pytest.fixture
def killed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests are gone before they come to their jobs."""
    monkeypatch.setattr(job, "_attempt", lambda *_: None)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    """Takes up what was left, ten minutes later, with requests that live again."""
    now = clock.now

    def take_up() -> int:
        with monkeypatch.context() as patch:
            patch.setattr(job, "_attempt", _attempt)
            patch.setattr(clock, "now", lambda: clock.shift(now(), minutes=10))
            return job.take_up(60)

    return take_up
