"""What is larger than its share of the memory takes no more than that, and is read as ever."""

import tracemalloc
from collections.abc import Callable

import pytest

from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.store import keys, partitions, reads, session
from chalicelib.store.changes import write
from chalicelib.store.large_partitions import Packed, Streamed
from infra.bench import bulk

MANY, TEXT = 1_500, "x" * 3_000
# A page of a megabyte, as it comes, as text, and as the records that are made of it.
A_PAGE = 5_500_000
Bound = Callable[[float], None]


@pytest.fixture
def bound(monkeypatch: pytest.MonkeyPatch) -> Bound:
    """Gives one partition so many bytes."""

    def set_share(share: float) -> None:
        monkeypatch.setattr(partitions, "most_bytes", lambda: 2 * int(share))

    return set_share


@pytest.fixture
def project(table: str) -> Record:
    return write(lambda changes: changes.create(PROJECT, {"name": "Caminandes"}))


def tasks(project: Record, count: int, text: str = "") -> str:
    """The home of a production with so many tasks."""
    home = keys.home_of_owner(project.id)
    bulk.store(TASK, home, ({"name": f"{n}", "project_id": project.id, "description": text} for n in range(count)))
    return home


def calls_of(work: Callable[[], object]) -> dict[str, int]:
    with session.opened() as here:
        work()
    return here.calls


def test_it_is_held_as_texts_where_these_fit(project: Record, bound: Bound) -> None:
    home = tasks(project, 40)
    whole = partitions.held(TASK, home).bytes
    partitions.forget()
    bound(0.6 * whole)
    held = partitions.held(TASK, home)
    assert isinstance(held.records, Packed)
    assert held.bytes < 0.6 * whole
    assert partitions.is_held(TASK, home)
    assert dict(held.records) == {one.id: one for one in reads.query(TASK, home)}
    assert all(one.texts == reads.get(TASK, one.id).texts for one in list(held.records.values())[:3])
    assert calls_of(lambda: list(partitions.held(TASK, home).records.values())) == {"Query": 1}


def test_texts_learn_of_what_changed(project: Record, bound: Bound) -> None:
    home = tasks(project, 40)
    bound(0.6 * partitions.held(TASK, home).bytes)
    partitions.forget()
    first, second, *_ = partitions.held(TASK, home).records.values()
    serial, size = partitions.held(TASK, home).serial, partitions.held(TASK, home).bytes
    write(lambda changes: changes.update(changes.read(TASK, first.id), description="x" * 500))
    write(lambda changes: changes.delete(changes.read(TASK, second.id)))
    held = partitions.held(TASK, home)
    assert held.serial > serial
    assert held.records[first.id]["description"] == "x" * 500
    assert second.id not in held.records
    assert held.records.get(second.id) is None
    assert len(held.records) == 39
    assert held.bytes - size < 500, "one grew by that, another went"
    # Written again from what a container holds, it must be the version that is there.
    write(lambda changes: changes.update(held.records[first.id], name="again"))
    assert partitions.held(TASK, home).records[first.id]["name"] == "again"


def test_what_grows_beyond_its_share_gets_smaller(project: Record, bound: Bound) -> None:
    home = tasks(project, 40)
    whole = partitions.held(TASK, home).bytes
    bound(1.02 * whole)
    assert isinstance(partitions.held(TASK, home).records, dict)
    tasks(project, 10)
    partitions._held[home, TASK.table].refresh(look_back=True)
    write(lambda changes: changes.create(TASK, {"name": "one more", "project_id": project.id, "description": TEXT}))
    held = partitions.held(TASK, home)
    assert isinstance(held.records, Packed)
    assert {one["name"] for one in held.records.values()} >= {"0", "39", "one more"}
    bound(1_000)
    write(lambda changes: changes.create(TASK, {"name": "the last", "project_id": project.id}))
    assert calls_of(lambda: partitions.held(TASK, home)) == {"Query": 1}
    held = partitions.held(TASK, home)
    assert isinstance(held.records, Streamed)
    assert held.bytes == 0
    assert "the last" in {one["name"] for one in held.records.values()}


def test_what_does_not_fit_at_all_is_streamed(project: Record, bound: Bound) -> None:
    home = tasks(project, 40)
    bound(5_000)
    records = partitions.held(TASK, home).records
    assert isinstance(records, Streamed)
    assert not partitions.is_held(TASK, home)
    wanted = {one.id: one for one in reads.query(TASK, home)}
    # A pass is a read of it, whatever is made of it; a look is a read of a record, once.
    assert calls_of(lambda: list(records.values()) == list(wanted.values())) == {"Query": 1}
    assert dict(records.items()) == wanted
    assert calls_of(lambda: dict(partitions.held(TASK, home).records)) == {"Query": 1}
    assert calls_of(lambda: {**partitions.held(TASK, home).records}) == {"Query": 1}
    fresh, one = partitions.held(TASK, home).records, next(iter(wanted))
    assert calls_of(lambda: [fresh[one], fresh.get(one), one in fresh]) == {"GetItem": 1}
    assert fresh.get(project.id) is None
    assert len(fresh) == 40
    serial = partitions.held(TASK, home).serial
    assert partitions.held(TASK, home).serial > serial, "nobody keeps what was made of it"


@pytest.mark.slow
def test_a_read_takes_no_more_memory_than_its_share_and_a_page(project: Record, bound: Bound) -> None:
    home = tasks(project, MANY, TEXT)

    def peak_of(share: float) -> int:
        partitions.forget()
        bound(share)
        tracemalloc.start()
        try:
            assert sum(1 for _ in partitions.held(TASK, home).records.values()) == MANY
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    unbounded = peak_of(1e9)
    assert unbounded > 2 * A_PAGE
    for share in (0, 2_000_000, 4_000_000):
        assert peak_of(share) < share + A_PAGE, "streamed"
    assert peak_of(8_000_000) < 0.75 * unbounded, "as texts, of which there are five megabytes"
