"""What a container can be told to do (tests/faults/container.py): arguments and answers are JSON."""

import contextlib
import datetime
import os
from collections.abc import Iterator
from typing import Any

from chalicelib.records import clock
from chalicelib.records.people import DEPARTMENT, PERSON
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.settings import current
from chalicelib.store import bulk_deletion, keys, partitions, reads, reference, session, table, transaction
from chalicelib.store.changes import write
from chalicelib.store.table import Item


def settle(name: str, database: str, bucket: str = "", files: str = "") -> None:
    """Begins anew, on another table and bucket."""
    os.environ |= {"VULPES_TABLE": name, "VULPES_DYNAMODB_ENDPOINT": database}
    os.environ |= {"VULPES_BUCKET": bucket, "VULPES_S3_ENDPOINT": files} if bucket else {}
    current.cache_clear()
    table.bind(name, database)
    reference.forget()
    set_clock(0)


def hurry() -> None:
    """Gives up after a second instead of after ten: what is tested does not depend on how long that is."""
    transaction.ATTEMPT_SECONDS = 0.6
    Item.Meta.read_timeout_seconds = 0.5
    Item._connection = None


def set_clock(seconds: float) -> None:
    """Sets this container's clock so far ahead of the machine's."""
    ahead = datetime.timedelta(seconds=seconds)
    clock._clock.source = lambda: clock.machine() + ahead


@contextlib.contextmanager
def request() -> Iterator[None]:
    """A request: its first read brings the stamp of the reference data, and the time that the database has."""
    with session.opened():
        reference.note_stamp(reads.item(*keys.STAMP_KEY))
        yield


def make_task(project_id: str, name: str, **values: Any) -> str:
    with request():
        return write(lambda changes: changes.create(TASK, {"name": name, "project_id": project_id, **values})).id


def rename_task(task_id: str, name: str) -> None:
    with request():
        write(lambda changes: changes.update(changes.read(TASK, task_id), name=name))


def give_task(task_id: str, **values: Any) -> None:
    with request():
        write(lambda changes: changes.update(changes.read(TASK, task_id), **values))


def take_task(task_id: str) -> Any:
    """The record as a read of its own gives it."""
    with request():
        return dict(reads.get(TASK, task_id))


def bulk_remove(task_ids: list[str]) -> None:
    with request():
        bulk_deletion.remove(reads.get_many(TASK, task_ids))


def held_tasks(project_id: str) -> list[str]:
    """The names of the tasks that this container holds, brought up to date."""
    with request():
        return names(partitions.held(TASK, keys.home_of_owner(project_id)).records.values())


def names(records: Any) -> list[str]:
    return sorted(record["name"] for record in records)


def make_department(name: str) -> str:
    with request():
        return write(lambda changes: changes.create(DEPARTMENT, {"name": name, "color": "#000000"})).id


def departments() -> list[str]:
    """The reference data of a new request."""
    with request():
        return names(reference.every(DEPARTMENT).values())


def make_project(name: str) -> str:
    with request():
        return write(lambda changes: changes.create(PROJECT, {"name": name})).id


def make_person(first_name: str) -> str:
    values = {"first_name": first_name, "last_name": "Doe", "email": f"{first_name}@example.com", "active": True}
    with request():
        return write(lambda changes: changes.create(PERSON, values)).id


def deactivate(person_id: str) -> None:
    with request():
        write(lambda changes: changes.update(changes.read(PERSON, person_id), active=False))


def is_active(person_id: str) -> bool:
    with request():
        found: Record = reference.get(PERSON, person_id)
        return bool(found["active"])
