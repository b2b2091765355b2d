"""Write units are counted as AWS documents them: by item, index entry, and what the index holds (infra/bench)."""

from typing import Any

import pytest

from chalicelib.records.tasks import TASK
from chalicelib.store import bulk_writing
from chalicelib.store.entry import Entry
from infra.bench.write_units import Meter, metered, size_of, units_of_index

PLACE: dict[str, Any] = {"pk": {"S": "0123456789ab#task"}, "sk": {"S": "0b5e0a00-0000-4000-8000-000000000001"}}
SMALL = {"doc": {"S": "x" * 500}}
LARGE = {"doc": {"S": "x" * 2500}}


def at(place: str, attribute: str) -> dict[str, Any]:
    return {attribute: {"S": place}}


@pytest.mark.parametrize(
    ("attribute", "old", "new", "units"),
    [
        # What is in no index costs nothing there.
        ("l1", {}, LARGE, 0),
        ("l2", {}, LARGE, 0),
        # Coming and going: one write, of all of it or of the keys.
        ("l1", {}, LARGE | at("a", "l1"), 3),
        ("l1", LARGE | at("a", "l1"), {}, 3),
        ("l2", {}, LARGE | at("a", "l2"), 1),
        ("l2", LARGE | at("a", "l2"), LARGE, 1),
        # Another place: it goes from one and comes to the other.
        ("l1", LARGE | at("a", "l1"), SMALL | at("b", "l1"), 4),
        ("l2", LARGE | at("a", "l2"), SMALL | at("b", "l2"), 2),
        # The same place: whole entries are written anew, by the larger of both; keys are what they were.
        ("l1", LARGE | at("a", "l1"), SMALL | at("a", "l1"), 3),
        ("l2", LARGE | at("a", "l2"), SMALL | at("a", "l2"), 0),
        ("l1", SMALL | at("a", "l1"), SMALL | at("a", "l1"), 0),
        # A key alone may be longer than a kilobyte.
        ("l2", {}, SMALL | at("a" * 1024, "l2"), 2),
    ],
)
def test_an_index_is_written_for_what_it_holds(
    attribute: str, old: dict[str, Any], new: dict[str, Any], units: int
) -> None:
    before, after = (PLACE | image if image else {} for image in (old, new))
    assert units_of_index(attribute, before, after) == units


def test_items_are_counted_by_names_and_values() -> None:
    assert size_of({"pk": {"S": "é"}, "v": {"N": "123"}}) == 2 + 2 + 1 + 3


def test_what_is_written_is_told_by_table_and_index(table: str) -> None:
    entry = Entry(PLACE["pk"]["S"], PLACE["sk"]["S"], v=1, w="2026-11-27", doc="x" * 1500, l2="a", l3="b")
    with metered() as meter:
        bulk_writing.put([entry])
        entry.l3 = "c"
        bulk_writing.put([entry])
    first, second = meter.writes
    # The item and its whole entry of two kilobytes each, the keys in two indexes.
    assert (first.table, first.units, first.of_indexes) == (TASK.table, 2 + 2 + 1 + 1, 2 + 1 + 1)
    # From one place to another in the index of changes, and in that of keys which it moves in; none in the third.
    assert (second.units, second.of_indexes) == (2 + 4 + 2, 4 + 2)
    assert meter.by_table() == {TASK.table: 14}
    assert Meter().units == 0
