"""Somebody who is in a studio for as long as a check takes: made in its table, and taken out of it again."""

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from infra.aws.smoke import Visitor

# What the store reads of the environment, by the output of the stack that tells it.
_SETTINGS: Final = {"VULPES_TABLE": "TableName", "VULPES_BUCKET": "FilesBucket"}


@contextmanager
def visitor(outputs: Mapping[str, str], region: str) -> Iterator[Visitor]:
    """Somebody of the role `user` who may sign in, in no team; gone when the check is over."""
    from chalicelib.domain.people import deletion, passwords
    from chalicelib.records.people import PERSON
    from chalicelib.store import session, table
    from chalicelib.store.changes import write

    told = Visitor(f"deployment-check-{secrets.token_hex(4)}@example.com", secrets.token_urlsafe(32))
    values = {
        "first_name": "Deployment",
        "last_name": "Check",
        "email": told.email,
        "role": "user",
        "active": True,
        "password": passwords.hashed(told.password),
    }
    with _settings({**{name: outputs[output] for name, output in _SETTINGS.items()}, "AWS_REGION": region}):
        table.bind(outputs["TableName"])
        with session.opened():
            person = write(lambda changes: changes.create(PERSON, values))
        try:
            yield told
        finally:
            with session.opened():
                deletion.remove_person(person)


@contextmanager
def _settings(values: Mapping[str, str]) -> Iterator[None]:
    """Has the store work on the stage meanwhile; afterwards the environment is what it was."""
    from chalicelib.settings import current

    before = dict(os.environ)
    os.environ.update(values, VULPES_STAGE="deployment")
    current.cache_clear()
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        current.cache_clear()
