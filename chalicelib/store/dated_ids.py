"""Ids that tell the moment of their record, in kinds that are kept by the month (docs/adr/0021-events-in-order.md).

Behind the version stand a bit that says so and the months since 2000 (eleven bits), behind the variant the microseconds
since the month began (42 bits) and 20 at random: so the ids of a home and a month sort as their moments do.
"""

import datetime
from typing import Final

# No partition has an earlier month; the numbers of months in ids count from the year.
FIRST_MONTH: Final = "2026-11"
_FIRST_YEAR: Final = 2000
_MARK: Final = 0x800
_STEP: Final = datetime.timedelta(microseconds=1)
_LAST_STEP: Final = 2**42 - 1
_RANDOM_DIGITS: Final = 5
_VERSION: Final = 14


def beginning(prefix: str, moment: str, month: str | None = None) -> str | None:
    """What the ids of a moment in a home begin with, all but five digits; None where ids cannot tell it.

    prefix: what all ids of the home begin with. month: the one whose ids are meant, where the moment may lie outside.
    """
    within = month or moment[:7]
    number = (int(within[:4]) - _FIRST_YEAR) * 12 + int(within[5:7]) - 1 if within >= FIRST_MONTH else _MARK
    if number >= _MARK:
        return None
    if moment[:7] == within:
        steps = (datetime.datetime.fromisoformat(moment) - datetime.datetime.fromisoformat(f"{within}-01")) // _STEP
    else:
        steps = 0 if moment < within else _LAST_STEP
    digits = f"{steps:011x}"
    return f"{prefix}{_MARK | number:03x}-{'89ab'[int(digits[0])]}{digits[1:4]}-{digits[4:]}"


def new_id(prefix: str, moment: str, digits: str) -> str | None:
    """An id of that moment; None where ids cannot tell it. digits: at random."""
    begun = beginning(prefix, moment)
    return begun and begun + digits[:_RANDOM_DIGITS]


def is_dated(record_id: str) -> bool:
    """Whether an id tells a moment, or looks as if it did."""
    return record_id[_VERSION] == "8" and bool(int(record_id[_VERSION + 1], 16) & 8)


def month(record_id: str) -> str | None:
    """The month that an id tells, `YYYY-MM`, also one from before ids told their moment; None where it tells none."""
    if record_id[_VERSION] != "8":
        return None
    number = int(record_id[_VERSION + 1 : _VERSION + 4], 16) & ~_MARK
    told = f"{_FIRST_YEAR + number // 12}-{number % 12 + 1:02}"
    return told if told >= FIRST_MONTH else None


def moment(record_id: str) -> str | None:
    """The moment that an id tells, to the microsecond; None where it tells none."""
    told = month(record_id) if is_dated(record_id) else None
    if told is None:
        return None
    steps = int(f"{int(record_id[19], 16) & 3}{record_id[20:23]}{record_id[24:-_RANDOM_DIGITS]}", 16)
    begun = datetime.datetime.fromisoformat(f"{told}-01")
    return (begun + steps * _STEP).isoformat(timespec="microseconds")
