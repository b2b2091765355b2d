"""The studio of the tests of access, and a client of all routes for everybody in it."""

import pytest

from tests.access.studio import AccessStudio
from tests.client import Api


@pytest.fixture
def world(api: Api) -> AccessStudio:
    """The studio; `api` may ask as anybody of it."""
    made = AccessStudio()
    api.tokens.update(made.tokens)
    return made
