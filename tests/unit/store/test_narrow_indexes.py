"""Indexes that hold keys alone: what they lead to comes whole, in order and page by page, with the query."""

import contextlib
import itertools
import random
import uuid
from collections.abc import Iterator

import pytest
from moto.server import ThreadedMotoServer

from chalicelib.records.fields import Kind
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record
from chalicelib.records.registry import KINDS
from chalicelib.records.tasks import TASK
from chalicelib.settings import current
from chalicelib.store import json_services, keys, reads, session, table
from chalicelib.store.changes import write
from chalicelib.store.indexes import INDEXES
from infra.bench import fetches

ENTITIES = [f"0b5e0a00-0000-4000-8000-00000000000{number}" for number in range(3)]
TYPES = [f"0b5e0a00-0000-4000-8000-0000000000a{number}" for number in range(4)]
# Beyond this the largest field lies in the bucket.
SPILLED = 450_000
_numbers = itertools.count()


HOME = "0b5e0a000000"


@pytest.fixture
def home(table: str) -> str:
    return keys.home_of_owner(write(lambda changes: changes.create(PROJECT, {"name": "Caminandes"})).id)


def create(home: str, **values: object) -> Record:
    project_id = f"{home[:8]}-{home[8:]}-8000-8000-000000000000"
    named = {"name": f"task {next(_numbers)}", "project_id": project_id}
    return write(lambda changes: changes.create(TASK, {**named, **values}))


def test_a_query_of_keys_gives_whole_records_in_one_request(home: str) -> None:
    drawn = {"strokes": ["x" * 50] * 10}
    made = [create(home, entity_id=ENTITIES[0], task_type_id=one, data=drawn) for one in sorted(TYPES, reverse=True)]
    assert not INDEXES[TASK.sorted_by("entity_id").attribute].is_whole
    with session.opened() as here:
        found = reads.query(TASK, home, "entity_id", ("^", f"{ENTITIES[0]}#"))
    assert found == made[::-1]
    assert all(one["data"] == drawn for one in found)
    assert here.calls == {"Query": 1}


def test_pages_of_keys_go_on_where_the_one_before_ended(home: str) -> None:
    for one in TYPES:
        create(home, entity_id=ENTITIES[0], task_type_id=one)
    condition = ("^", f"{ENTITIES[0]}#")
    pages = list(reads.pages_of(TASK, home, "entity_id", condition, descending=True, limit=3))
    assert [len(page) for page in pages] == [3, 1]
    told = [record["task_type_id"] for page in pages for record in reads.records_of(TASK, page)]
    assert told == sorted(TYPES, reverse=True)
    assert [one["task_type_id"] for one in reads.first(TASK, home, 1, "entity_id", condition)] == [min(TYPES)]


def test_what_is_counted_is_not_fetched(home: str) -> None:
    for one in TYPES:
        create(home, entity_id=ENTITIES[0], task_type_id=one, data={"note": "x" * 20_000})
    with session.opened() as here:
        assert reads.count(TASK, home, "entity_id", ("^", f"{ENTITIES[0]}#")) == len(TYPES)
    assert (here.calls, here.units) == ({"Query": 1}, 1.0)


def test_the_bench_counts_what_is_fetched_as_aws_does(home: str) -> None:
    for size in (0, 3_000, 5_000):
        create(home, entity_id=ENTITIES[0], data={"note": "x" * size})
    condition = ("^", f"{ENTITIES[0]}#")
    with fetches.counted(), session.opened() as here:
        reads.query(TASK, home, "entity_id", condition)
        # The keys, two records of a unit and one of two.
        assert here.units == 1 + 1 + 1 + 2
        reads.query(TASK, home, "entity_id", ("=", "nothing"))
        assert here.units == 5 + 1
        reads.count(TASK, home, "entity_id", condition)
        reads.query(TASK, home, "shotgun_id")
        assert here.units == 6 + 2


@pytest.mark.parametrize("seed", range(3))
def test_an_index_leads_to_what_it_is_asked_for_whatever_was_written(home: str, bucket: str, seed: int) -> None:
    """Records of all sizes come, move within the index, and go; queries find what a walk through all of them does."""
    dice = random.Random(seed)
    there: dict[str, Record] = {}
    for step in range(30):
        values = {
            "entity_id": dice.choice([*ENTITIES, None]),
            "task_type_id": dice.choice(TYPES),
            "data": {"note": "x" * (SPILLED if step % 15 == 7 else dice.choice((0, 900, 5_000)))},
        }
        if there and dice.random() < 0.4:
            old = there[dice.choice(list(there))]
            changed = dice.random() < 0.7
            if changed:
                there[old.id] = write(lambda changes, old=old, new=values: changes.update(old, **new))
            else:
                write(lambda changes, old=old: changes.delete(old))
                del there[old.id]
        else:
            made = create(home, **values)
            there[made.id] = made
    for entity_id in ENTITIES:
        wanted = [one for one in there.values() if one["entity_id"] == entity_id]
        wanted.sort(key=lambda one: (one["task_type_id"], one.id))
        found = reads.query(TASK, home, "entity_id", ("^", f"{entity_id}#"))
        assert sorted(found, key=lambda one: (one["task_type_id"], one.id)) == wanted
        assert [one["task_type_id"] for one in found] == [one["task_type_id"] for one in wanted]
        assert reads.count(TASK, home, "entity_id", ("^", f"{entity_id}#")) == len(wanted)


@pytest.mark.parametrize("kind", list(KINDS.values()), ids=lambda kind: kind.name)
def test_each_index_of_a_kind_takes_one_of_the_table_and_begins_with_another_field(kind: Kind) -> None:
    taken = [index.attribute for index in kind.indexes]
    assert len(set(taken)) == len(taken)
    assert set(taken) <= INDEXES.keys() - {"w"}
    assert [kind.sorted_by(index.fields[0]) for index in kind.indexes] == list(kind.indexes)


def test_a_field_that_no_index_begins_with_is_told() -> None:
    with pytest.raises(KeyError, match="No index of task begins with name"):
        TASK.sorted_by("name")


@contextlib.contextmanager
def moto() -> Iterator[None]:
    """A database that gives of an index what it holds, and nothing more."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    before = table.Item.Meta.table_name, table.Item.Meta.host
    url = f"http://127.0.0.1:{server._server.server_port}"  # type: ignore[union-attr]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VULPES_DYNAMODB_ENDPOINT", url)
        patch.setenv("VULPES_TABLE", f"whole-{uuid.uuid4().hex[:12]}")
        current.cache_clear()
        table.bind(current().table, url)
        with session.opened():
            yield
        table.Item.delete_table()
    json_services.disconnect()
    table.bind(*before)
    current.cache_clear()
    server.stop()


@pytest.mark.slow
@pytest.mark.parametrize("fetches", [False, True])
def test_where_nothing_is_fetched_each_index_is_whole(fetches: bool) -> None:
    condition = ("^", f"{ENTITIES[0]}#")
    with moto():
        table.create_table(fetches)
        made = [create(HOME, entity_id=ENTITIES[0], task_type_id=one) for one in TYPES]
        # Without their texts items pass for what is left of what was deleted.
        assert reads.query(TASK, HOME, "entity_id", condition) == ([] if fetches else made)
    declared = table.Item._get_schema()["local_secondary_indexes"]
    assert {"ProjectionType": "KEYS_ONLY"} in [index["projection"] for index in declared]
