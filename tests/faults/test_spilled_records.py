"""A record whose large fields lie in the bucket is read whole or not at all, whatever happens to it meanwhile."""

import pytest

from chalicelib.errors import Unavailable
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.store import keys, objects, partitions, reads, wire
from chalicelib.store.changes import write

LARGE = {"strokes": ["x" * 1000] * 500}
LARGER = {"strokes": ["y" * 1000] * 500}


@pytest.fixture
def task(table: str, bucket: str) -> Record:
    project = write(lambda changes: changes.create(PROJECT, {"name": "Caminandes"}))
    values = {"name": "main", "project_id": project.id, "data": LARGE}
    return write(lambda changes: changes.create(TASK, values))


def row_of(task: Record) -> wire.Row:
    assert task.home is not None
    found = reads.item(keys.partition(task.home, TASK), task.id)
    assert found is not None
    return found


def drop_object(row: wire.Row) -> None:
    assert row.big is not None
    objects.delete([row.big.S])


def test_one_that_is_replaced_while_it_is_read_is_read_again(task: Record) -> None:
    before = row_of(task)
    write(lambda changes: changes.update(changes.read(TASK, task.id), data=LARGER))
    drop_object(before)
    found = reads.record_if_there(TASK, before)
    assert found is not None
    assert (found["data"], found.version) == (LARGER, 2)


def test_one_that_is_deleted_while_it_is_read_is_not_there(task: Record) -> None:
    before = row_of(task)
    write(lambda changes: changes.delete(changes.read(TASK, task.id)))
    drop_object(before)
    assert reads.record_if_there(TASK, before) is None
    assert reads.records_of(TASK, [before]) == []


def test_one_whose_object_is_lost_is_refused_and_never_shown_with_nulls(task: Record) -> None:
    drop_object(row_of(task))
    with pytest.raises(Unavailable):
        reads.get(TASK, task.id)
    with pytest.raises(Unavailable):
        write(lambda changes: changes.update(changes.read(TASK, task.id), name="renamed"))


def test_a_holding_that_could_not_be_caught_up_misses_nothing_afterwards(task: Record) -> None:
    """What failed half-way is asked for again: nothing counts as known that is not held."""
    assert task.home is not None
    assert len(partitions.held(TASK, task.home).records) == 1
    for name in ("a", "b"):
        values = {"name": name, "project_id": task["project_id"], "data": LARGE}
        last = write(lambda changes, values=values: changes.create(TASK, values))
    stored = objects.get(row_of(last).big.S)
    drop_object(row_of(last))
    with pytest.raises(Unavailable):
        partitions.held(TASK, task.home)
    assert stored is not None
    objects.put(row_of(last).big.S, stored)
    assert sorted(one["name"] for one in partitions.held(TASK, task.home).records.values()) == ["a", "b", "main"]


def test_several_fields_spill_and_come_back(task: Record) -> None:
    values = {"data": LARGER, "description": "z" * 90_000}
    written = write(lambda changes: changes.update(changes.read(TASK, task.id), **values))
    found = reads.get(TASK, task.id)
    assert (dict(found), found.version) == (dict(written), 2)
