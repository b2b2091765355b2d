"""Settings that a test may change."""

from collections.abc import Callable, Iterator

import pytest

from chalicelib import settings


@pytest.fixture
def configure(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Sets environment variables and has the settings read again."""

    def configure(**variables: str) -> None:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        settings.current.cache_clear()

    yield configure
    monkeypatch.undo()
    settings.current.cache_clear()
