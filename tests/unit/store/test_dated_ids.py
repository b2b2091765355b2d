"""Ids that tell the moment of their record: those of a month sort as the moments do, and none is given twice."""

import datetime
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.records import clock
from chalicelib.records.fields import STUDIO
from chalicelib.records.production import API_EVENT
from chalicelib.store import dated_ids, keys, reads
from chalicelib.store.changes import Changes, write

NOW = "2031-03-31T23:59:59.999999"
FIRST, LAST = datetime.datetime(2026, 11, 1), datetime.datetime(2170, 8, 31, 23, 59, 59, 999999)


@given(moments=st.lists(st.datetimes(FIRST, LAST).map(clock.stamp), min_size=2))
def test_an_id_tells_its_moment_and_sorts_by_it(moments: list[str]) -> None:
    ids = [keys.new_id(API_EVENT, "0123456789ab", moment) for moment in moments]
    assert [dated_ids.moment(one) for one in ids] == moments
    assert all(keys.is_id(one) and keys.home_told_by(one) == "0123456789ab" for one in ids)
    assert [dated_ids.moment(one) for one in sorted(ids)] == sorted(moments)


@pytest.mark.parametrize("moment", ["2026-10-31T23:59:59.999999", "2170-09-01T00:00:00"])
def test_before_and_after_the_time_that_ids_can_tell_they_tell_none(moment: str) -> None:
    record_id = keys.new_id(API_EVENT, STUDIO, moment)
    assert keys.is_id(record_id)
    assert dated_ids.moment(record_id) != moment
    values = {"id": record_id, "created_at": moment}
    assert keys.partition_of(STUDIO, API_EVENT, values) == keys.partition(STUDIO, API_EVENT)


@pytest.fixture
def numbers(table: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes time stand still, and the random digits the same as told."""
    given: list[str] = []
    monkeypatch.setattr(clock, "now", lambda: NOW)

    def told() -> Iterator[str]:
        while True:
            yield given.pop(0) * 32 if given else "f" * 32

    digits = told()
    monkeypatch.setattr(keys.secrets, "token_hex", lambda size: next(digits)[: 2 * size])
    return lambda *more: given.extend(more)


def happened(name: str, count: int = 1) -> list[str]:
    def command(changes: Changes) -> list[str]:
        return [changes.create(API_EVENT, {"name": name, "data": {}}).id for _ in range(count)]

    return write(command)


def test_an_id_that_another_event_has_is_refused_and_made_anew(numbers: Callable[..., None]) -> None:
    numbers("a", *"aaab")
    (first,) = happened("farm:first")
    (second,) = happened("farm:second")
    assert first != second
    assert {one["name"] for one in reads.query(API_EVENT, STUDIO)} == {"farm:first", "farm:second"}


def test_a_command_gives_no_id_twice(numbers: Callable[..., None]) -> None:
    numbers(*"aaabbc")
    assert len(set(happened("farm:done", 3))) == 3
    assert len(reads.query(API_EVENT, STUDIO)) == 3
