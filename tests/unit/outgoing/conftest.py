"""Servers on loopback that may be called."""

from collections.abc import Iterator

import pytest

from chalicelib.settings import current
from tests.receiver import Receiver


@pytest.fixture
def loopback(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Loopback may be called, as an installation for tests allows it."""
    monkeypatch.setenv("VULPES_OUTGOING_LOOPBACK", "allowed")
    monkeypatch.setenv("VULPES_STAGE", "local")
    current.cache_clear()
    yield
    current.cache_clear()


@pytest.fixture
def receiver(loopback: None) -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()
