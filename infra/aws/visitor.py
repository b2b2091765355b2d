"""Somebody who is in a studio for as long as a check takes: made in its table, and taken out of it again.

With them comes a production that they alone are in, of no status, so that no list of open productions has it, with a
task of theirs and a preview that waits for its file.
"""

import contextlib
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from infra.aws.smoke import Visitor

# What the store reads of the environment, by the output of the stack that tells it.
_SETTINGS: Final = {"VULPES_TABLE": "TableName", "VULPES_BUCKET": "FilesBucket"}
NAME: Final = "deployment-check-"
# A check that was killed cannot take anything away again; the next one does. None takes so long.
_LONGEST_SECONDS: Final = 3600


@contextmanager
def visitor(outputs: Mapping[str, str], region: str) -> Iterator[Visitor]:
    """Somebody of the role `user` who may sign in, and a preview of theirs; both gone when the check is over."""
    with _settings({**{name: outputs[output] for name, output in _SETTINGS.items()}, "AWS_REGION": region}):
        from chalicelib.settings import current
        from chalicelib.store import session, table

        table.bind(outputs["TableName"], current().dynamodb_endpoint or None)
        with session.opened():
            _remove_leftovers()
        with contextlib.ExitStack() as leaves:
            name = f"{NAME}{secrets.token_hex(4)}"
            told = {"email": f"{name}@example.com", "password": secrets.token_urlsafe(32)}
            with session.opened():
                person = _make_person(**told)
                leaves.callback(_in_session(_remove_person), person)
                project = _make_project(name, person)
                leaves.callback(_in_session(_remove_project), project)
                preview_id = _make_preview(project, person)
            yield Visitor(**told, preview_id=preview_id)


def _make_person(email: str, password: str) -> Any:
    from chalicelib.domain.people import passwords
    from chalicelib.records.people import PERSON
    from chalicelib.store.changes import write

    values = {
        "first_name": "Deployment",
        "last_name": "Check",
        "email": email,
        "role": "user",
        "active": True,
        "password": passwords.hashed(password),
    }
    return write(lambda changes: changes.create(PERSON, values))


def _make_project(name: str, person: Any) -> Any:
    from chalicelib.records.production import PROJECT
    from chalicelib.store.changes import write

    return write(lambda changes: changes.create(PROJECT, {"name": name, "team": [person.id]}))


def _make_preview(project: Any, person: Any) -> str:
    from chalicelib.records.files import PREVIEW_FILE
    from chalicelib.records.tasks import TASK
    from chalicelib.store.changes import write

    values = {"name": "check", "project_id": project.id, "assignees": [person.id]}
    task = write(lambda changes: changes.create(TASK, values))
    shown = {"name": "check", "task_id": task.id, "person_id": person.id}
    made: str = write(lambda changes: changes.create(PREVIEW_FILE, shown)).id
    return made


def _remove_person(person: Any) -> None:
    from chalicelib.domain.people import deletion

    deletion.remove_person(person)


def _remove_project(project: Any) -> None:
    from chalicelib.domain.production import deletion

    deletion.delete_project(project, force=True)


def _remove_leftovers() -> None:
    """Takes away what checks left that were killed half-way."""
    from chalicelib.records import clock
    from chalicelib.records.people import PERSON
    from chalicelib.records.production import PROJECT
    from chalicelib.store import reference

    before = clock.shift(clock.now(), seconds=-_LONGEST_SECONDS)
    for kind, name, remove in ((PROJECT, "name", _remove_project), (PERSON, "email", _remove_person)):
        for record in list(reference.every(kind).values()):
            if str(record[name]).startswith(NAME) and record["created_at"] < before:
                remove(record)


def _in_session(remove: Callable[[Any], None]) -> Callable[[Any], None]:
    from chalicelib.store import session

    def removed(record: Any) -> None:
        with session.opened():
            remove(record)

    return removed


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
