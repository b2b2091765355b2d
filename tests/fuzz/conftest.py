"""The studio of the tests of access serves hostile input, too."""

from tests.access.conftest import api, populated, world

__all__ = ["api", "populated", "world"]
