"""When a schedule of the app is due: `rate(5 minutes)` and `cron(0 3 * * ? *)` as EventBridge writes them, in UTC."""

import datetime
import re
from typing import Any

_UNITS = {"minute": 60.0, "hour": 3600.0, "day": 86400.0}
# Names of months and days, by the largest value of their field.
_NAMES = {
    12: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
    7: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"],
}
# The least and the largest value of minute, hour, day of month, month, day of week, year.
_BOUNDS = ((0, 59), (0, 23), (1, 31), (1, 12), (1, 7), (1970, 2199))


def next_run(expression: Any, last: float) -> float:
    """The time of the next run after `last` (seconds since 1970); ValueError for what is no schedule.

    `expression` is a text or chalice's Rate or Cron.
    """
    text = str(expression.to_string() if hasattr(expression, "to_string") else expression)
    rate = re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", text)
    if rate:
        return last + int(rate[1]) * _UNITS[rate[2]]
    cron = re.fullmatch(r"cron\((\S+) (\S+) (\S+) (\S+) (\S+) (\S+)\)", text)
    if not cron:
        raise ValueError(f"{text!r} is no schedule")
    allowed = [_values(field, *bounds) for field, bounds in zip(cron.groups(), _BOUNDS, strict=True)]
    return _next_match(allowed, last)


def _values(field: str, least: int, largest: int) -> set[int]:
    for number, name in enumerate(_NAMES.get(largest, []), 1):
        field = field.upper().replace(name, str(number))
    values: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        start, _, last = span.partition("-")
        if start in ("*", "?"):
            low, high = least, largest
        else:
            low = int(start)
            high = int(last) if last else (largest if step else low)
        if not least <= low <= high <= largest:
            raise ValueError(f"{part!r} is out of bounds in a schedule")
        values.update(range(low, high + 1, int(step or 1)))
    return values


def _next_match(allowed: list[set[int]], last: float) -> float:
    minutes, hours, days, months, weekdays, years = allowed
    moment = datetime.datetime.fromtimestamp(last, datetime.UTC).replace(second=0, microsecond=0)
    moment += datetime.timedelta(minutes=1)
    end = moment + datetime.timedelta(days=366 * 8)
    while moment < end:
        weekday = moment.isoweekday() % 7 + 1  # EventBridge counts from Sunday = 1
        if not (moment.year in years and moment.month in months and moment.day in days and weekday in weekdays):
            moment = moment.replace(hour=0, minute=0) + datetime.timedelta(days=1)
        elif moment.hour not in hours:
            moment = moment.replace(minute=0) + datetime.timedelta(hours=1)
        elif moment.minute not in minutes:
            moment += datetime.timedelta(minutes=1)
        else:
            return moment.timestamp()
    raise ValueError("the schedule never comes")
