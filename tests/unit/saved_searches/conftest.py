"""The studio of the tests of productions: callers of every role, records made directly."""

import pytest

from tests.prepared import prepared
from tests.unit.production.conftest import Studio


@pytest.fixture
def studio(table: str) -> Studio:
    """A studio with the two project statuses, and an administrator."""
    return prepared(Studio)
