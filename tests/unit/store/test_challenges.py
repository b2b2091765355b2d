"""What somebody is asked to answer: kept for a while, replaced, taken once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.store import challenges, keys, session

PLACE = keys.challenge("6f9619ff-8b86-4d01-b42d-00cf4fc964ff", "login")
pytestmark = pytest.mark.usefixtures("table")


def test_the_last_one_is_taken_once() -> None:
    challenges.keep(PLACE, "first", seconds=60)
    challenges.keep(PLACE, "last", seconds=60)
    assert challenges.find(PLACE) == "last"
    assert challenges.take(PLACE) == "last"
    assert challenges.take(PLACE) is None
    assert challenges.find(PLACE) is None


def test_one_that_does_not_fit_stays() -> None:
    challenges.keep(PLACE, "right", seconds=60)
    assert challenges.take(PLACE, lambda kept: kept == "wrong") is None
    assert challenges.take(PLACE, lambda kept: kept == "right") == "right"


def test_one_is_over_after_its_time() -> None:
    challenges.keep(PLACE, "late", seconds=-1)
    assert challenges.find(PLACE) is None
    assert challenges.take(PLACE) is None


def test_of_many_at_once_one_takes_it() -> None:
    challenges.keep(PLACE, "only", seconds=60)

    def take() -> str | None:
        with session.opened():
            return challenges.take(PLACE)

    with ThreadPoolExecutor(8) as pool:
        taken = [future.result() for future in [pool.submit(take) for _ in range(8)]]
    assert sorted(taken, key=str) == [None] * 7 + ["only"]


def test_each_of_its_ways_is_one_call_or_two() -> None:
    with session.opened() as here:
        challenges.keep(PLACE, "one", seconds=60)
    assert here.calls == {"TransactWriteItems": 1}
    with session.opened() as here:
        challenges.take(PLACE)
    assert here.calls == {"GetItem": 1, "TransactWriteItems": 1}
