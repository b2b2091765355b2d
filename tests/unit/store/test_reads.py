"""Reading records: pages, indexes, batches."""

import pytest

from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record
from chalicelib.records.tasks import COMMENT, TASK
from chalicelib.store import keys, objects, reads, session
from chalicelib.store.changes import write

PERSON_ID = "0b5e0a00-0000-4000-8000-000000000001"


@pytest.fixture
def project(table: str) -> Record:
    return write(lambda changes: changes.create(PROJECT, {"name": "Caminandes"}))


def test_comments_of_a_task_come_in_the_order_of_an_index(project: Record) -> None:
    task = write(lambda changes: changes.create(TASK, {"name": "main", "project_id": project.id}))
    for day in ("03", "01", "02"):
        values = {
            "object_id": task.id,
            "object_type": "Task",
            "person_id": PERSON_ID,
            "text": day,
            "created_at": f"2024-03-{day}T10:00:00.000000",
        }
        write(lambda changes, values=values: changes.create(COMMENT, values))
    home = keys.home_of_owner(project.id)
    found = reads.query(COMMENT, home, "object_id", ("^", f"{task.id}#"), descending=True)
    assert [comment["text"] for comment in found] == ["03", "02", "01"]
    with session.opened() as here:
        assert [one["text"] for one in reads.first(COMMENT, home, 1, "object_id", ("^", task.id), descending=True)] == [
            "03"
        ]
    assert here.calls == {"Query": 1}


def test_many_records_come_a_hundred_a_request_in_the_order_asked_for(project: Record) -> None:
    made: list[str] = []
    for start in range(0, 150, 25):
        names = [str(number) for number in range(start, start + 25)]
        made += write(
            lambda changes, names=names: [
                changes.create(TASK, {"name": name, "project_id": project.id}).id for name in names
            ]
        )
    with session.opened() as here:
        found = reads.get_many(TASK, reversed(made))
    assert [record.id for record in found] == made[::-1]
    assert here.calls == {"BatchGetItem": 2}


def test_what_is_counted_is_not_sent_and_goes_over_all_pages(project: Record) -> None:
    task = write(lambda changes: changes.create(TASK, {"name": "main", "project_id": project.id}))
    values = {"object_id": task.id, "object_type": "Task", "person_id": PERSON_ID, "text": "x" * 70_000}
    made = [write(lambda changes: changes.create(COMMENT, values)) for _ in range(20)]
    write(lambda changes: changes.delete(changes.read(COMMENT, made[0].id)))
    home = keys.home_of_owner(project.id)
    with session.opened() as here:
        assert reads.count(COMMENT, home, "object_id") == 19
        assert reads.count(COMMENT, home, "object_id", ("^", f"{task.id}#")) == 19
        assert reads.count(COMMENT, home, "object_id", (">", f"{task.id}#{made[15]['created_at']}")) == 4
    # A megabyte a page: two pages of all, one of four.
    assert here.calls == {"Query": 5}


def test_a_large_field_spills_over_and_comes_back(project: Record, bucket: str) -> None:
    drawn = {"strokes": ["x" * 1000] * 500}
    made = write(lambda changes: changes.create(TASK, {"name": "big", "project_id": project.id, "data": drawn}))
    found = reads.get(TASK, made.id)
    assert found["data"] == drawn
    key = found.texts.spilled
    assert objects.size(key)
    write(lambda changes: changes.update(changes.read(TASK, made.id), data=None))
    assert reads.get(TASK, made.id)["data"] is None
    # Somebody may have read the item and not yet the object: the sweep takes it away.
    assert objects.size(key)
