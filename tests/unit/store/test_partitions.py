"""What a container holds in memory stays true, for one query."""

import pytest

from chalicelib.records.people import DEPARTMENT
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.store import keys, partitions, reads, reference, session
from chalicelib.store.changes import write


def made(project: Record, name: str) -> Record:
    return write(lambda changes: changes.create(TASK, {"name": name, "project_id": project.id}))


def test_a_held_partition_learns_of_creations_changes_and_deletions(table: str) -> None:
    project = write(lambda changes: changes.create(PROJECT, {"name": "Caminandes"}))
    home = keys.home_of_owner(project.id)
    first, second = made(project, "first"), made(project, "second")
    held = partitions.held(TASK, home)
    assert {record["name"] for record in held.records.values()} == {"first", "second"}

    serial = held.serial
    third = made(project, "third")
    write(lambda changes: changes.update(changes.read(TASK, second.id), name="changed"))
    write(lambda changes: changes.delete(changes.read(TASK, first.id)))
    with session.opened() as here:
        records = partitions.held(TASK, home).records
    assert {record_id: record["name"] for record_id, record in records.items()} == {
        second.id: "changed",
        third.id: "third",
    }
    assert here.calls == {"Query": 1}
    assert held.serial > serial
    assert dict(records) == {record.id: record for record in reads.query(TASK, home)}


def test_nothing_changed_costs_one_query_and_moves_no_serial(table: str) -> None:
    project = write(lambda changes: changes.create(PROJECT, {"name": "Caminandes"}))
    made(project, "first")
    held = partitions.held(TASK, keys.home_of_owner(project.id))
    serial = held.serial
    with session.opened() as here:
        held.refresh()
    assert (here.calls, held.serial) == ({"Query": 1}, serial)


def test_reference_data_costs_one_read_of_the_stamp_while_nothing_moves(table: str) -> None:
    write(lambda changes: changes.create(DEPARTMENT, {"name": "Modeling", "color": "#000000"}))
    reference.every(DEPARTMENT)
    with session.opened() as here:
        for _ in range(3):
            assert reference.named(DEPARTMENT, "Modeling")
    assert here.calls == {"GetItem": 1}


def test_another_containers_write_is_seen_by_the_next_request(table: str) -> None:
    reference.every(DEPARTMENT)
    with session.opened():
        write(lambda changes: changes.create(DEPARTMENT, {"name": "Modeling", "color": "#000000"}))
    with session.opened():
        assert reference.named(DEPARTMENT, "Modeling")


def test_reference_data_that_made_room_for_others_is_read_again(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    layout = write(lambda changes: changes.create(DEPARTMENT, {"name": "Layout", "color": "#000000"}))
    project = write(lambda changes: changes.create(PROJECT, {"name": "Caminandes"}))
    assert reference.find(DEPARTMENT, layout.id) == layout
    made(project, "first")
    monkeypatch.setattr(partitions, "_MOST_RECORDS", 0)
    partitions.held(TASK, keys.home_of_owner(project.id))
    assert not partitions.is_held(DEPARTMENT, keys.STUDIO)
    assert reference.find(DEPARTMENT, layout.id) == layout
