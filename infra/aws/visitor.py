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
    from chalicelib.settings import current
    from chalicelib.store import session, table
    from chalicelib.store.changes import write

    os.environ |= {name: outputs[output] for name, output in _SETTINGS.items()}
    os.environ |= {"AWS_REGION": region, "VULPES_STAGE": "deployment"}
    current.cache_clear()
    table.bind(outputs["TableName"])
    told = Visitor(f"deployment-check-{secrets.token_hex(4)}@example.com", secrets.token_urlsafe(32))
    values = {
        "first_name": "Deployment",
        "last_name": "Check",
        "email": told.email,
        "role": "user",
        "active": True,
        "password": passwords.hashed(told.password),
    }
    with session.opened():
        person = write(lambda changes: changes.create(PERSON, values))
    try:
        yield told
    finally:
        with session.opened():
            deletion.remove_person(person)
