"""Days, weeks, months and years out of paths."""

from collections.abc import Callable

import pytest

from chalicelib.domain import periods
from chalicelib.domain.periods import Period
from chalicelib.errors import NotFound


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        (periods.year("2020"), "2020-01-01", "2020-12-31"),
        (periods.month("2020", "02"), "2020-02-01", "2020-02-29"),
        (periods.month("2021", "2"), "2021-02-01", "2021-02-28"),
        (periods.week("2021", "1"), "2021-01-04", "2021-01-10"),
        (periods.week("2020", "53"), "2020-12-28", "2021-01-03"),
        (periods.day("2021", "3", "01"), "2021-03-01", "2021-03-01"),
        (periods.any_year("1999"), "1999-01-01", "1999-12-31"),
        (periods.any_month("1999", "12"), "1999-12-01", "1999-12-31"),
        (periods.month_of("2021-12"), "2021-12-01", "2021-12-31"),
    ],
)
def test_a_period_is_its_first_and_its_last_day(period: Period, first: str, last: str) -> None:
    assert period == (first, last)


@pytest.mark.parametrize(
    ("read", "words"),
    [
        (periods.year, ["2009"]),
        (periods.year, ["9999"]),
        (periods.year, ["-2020"]),
        (periods.year, ["2_020"]),
        (periods.year, ["٢٠٢٠"]),
        (periods.month, ["2021", "0"]),
        (periods.month, ["2021", "13"]),
        (periods.week, ["2021", "53"]),
        (periods.week, ["2021", "0"]),
        (periods.day, ["2021", "2", "29"]),
        (periods.day, ["2021", "2", "0"]),
        (periods.any_year, ["0"]),
        (periods.any_year, ["10000"]),
        (periods.any_month, ["2021", "x"]),
        (periods.month_of, ["2021-1"]),
        (periods.day_of, ["2021-02-30"]),
    ],
)
def test_what_no_calendar_has_is_not_found(read: Callable[..., object], words: list[str]) -> None:
    with pytest.raises(NotFound):
        read(*words)
