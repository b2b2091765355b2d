"""The studio of the tests of access: people of every role, and two productions with a playlist each."""

from tests.access.conftest import api, populated, world

__all__ = ["api", "populated", "world"]
