"""The post office of the tests of people, here as well."""

from tests.unit.people.conftest import configure, post

__all__ = ["configure", "post"]
