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


def productions(names: str, tasks: int = 4) -> list[str]:
    """The homes of productions with some tasks each."""
    found = []
    for name in names:
        project = write(lambda changes, name=name: changes.create(PROJECT, {"name": name}))
        for number in range(tasks):
            made(project, f"{number}")
        found.append(keys.home_of_owner(project.id))
    return found


def look(home: str) -> dict[str, int]:
    """A request that looks at the tasks of a production three times; what it asked the database for."""
    with session.opened() as here:
        for _ in range(3):
            assert len(partitions.held(TASK, home).records) == 4
    return here.calls


def test_the_least_used_partition_goes_first_and_reference_data_stays(
    table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout = write(lambda changes: changes.create(DEPARTMENT, {"name": "Layout", "color": "#000000"}))
    assert reference.find(DEPARTMENT, layout.id) == layout
    first, second, third = productions("abc")
    for home in (first, second, second):
        look(home)
    assert partitions.is_held(TASK, first)
    room = 2.5 * partitions.held(TASK, first).bytes + partitions.unrefreshed(DEPARTMENT, keys.STUDIO).bytes
    monkeypatch.setattr(partitions, "most_bytes", lambda: int(room))
    for _ in range(8):
        look(third)
    assert [partitions.is_held(TASK, home) for home in (first, second, third)] == [False, True, True]
    assert partitions.is_held(DEPARTMENT, keys.STUDIO)


def test_what_is_seldom_used_does_not_drive_out_what_is_used_a_lot(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    often, seldom = productions("ab")
    for _ in range(20):
        look(often)
    room = 2.5 * partitions.held(TASK, often).bytes
    others = productions("cd")
    monkeypatch.setattr(partitions, "most_bytes", lambda: int(room))
    for home in (seldom, *others):
        # A request reads it once, and looks at what changed from then on.
        assert look(home) == {"Query": 3}
    assert partitions.is_held(TASK, often)


def test_what_is_larger_than_half_of_the_room_is_not_held(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (home,) = productions("a")
    monkeypatch.setattr(partitions, "most_bytes", lambda: 1000)
    # The first page tells that it is too large; then each who counts its records reads it.
    assert look(home) == {"Query": 1 + 3}
    assert not partitions.is_held(TASK, home)


def test_bytes_follow_what_is_written(table: str) -> None:
    (home,) = productions("a")
    held = partitions.held(TASK, home)
    before = held.bytes
    one = next(iter(held.records.values()))
    write(lambda changes: changes.update(changes.read(TASK, one.id), description="x" * 10_000))
    assert partitions.held(TASK, home).bytes - before >= 39_000
    write(lambda changes: changes.delete(changes.read(TASK, one.id)))
    assert partitions.held(TASK, home).bytes < before
    partitions.forget()
    left = partitions.held(TASK, home).bytes
    assert left == held.bytes
