"""Days, weeks, months and years as paths name them.

Source: docs/contract/people.md section 8, docs/contract/tasks.md section 9.
"""

import calendar
import datetime
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from chalicelib.errors import Invalid, NotFound
from chalicelib.records import clock, validation
from chalicelib.records.fields import date
from chalicelib.records.validation import value_of

_FIRST_YEAR: Final = 2010
# Where the day begins first: a year has come as soon as it has come to somebody.
_EARLIEST_ZONE_HOURS: Final = 14


class Period(NamedTuple):
    """Some days, from `first` to `last`, both included, `YYYY-MM-DD`."""

    first: str
    last: str


EVER: Final = Period("0000-00-00", "9999-99-99")


def span(query: Mapping[str, str]) -> Period:
    """The days between `start_date` and `end_date`, both included; all there are without either.

    Raises Invalid where one is missing or no day.
    """
    first, last = query.get("start_date"), query.get("end_date")
    if bool(first) != bool(last):
        raise Invalid("One date of a span is missing.", "start_date", "start_date and end_date, or neither")
    return Period(_day(first, "start_date"), _day(last, "end_date")) if first and last else EVER


def _day(text: str, name: str) -> str:
    return str(value_of(date(name), text))


def asked(params: Mapping[str, str]) -> Period:
    """The period that the parameters of a path name: a day, a week, a month or a year; NotFound where it is none."""
    if "day" in params:
        return day(params["year"], params["month"], params["day"])
    if "week" in params:
        return week(params["year"], params["week"])
    return month(params["year"], params["month"]) if "month" in params else year(params["year"])


def in_calendar(params: Mapping[str, str]) -> Period:
    """The year or month of the calendar that the parameters of a path name, whichever; without any, all time."""
    if "month" in params:
        return any_month(params["year"], params["month"])
    return any_year(params["year"]) if "year" in params else EVER


def day_of(text: str) -> str:
    """A day out of a path, `YYYY-MM-DD`; NotFound where it is none."""
    try:
        return validation.day(text)
    except ValueError:
        raise _none(text, "a day", "YYYY-MM-DD") from None


def year(year: str) -> Period:
    """A year from 2010 to the present one; NotFound for any other. `06` and `6` are the same here and below."""
    number = _number(year)
    latest = int(clock.shift(clock.now(), hours=_EARLIEST_ZONE_HOURS)[:4])
    if not _FIRST_YEAR <= number <= latest:
        raise _none(year, "a year", f"{_FIRST_YEAR} to {latest}")
    return _calendar_year(number)


def month(year_: str, month_: str) -> Period:
    """A month of such a year; NotFound where it is none."""
    return _calendar_month(int(year(year_).first[:4]), month_)


def week(year_: str, week_: str) -> Period:
    """An ISO week of such a year, Monday to Sunday; NotFound for a 53rd one where the year has none."""
    number = int(year(year_).first[:4])
    try:
        monday = datetime.date.fromisocalendar(number, _number(week_), 1)
    except ValueError:
        raise _none(week_, "a week", "1 to 52, or 53 in a long year") from None
    return Period(monday.isoformat(), (monday + datetime.timedelta(days=6)).isoformat())


def day(year_: str, month_: str, day_: str) -> Period:
    """A day of such a year; NotFound where it is none, 30 February say."""
    days = month(year_, month_)
    number = _number(day_)
    if not 1 <= number <= int(days.last[8:]):
        raise _none(day_, "a day of that month", f"1 to {days.last[8:]}")
    return Period(*[f"{days.first[:8]}{number:02}"] * 2)


def any_year(year_: str) -> Period:
    """A year of the calendar, whichever; NotFound where it is none."""
    number = _number(year_)
    if not datetime.MINYEAR <= number <= datetime.MAXYEAR:
        raise _none(year_, "a year", f"{datetime.MINYEAR} to {datetime.MAXYEAR}")
    return _calendar_year(number)


def any_month(year_: str, month_: str) -> Period:
    """A month of the calendar, of whichever year; NotFound where it is none."""
    return _calendar_month(int(any_year(year_).first[:4]), month_)


def month_of(text: str) -> Period:
    """A month as one word, `YYYY-MM`; NotFound where it is none."""
    year_, dash, month_ = text.partition("-")
    if not dash or len(year_) != 4 or len(month_) != 2:
        raise _none(text, "a month", "YYYY-MM")
    return any_month(year_, month_)


def _calendar_year(number: int) -> Period:
    return Period(f"{number:04}-01-01", f"{number:04}-12-31")


def _calendar_month(number: int, month_: str) -> Period:
    asked = _number(month_)
    if not 1 <= asked <= 12:
        raise _none(month_, "a month", "1 to 12")
    _, length = calendar.monthrange(number, asked)
    return Period(f"{number:04}-{asked:02}-01", f"{number:04}-{asked:02}-{length}")


def _number(text: str) -> int:
    """A number in plain digits; one that no calendar has for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else -1


def _none(given: str, what: str, expected: str) -> NotFound:
    data: dict[str, Any] = {"given": given, "expected": expected}
    return NotFound(f"{given!r} is not {what}.", data)
