"""A production to import into, and its client."""

import pytest

from tests.prepared import prepared
from tests.unit.interchange.importing import Importer, Importing


@pytest.fixture
def stage(table: str) -> Importing:
    return prepared(Importing)


@pytest.fixture
def api(stage: Importing) -> Importer:
    return Importer(stage)
