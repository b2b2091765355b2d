"""An outbox whose wakes are noted, and a clock that a test sets forward."""

from collections.abc import Callable

import pytest

from chalicelib.records import clock
from chalicelib.store import outbox
from tests.unit.outgoing.conftest import loopback, receiver

__all__ = ["later", "loopback", "receiver", "wakes"]

Later = Callable[[float], None]


@pytest.fixture
def wakes(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Who is woken, and at what moment ("": at once)."""
    noted: list[tuple[str, str]] = []
    monkeypatch.setattr(outbox, "wake", lambda destination, at="": noted.append((destination, at)))
    return noted


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    """Lets so many seconds pass."""
    now, passed = clock.now, [0.0]

    def pass_by(seconds: float) -> None:
        passed[0] += seconds

    monkeypatch.setattr(clock, "now", lambda: clock.shift(now(), seconds=passed[0]))
    return pass_by
