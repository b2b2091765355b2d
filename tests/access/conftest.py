"""The studio of the tests of access, and a client of all routes for everybody in it."""

import pytest

from tests.access.studio import AccessStudio
from tests.client import Api
from tests.conftest import default_studio, signed_in
from tests.prepared import prepared


def everybody() -> tuple[Api, AccessStudio]:
    """The studio, and a client that may ask as anybody of it."""
    default_studio()
    api = signed_in()
    made = AccessStudio()
    api.tokens.update(made.tokens)
    return api, made


@pytest.fixture
def populated(table: str) -> tuple[Api, AccessStudio]:
    return prepared(everybody)


@pytest.fixture
def api(populated: tuple[Api, AccessStudio]) -> Api:
    return populated[0]


@pytest.fixture
def world(populated: tuple[Api, AccessStudio]) -> AccessStudio:
    """The studio; `api` may ask as anybody of it."""
    return populated[1]
