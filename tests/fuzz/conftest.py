"""The studio of the tests of access serves hostile input, too."""

from tests.access.conftest import world

__all__ = ["world"]
