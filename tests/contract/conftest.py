"""The stage of the contract's scenarios."""

from collections.abc import Iterator

import pytest

from infra.local.engine import Engine
from tests.contract.local_server import LocalServer


@pytest.fixture(scope="module")
def server(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalServer]:
    """The app on loopback, in this process."""
    from app import app

    started = LocalServer(app, engine, tmp_path_factory.mktemp("contract"))
    started.start()
    yield started
    started.stop()
