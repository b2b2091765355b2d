"""Kinds that grow without end lie in a partition a month; lists go down the months that hold something."""

from typing import Any

import pytest

from chalicelib.access.caller import Caller
from chalicelib.domain.journal import feed
from chalicelib.events import journal
from chalicelib.records import clock
from chalicelib.records.people import PERSON
from chalicelib.records.production import API_EVENT, PROJECT
from chalicelib.records.record import Record
from chalicelib.store import bulk_deletion, keys, months, reads, reference, session
from chalicelib.store.changes import MOST_ITEMS, Changes, write
from chalicelib.store.record_items import entry_of

MOMENTS = ("2026-12-31T23:59:59.999999", "2027-01-01T00:00:00", "2029-06-01T12:00:00", "2030-01-31T00:00:00")


@pytest.fixture
def project(table: str) -> Record:
    return write(lambda changes: changes.create(PROJECT, {"name": "Caminandes"}))


@pytest.fixture
def home(project: Record) -> str:
    return keys.home_of_owner(project.id)


def event(project: Record, moment: str, name: str = "shot:new") -> Record:
    values = {"name": name, "project_id": project.id, "created_at": moment, "data": {}}
    return write(lambda changes: changes.create(API_EVENT, values))


def put_without_a_month(home: str, record: Record) -> None:
    """As versions wrote it that knew no months."""
    another = {"id": f"{record.id[:14]}8fff{record.id[18:]}", "created_at": "2026-11-01T00:00:00"}
    before = Record(API_EVENT, {**record, **another}, home=home)
    entry = entry_of(before, keys.partition(home, API_EVENT), 1, clock.now())
    write(lambda changes: changes.put(entry))


@pytest.fixture
def events(project: Record) -> list[Record]:
    return [event(project, moment) for moment in MOMENTS]


def partitions_in_use(home: str) -> list[str]:
    return [pk for pk in reads.partitions(API_EVENT, home) if any(next(reads.pages(pk), ()))]


def test_each_month_is_a_partition_that_the_id_leads_to(home: str, events: list[Record]) -> None:
    assert partitions_in_use(home) == [
        f"{home}#{month}-ordered#api_event" for month in ("2026-12", "2027-01", "2029-06", "2030-01")
    ]
    with session.opened() as here:
        assert reads.get(API_EVENT, events[2].id) == events[2]
    assert here.calls == {"GetItem": 1}
    with session.opened() as here:
        assert [one.id for one in reads.get_many(API_EVENT, [one.id for one in events])] == [one.id for one in events]
    assert here.calls == {"BatchGetItem": 1}


def test_reads_of_a_whole_home_take_all_months_in_order(home: str, events: list[Record]) -> None:
    ids = [one.id for one in events]
    assert [one.id for one in reads.query(API_EVENT, home)] == ids
    assert [one.id for one in reads.query(API_EVENT, home, "created_at", descending=True)] == ids[::-1]
    assert [one.id for one in reads.first(API_EVENT, home, 3, "created_at", descending=True)] == ids[:0:-1]
    assert reads.count(API_EVENT, home, "created_at") == len(ids)


def test_a_record_is_changed_and_deleted_where_it_is(home: str, events: list[Record]) -> None:
    changed = write(lambda changes: changes.update(changes.read(API_EVENT, events[1].id), name="shot:update"))
    assert reads.get(API_EVENT, changed.id)["name"] == "shot:update"
    write(lambda changes: changes.delete(changes.read(API_EVENT, changed.id)))
    bulk_deletion.remove([events[0]])
    assert reads.query(API_EVENT, home) == events[2:]


def listed(limit: int, project: Record, **query: str) -> list[str]:
    admin = Record(PERSON, {"id": "00000000-0000-4000-8000-000000000001", "role": "admin", "is_bot": False})
    found = feed.last(Caller(admin), {"project_id": project.id, "limit": str(limit), **query})
    return [one["id"] for one in found]


def calls_of(work: Any) -> dict[str, int]:
    with session.opened() as here:
        work()
    return {name: count for name, count in here.calls.items() if name != "GetItem"}


def test_a_list_goes_down_the_months_that_hold_something(project: Record, events: list[Record]) -> None:
    ids = [one.id for one in events][::-1]
    reference.every(PROJECT)
    # The list of months, then a month after the other: the present one, where nothing is, is behind those of 2030.
    assert calls_of(lambda: listed(2, project)) == {"Query": 1 + 2}
    assert calls_of(lambda: listed(2, project)) == {"Query": 2}
    assert listed(2, project) == ids[:2]
    # The partition without a month comes last.
    assert calls_of(lambda: listed(9, project)) == {"Query": 4 + 1 + 1}
    assert listed(9, project) == ids
    between = {"after": "2027-01-01", "before": "2029-12-31"}
    assert listed(9, project, **between) == ids[1:2]
    assert calls_of(lambda: listed(9, project, **between)) == {"Query": 2 + 1}
    assert listed(9, project, name="shot:new", before="2027-01-01") == ids[-1:]


def test_a_cursor_goes_on_over_the_months(project: Record, events: list[Record]) -> None:
    read: list[str] = []
    while page := listed(1, project, **({"cursor_event_id": read[-1]} if read else {})):
        read += page
    assert read == [one.id for one in events][::-1]


def test_what_was_written_before_there_were_months_is_the_oldest(home: str, project: Record) -> None:
    put_without_a_month(home, event(project, "2026-11-02T00:00:00"))
    new = event(project, "2026-11-03T00:00:00")
    ids = listed(9, project)
    assert ids[0] == new.id
    assert len(ids) == 3, "the new one, the one that stands for the old one, and that"
    old = reads.get(API_EVENT, ids[-1])
    assert old["created_at"] == "2026-11-01T00:00:00"
    write(lambda changes: changes.update(changes.read(API_EVENT, old.id), name="shot:update"))
    assert reads.get(API_EVENT, old.id)["name"] == "shot:update"
    assert listed(1, project, cursor_event_id=ids[1]) == [old.id]


def test_a_production_goes_with_all_its_months(home: str, project: Record, events: list[Record]) -> None:
    put_without_a_month(home, events[0])
    assert sum(bulk_deletion.empty(API_EVENT, home)) == len(events) + 1
    assert reads.query(API_EVENT, home) == []
    assert sum(bulk_deletion.drop_guards(home)) >= 4
    assert list(reads.pages(keys.months_of(home))) == [[]]


def test_the_first_of_a_month_lists_it_in_its_transaction(home: str, project: Record) -> None:
    def emitted(number: int = 1) -> dict[str, int]:
        def command(changes: Changes) -> None:
            for _ in range(number):
                journal.emit(changes, "shot:new", project.id)

        with session.opened() as here:
            write(command)
        return here.calls

    assert emitted() == {"TransactWriteItems": 1}
    assert [row.sk.S for row in next(reads.pages(keys.months_of(home)))] == [f"api_event#{clock.now()[:7]}-ordered"]
    months.forget()
    assert emitted(MOST_ITEMS) == {"TransactWriteItems": 2}, "where there is no room for it, before"
    assert emitted(MOST_ITEMS) == {"TransactWriteItems": 1}


def test_a_month_that_another_container_began_is_seen(project: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    """This one read the list before; the month is the present one by then."""
    assert listed(9, project) == []
    now = clock.now
    monkeypatch.setattr(clock, "now", lambda: clock.shift(now(), days=40))
    later = event(project, clock.now())
    assert listed(9, project) == [later.id]
