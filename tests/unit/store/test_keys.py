"""Keys stay within what AWS takes, and two of them are the same only where what they say is."""

import pytest

from chalicelib.errors import Duplicate, Invalid
from chalicelib.records.fields import STAMPS, STUDIO, Index, Kind, text, uuid
from chalicelib.records.people import DEPARTMENT
from chalicelib.records.record import Record
from chalicelib.records.registry import KINDS
from chalicelib.store import keys, reads
from chalicelib.store.changes import write
from chalicelib.store.indexes import INDEXES
from tests import aws_limits

LONG = "\U0001f98a" * 250
FOREIGN = "0b5e0a00-0000-4000-8000-000000000001"


# A kind whose names are of any length; those of the studio's kinds are shorter than what is cut.
NOTE = Kind(
    "Note",
    "note",
    None,
    (*STAMPS, text("name", nullable=False), uuid("parent_id")),
    indexes=(Index("l2", ("parent_id", "name")),),
    unique_together=(("name", "parent_id"),),
)


def note(name: str) -> Record:
    return write(lambda changes: changes.create(NOTE, {"name": name, "parent_id": FOREIGN}))


def test_names_of_the_longest_sort_are_kept_apart(table: str) -> None:
    first, second = note(LONG * 2), note(LONG * 2 + "\U0001f98b")
    assert first.id != second.id
    with pytest.raises(Duplicate):
        note(LONG * 2)


def test_the_holder_of_a_long_name_is_found(table: str) -> None:
    made, fields = note(LONG), ("name", "parent_id")
    assert reads.holder(NOTE, STUDIO, fields, {"name": LONG, "parent_id": FOREIGN}) == made.id
    assert reads.holder(NOTE, STUDIO, fields, {"name": LONG + "x", "parent_id": FOREIGN}) is None


def test_a_long_value_is_found_by_its_index_whole_and_by_its_beginning(table: str) -> None:
    made = note(LONG)
    assert [one.id for one in reads.query(NOTE, STUDIO, "parent_id", ("=", f"{FOREIGN}#{LONG}"))] == [made.id]
    assert [one.id for one in reads.query(NOTE, STUDIO, "parent_id", ("^", f"{FOREIGN}#{LONG}"))] == [made.id]


def test_a_text_longer_than_its_field_is_refused_whoever_writes_it(table: str) -> None:
    with pytest.raises(Invalid) as refused:
        write(lambda changes: changes.create(DEPARTMENT, {"name": "x" * 5000, "color": "#000000"}))
    assert refused.value.data == {"field": "name", "expected": "a string of at most 80 characters"}
    made = write(lambda changes: changes.create(DEPARTMENT, {"name": "x", "color": "#000000"}))
    with pytest.raises(Invalid):
        write(lambda changes: changes.update(made, name="x" * 81))


@pytest.mark.parametrize("kind", list(KINDS.values()), ids=lambda kind: kind.name)
def test_what_is_unique_has_a_bound(kind: Kind) -> None:
    """So that the key of a guard, but for its hash, tells it whole; an address has the bound of addresses."""
    unique = {field.name for field in kind.fields if field.unique}.union(*kind.unique_together)
    texts = [kind.by_name[name] for name in unique if kind.by_name[name].type in ("string", "text")]
    assert all(field.max_length for field in texts)


def test_short_values_stand_as_they_are() -> None:
    assert keys.whole("a" * 1024) == "a" * 1024
    assert len(keys.whole("a" * 1025).encode()) <= aws_limits.SORT_KEY
    assert keys.whole("é" * 600) != keys.whole("é" * 601)
    assert len(keys.attempts("é" * 5000, 1)[0].encode()) <= aws_limits.SORT_KEY


@pytest.mark.parametrize("attributes", [("l1",), tuple(INDEXES)])
def test_the_wrapper_refuses_what_aws_would(attributes: tuple[str, ...]) -> None:
    indexed = {name: {"S": "x"} for name in attributes}
    # Of an index that is not whole the keys count alone.
    size = 400_000 // (1 + sum(INDEXES[name].is_whole for name in attributes))
    item = {"pk": {"S": "studio"}, "sk": {"S": "one"}, **indexed, "doc": {"S": "x" * size}}
    assert list(aws_limits.wrong_with("PutItem", {"Item": item})) == []
    item["doc"] = {"S": "x" * (size + 10_000)}
    assert "with its index entries" in next(aws_limits.wrong_with("PutItem", {"Item": item}))
    told = {"RequestItems": {"vulpes": {"Keys": [{"pk": {"S": "a"}, "sk": {"S": "b"}}] * 2}}}
    assert "twice" in next(aws_limits.wrong_with("BatchGetItem", told))
