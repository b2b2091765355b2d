"""The one write path: transactions, uniqueness, edges, optimistic retries."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.errors import Duplicate, Invalid, NotFound
from chalicelib.records.people import DEPARTMENT
from chalicelib.records.production import API_EVENT, PROJECT, TASK_TYPE
from chalicelib.records.record import Record, plain
from chalicelib.records.tasks import TASK
from chalicelib.store import bulk_deletion, keys, reads, reference, session
from chalicelib.store.changes import MOST_ITEMS, Changes, write

FOREIGN = "0b5e0a00-0000-4000-8000-000000000001"


def create(kind: Any, record_id: str | None = None, **values: Any) -> Record:
    return write(lambda changes: changes.create(kind, values, record_id))


@pytest.fixture
def project(table: str) -> Record:
    return create(PROJECT, name="Caminandes")


def task(project: Record, name: str = "main", **values: Any) -> Record:
    return create(TASK, name=name, project_id=project.id, **values)


def test_a_record_is_read_as_it_was_written(project: Record) -> None:
    made = task(project, due_date="2024-03-08T10:00:00.123456")
    found = reads.get(TASK, made.id)
    assert found == made
    assert found.version == made.version == 1
    assert b'"due_date":"2024-03-08T10:00:00"' in bytes(plain(found))


def test_an_id_tells_its_home(project: Record) -> None:
    made = task(project)
    assert keys.home_told_by(made.id) == keys.home_of_owner(project.id)
    with session.opened() as here:
        reads.get(TASK, made.id)
    assert here.calls == {"GetItem": 1}


def test_a_foreign_id_is_found_through_its_pointer(project: Record) -> None:
    task(project, record_id=FOREIGN)
    assert reads.get(TASK, FOREIGN.upper())["name"] == "main"
    assert [one.id for one in reads.get_many(TASK, [FOREIGN])] == [FOREIGN]


def test_unknown_and_malformed_ids_are_not_found(table: str) -> None:
    for unknown in ("00000000-0000-4000-8000-000000000000", "0b5e0a00-0000-8000-8000-000000000001", "nope"):
        with pytest.raises(NotFound):
            reads.get(TASK, unknown)


def test_a_unique_value_is_taken_once(project: Record) -> None:
    first = task(project, entity_id=FOREIGN, task_type_id=FOREIGN)
    with pytest.raises(Duplicate):
        task(project, entity_id=FOREIGN, task_type_id=FOREIGN)
    write(lambda changes: changes.delete(changes.read(TASK, first.id)))
    task(project, entity_id=FOREIGN, task_type_id=FOREIGN)


def test_a_null_sets_a_record_apart(project: Record) -> None:
    task(project, entity_id=None)
    task(project, entity_id=None)
    assert len(reads.query(TASK, keys.home_of_owner(project.id))) == 2


def test_renaming_frees_the_former_name(table: str) -> None:
    first = create(DEPARTMENT, name="Modeling", color="#000000")
    write(lambda changes: changes.update(changes.read(DEPARTMENT, first.id), name="Sculpting"))
    create(DEPARTMENT, name="Modeling", color="#000000")
    with pytest.raises(Duplicate):
        create(DEPARTMENT, name="Sculpting", color="#000000")


def test_edges_lead_back_from_each_listed_record(project: Record) -> None:
    person, other = FOREIGN, "0b5e0a00-0000-4000-8000-000000000002"
    made = task(project, assignees=[person])
    assert [edge["id"] for edge in reads.edges(TASK, "assignees", person)] == [made.id]
    write(lambda changes: changes.update(changes.read(TASK, made.id), assignees=[other]))
    assert reads.edges(TASK, "assignees", person) == []
    assert reads.edges(TASK, "assignees", other)[0]["project_id"] == project.id
    write(lambda changes: changes.delete(changes.read(TASK, made.id)))
    assert reads.edges(TASK, "assignees", other) == []


def test_nothing_is_written_when_a_part_is_refused(project: Record) -> None:
    task(project, entity_id=FOREIGN, task_type_id=FOREIGN)

    def command(changes: Changes) -> None:
        changes.create(DEPARTMENT, {"name": "Half", "color": "#000000"})
        changes.create(TASK, {"name": "main", "project_id": project.id, "entity_id": FOREIGN, "task_type_id": FOREIGN})

    with pytest.raises(Duplicate):
        write(command)
    assert reference.named(DEPARTMENT, "Half") is None


def test_a_required_record_must_still_be_there(project: Record) -> None:
    made = task(project)
    write(lambda changes: changes.delete(changes.read(TASK, made.id)))

    def command(changes: Changes) -> None:
        changes.require(made)
        changes.create(DEPARTMENT, {"name": "Late", "color": "#000000"})

    with pytest.raises(Invalid):
        write(command)


def test_two_changes_of_one_record_in_a_command_are_one_write(project: Record) -> None:
    made = task(project)

    def command(changes: Changes) -> None:
        changes.update(changes.read(TASK, made.id), priority=1)
        changes.update(changes.read(TASK, made.id), difficulty=5)

    write(command)
    found = reads.get(TASK, made.id)
    assert (found["priority"], found["difficulty"], found.version) == (1, 5, 2)


def test_more_items_than_a_transaction_takes_are_refused_before_sending(project: Record) -> None:
    def command(changes: Changes) -> None:
        for number in range(MOST_ITEMS + 1):
            changes.create(TASK, {"name": str(number), "project_id": project.id})

    with pytest.raises(ValueError, match="split the command"):
        write(command)


def test_records_are_never_changed_in_place(project: Record) -> None:
    with pytest.raises(TypeError):
        project["name"] = "Other"


def together(count: int, work: Callable[[int], object]) -> list[BaseException]:
    """Runs the work in so many threads at once; gives what they raised."""
    problems: list[BaseException] = []
    gate = threading.Barrier(count)

    def run(number: int) -> None:
        gate.wait()
        try:
            with session.opened():
                work(number)
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return problems


def test_sixteen_writers_of_one_record_lose_nothing(project: Record) -> None:
    made = task(project)

    def count_up(changes: Changes) -> None:
        found = changes.read(TASK, made.id)
        changes.update(found, priority=found["priority"] + 1)

    assert together(16, lambda _: write(count_up)) == []
    assert reads.get(TASK, made.id)["priority"] == 16


def test_sixteen_creators_of_one_name_make_one(table: str) -> None:
    problems = together(16, lambda _: create(TASK_TYPE, name="Modeling", for_entity="Asset", department_id=FOREIGN))
    assert [type(problem) for problem in problems] == [Duplicate] * 15
    assert len(reference.every(TASK_TYPE)) == 1


def test_a_record_stays_at_home_when_what_decided_its_home_goes(project: Record) -> None:
    made = task(project)
    write(lambda changes: changes.update(changes.read(TASK, made.id), project_id=None))
    write(lambda changes: changes.update(changes.read(TASK, made.id), priority=2))
    assert (reads.get(TASK, made.id)["project_id"], reads.get(TASK, made.id)["priority"]) == (None, 2)
    write(lambda changes: changes.delete(changes.read(TASK, made.id)))
    with pytest.raises(NotFound):
        reads.get(TASK, made.id)


def test_a_record_with_another_owner_moves_to_its_home(project: Record) -> None:
    other = create(PROJECT, name="Sintel")
    made = task(project, assignees=[FOREIGN])
    moved = write(lambda changes: changes.update(changes.read(TASK, made.id), project_id=other.id))
    assert reads.get(TASK, made.id) == moved
    assert [one.id for one in reads.get_many(TASK, [made.id])] == [made.id]
    assert reads.query(TASK, keys.home_of_owner(project.id)) == []
    assert [one.id for one in reads.query(TASK, keys.home_of_owner(other.id))] == [made.id]
    assert [edge["id"] for edge in reads.edges(TASK, "assignees", FOREIGN)] == [made.id]

    write(lambda changes: changes.update(changes.read(TASK, made.id), project_id=project.id, name="back"))
    assert reads.get(TASK, made.id)["name"] == "back"
    assert reads.query(TASK, keys.home_of_owner(other.id)) == []


def test_a_unique_value_is_free_where_its_record_moved_away_from(project: Record) -> None:
    other = create(PROJECT, name="Sintel")
    fields = {"task_type_id": FOREIGN, "entity_id": FOREIGN}
    made = task(project, **fields)
    write(lambda changes: changes.update(changes.read(TASK, made.id), project_id=other.id))
    task(project, **fields)
    with pytest.raises(Duplicate):
        task(other, **fields)


def test_commands_that_take_turns_see_what_came_before(table: str) -> None:
    key = keys.claim("studio", DEPARTMENT, "one department at most")

    def make_the_only_one(changes: Changes, name: str) -> Record:
        changes.take_turn(key)
        found = reads.query(DEPARTMENT, "studio")
        return found[0] if found else changes.create(DEPARTMENT, {"name": name, "color": "#000000"})

    def run(number: int) -> None:
        with session.opened():
            write(lambda changes: make_the_only_one(changes, f"Department {number}"))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(reads.query(DEPARTMENT, "studio")) == 1


def test_a_kind_that_nobody_holds_is_in_no_change_index_and_leaves_no_tombstone(project: Record) -> None:
    home = keys.home_of_owner(project.id)
    events = [create(API_EVENT, name="task:new", project_id=project.id, data={}) for _ in range(3)]
    pk = keys.partition_of(home, API_EVENT, events[0])
    assert list(reads.pages(pk, "w")) == [[]]
    write(lambda changes: changes.delete(changes.read(API_EVENT, events[0].id)))
    bulk_deletion.remove(events[1:2])
    assert [row.sk.S for row in next(reads.pages(pk))] == [events[2].id]
    assert list(bulk_deletion.empty(API_EVENT, home)) == [1]
    assert list(reads.pages(pk)) == [[]]
    with pytest.raises(NotFound):
        reads.get(API_EVENT, events[2].id)


def test_a_name_that_one_record_leaves_is_free_for_another_in_the_same_command(project: Record) -> None:
    """In either order, and when two change places."""
    first, second = task(project, "one"), task(project, "two")
    of = {"project_id": project.id, "task_type_id": "t", "entity_id": "e"}

    def command(changes: Changes, *names: tuple[Record, str]) -> None:
        for record, name in names:
            changes.update(changes.read(TASK, record.id), name=name, task_type_id="t", entity_id="e")

    write(lambda changes: command(changes, (first, "one"), (second, "two")))
    write(lambda changes: command(changes, (first, "two"), (second, "three")))
    write(lambda changes: command(changes, (first, "three"), (second, "two")))
    home, group = keys.home_of_owner(project.id), TASK.unique_together[0]
    held = [reads.holder(TASK, home, group, {**of, "name": name}) for name in ("one", "two", "three")]
    assert held == [None, second.id, first.id]


def test_two_records_of_a_command_never_take_the_same_name(table: str) -> None:
    def twice(changes: Changes) -> None:
        for _ in range(2):
            changes.create(DEPARTMENT, {"name": "Modeling", "color": "#000000"})

    with pytest.raises(Duplicate):
        write(twice)
    assert reference.every(DEPARTMENT) == {}
