"""A production of ten thousand tasks: its pages, what each of them reads, and its end."""

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

import msgspec
import pytest

from chalicelib.access.caller import Caller
from chalicelib.domain.dependents import places
from chalicelib.domain.jobs.deletions import DELETION
from chalicelib.domain.registry import ALL
from chalicelib.functions.sweep import resume_deletions
from chalicelib.records import clock
from chalicelib.records.people import PERSON
from chalicelib.records.production import PROJECT, PROJECT_STATUS
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.store import keys, partitions, reads, session
from chalicelib.store.changes import Changes, write
from infra.bench.bulk import store
from infra.local.engine import Engine
from tests.conftest import empty_table
from tests.unit.production.conftest import create

MANY, LIMIT = 10_000, 1_000


@pytest.fixture(scope="module")
def project(engine: Engine) -> Iterator[Record]:
    """The closed production; each task is an assignee's, some were changed in the same second."""
    with empty_table(engine):
        closed = create(PROJECT_STATUS, name="Closed", color="#000000")
        made = create(PROJECT, name="Long", project_status_id=closed.id)
        artist = create(PERSON, first_name="Ada", last_name="Doe")
        store(TASK, keys.home_of_owner(made.id), (task_of(made, artist, number) for number in range(MANY)))
        yield made


def task_of(project: Record, artist: Record, number: int) -> dict[str, Any]:
    moment = f"2026-03-{1 + number // 3600:02}T{number // 150 % 24:02}:{number // 5 % 30:02}:00"
    values = {"name": f"task {number}", "project_id": project.id, "entity_id": project.id, "task_type_id": project.id}
    return {**values, "assignees": [artist.id], "updated_at": moment}


@pytest.fixture(scope="module")
def admin(project: Record) -> Caller:
    return Caller(create(PERSON, first_name="Admin", last_name="Doe", role="admin"))


def page(caller: Caller, number: int, project: Record) -> dict[str, Any]:
    query = {"page": str(number), "limit": str(LIMIT), "project_id": project.id}
    told: dict[str, Any] = json.loads(msgspec.json.encode(ALL["task"].list(caller, query)))
    return told


def test_all_pages_together_are_the_list_once_in_its_order(project: Record, admin: Caller) -> None:
    pages = [page(admin, number, project) for number in range(1, 11)]
    assert {(told["total"], told["nb_pages"]) for told in pages} == {(MANY, 10)}
    rows = [row for told in pages for row in told["data"]]
    assert len({row["id"] for row in rows}) == MANY
    order = [row["updated_at"] for row in rows]
    assert order == sorted(order, reverse=True)


def test_the_first_page_reads_the_list_and_the_next_what_changed_since(project: Record, admin: Caller) -> None:
    partitions.forget()
    with session.opened() as first:
        page(admin, 1, project)
    write(lambda changes: changes.create(TASK, {"name": "new", "project_id": project.id}))
    with session.opened() as second:
        told = page(admin, 2, project)
    assert told["total"] == MANY + 1
    assert second.calls == {"GetItem": 1, "Query": 1}
    assert second.units < 5 < first.units


def test_its_deletion_leaves_nothing_behind(project: Record, admin: Caller) -> None:
    ALL["project"].delete(admin, project, {"force": "true"})
    for mark in reads.query(DELETION, keys.STUDIO):  # a request may not have had the time for all of it
        earlier = {"created_at": clock.shift(mark["created_at"], hours=-1)}
        write(partial(_changed, mark=mark, values=earlier))
    resume_deletions()
    home = keys.home_of_owner(project.id)
    assert {
        kind.table: reads.query(kind, home) for kind in places.kinds_of_a_production() if reads.query(kind, home)
    } == {}
    assert [row for found in reads.pages(keys.guards_of(home)) for row in found] == []
    for person in reads.query(PERSON, keys.STUDIO):
        assert reads.edges(TASK, "assignees", person.id) == []
    assert not [one for one in reads.query(DELETION, keys.STUDIO) if not one["ended_at"]]


def _changed(changes: Changes, mark: Record, values: dict[str, Any]) -> Record:
    return changes.update(changes.read(DELETION, mark.id), **values)
