"""Pages of ten thousand records: what they hold, and how much of the table each of them reads."""

import json
from typing import Any

import msgspec
import pytest

from chalicelib.access.caller import Caller
from chalicelib.domain.collections import ALL
from chalicelib.records.people import PERSON
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.store import keys, partitions, session
from chalicelib.store.changes import write
from tests.rows import store

MANY, LIMIT = 10_000, 1_000


@pytest.fixture
def project(table: str) -> Record:
    """A production of ten thousand tasks, changed one a second; of some seconds several."""
    made = write(lambda changes: changes.create(PROJECT, {"name": "Long"}))
    home = keys.home_of_owner(made.id)
    store(
        TASK,
        home,
        (
            {
                "name": f"task {number}",
                "project_id": made.id,
                "updated_at": f"2026-03-{1 + number // 3600:02}T{number // 150 % 24:02}:{number // 5 % 30:02}:00",
            }
            for number in range(MANY)
        ),
    )
    return made


@pytest.fixture
def admin(project: Record) -> Caller:
    person = write(lambda changes: changes.create(PERSON, {"first_name": "A", "last_name": "B", "role": "admin"}))
    return Caller(person)


def page(caller: Caller, number: int, project: Record) -> dict[str, Any]:
    query = {"page": str(number), "limit": str(LIMIT), "project_id": project.id}
    told: dict[str, Any] = json.loads(msgspec.json.encode(ALL["task"].list(caller, query)))
    return told


def test_pages_of_ten_thousand_tasks(project: Record, admin: Caller) -> None:
    pages = [page(admin, number, project) for number in range(1, 11)]
    assert {(told["total"], told["nb_pages"]) for told in pages} == {(MANY, 10)}
    rows = [row for told in pages for row in told["data"]]
    assert len({row["id"] for row in rows}) == MANY
    order = [row["updated_at"] for row in rows]
    assert order == sorted(order, reverse=True)

    partitions.forget()
    with session.opened() as first:
        page(admin, 1, project)
    write(lambda changes: changes.create(TASK, {"name": "new", "project_id": project.id}))
    with session.opened() as second:
        told = page(admin, 2, project)
    # The first page reads the list, since a page tells how many there are; the next one what changed since.
    assert told["total"] == MANY + 1
    assert second.calls == {"GetItem": 1, "Query": 1}
    assert second.units < 5 < first.units
