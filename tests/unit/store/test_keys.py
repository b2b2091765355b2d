"""Keys stay within what AWS takes, and two of them are the same only where what they say is."""

import pytest

from chalicelib.errors import Duplicate
from chalicelib.records.entities import ENTITY
from chalicelib.records.people import DEPARTMENT
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record
from chalicelib.store import keys, reads
from chalicelib.store.changes import write
from tests import aws_limits

LONG = "\U0001f98a" * 250
FOREIGN = "0b5e0a00-0000-4000-8000-000000000001"


@pytest.fixture
def project(table: str) -> Record:
    return write(lambda changes: changes.create(PROJECT, {"name": "Caminandes"}))


def entity(project: Record, name: str) -> Record:
    values = {"name": name, "project_id": project.id, "entity_type_id": FOREIGN, "parent_id": FOREIGN}
    return write(lambda changes: changes.create(ENTITY, values))


def test_names_of_the_longest_sort_are_kept_apart(project: Record) -> None:
    first, second = entity(project, LONG), entity(project, LONG[:-1] + "\U0001f98b")
    assert first.id != second.id
    with pytest.raises(Duplicate):
        entity(project, LONG)


def test_the_holder_of_a_long_name_is_found(table: str) -> None:
    values = {"name": LONG * 2, "color": "#000000"}
    made = write(lambda changes: changes.create(DEPARTMENT, values))
    assert reads.holder(DEPARTMENT, "studio", ("name",), values) == made.id
    assert reads.holder(DEPARTMENT, "studio", ("name",), {"name": LONG * 2 + "x"}) is None


def test_a_long_value_is_found_by_its_index_whole_and_by_its_beginning(project: Record) -> None:
    made = entity(project, LONG)
    home = keys.home_of_owner(project.id)
    assert [one.id for one in reads.query(ENTITY, home, "l2", ("=", f"{FOREIGN}#{LONG}"))] == [made.id]
    assert [one.id for one in reads.query(ENTITY, home, "l2", ("^", f"{FOREIGN}#{LONG}"))] == [made.id]


def test_short_values_stand_as_they_are() -> None:
    assert keys.whole("a" * 1024) == "a" * 1024
    assert len(keys.whole("a" * 1025).encode()) <= aws_limits.SORT_KEY
    assert keys.whole("é" * 600) != keys.whole("é" * 601)
    assert len(keys.attempts("é" * 5000, 1)[0].encode()) <= aws_limits.SORT_KEY


@pytest.mark.parametrize("many", [1, 5])
def test_the_wrapper_refuses_what_aws_would(many: int) -> None:
    indexed = {name: {"S": "x"} for name in ("l1", "l2", "l3", "l4", "w")[:many]}
    size = 400_000 // (1 + many)
    item = {"pk": {"S": "studio"}, "sk": {"S": "one"}, **indexed, "doc": {"S": "x" * size}}
    assert list(aws_limits.wrong_with("PutItem", {"Item": item})) == []
    item["doc"] = {"S": "x" * (size + 10_000)}
    assert "with its index entries" in next(aws_limits.wrong_with("PutItem", {"Item": item}))
    told = {"RequestItems": {"vulpes": {"Keys": [{"pk": {"S": "a"}, "sk": {"S": "b"}}] * 2}}}
    assert "twice" in next(aws_limits.wrong_with("BatchGetItem", told))
