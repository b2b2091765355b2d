"""The time, in the form records keep it: UTC, to the microsecond, sortable as text."""

import datetime
import logging
import threading
from typing import Final

SECONDS: Final = 19  # the length of YYYY-MM-DDTHH:MM:SS
_MICROSECONDS: Final = 26  # the same with .ffffff
_STEP: Final = datetime.timedelta(microseconds=1)
_NOTHING: Final = datetime.timedelta()
_SET_BACK: Final = datetime.timedelta(seconds=1)
# An answer tells its moment in whole seconds, and took a while to come.
_TOLERANCE: Final = datetime.timedelta(seconds=2.5)
_HALF_A_SECOND: Final = datetime.timedelta(seconds=0.5)
_log = logging.getLogger("vulpes.records")


def machine() -> datetime.datetime:
    """The time of this machine's clock."""
    return datetime.datetime.now(datetime.UTC).replace(tzinfo=None)


class _Clock:
    """Never gives the same moment twice in a process, so that what happens in order is listed in order.

    `source` is the machine's clock; `ahead` by how much others, whose word counts, are ahead of it.
    """

    def __init__(self) -> None:
        self.source = machine
        self.ahead = _NOTHING
        self._last = datetime.datetime.min
        self._lock = threading.Lock()

    def moment(self) -> datetime.datetime:
        return self.source() + self.ahead

    def read(self) -> datetime.datetime:
        moment = self.moment()
        with self._lock:
            # A clock that was set back is followed: what it gave before was wrong.
            forward = moment > self._last or self._last - moment > _SET_BACK
            self._last = moment if forward else self._last + _STEP
            return self._last


_clock = _Clock()


def moment() -> datetime.datetime:
    """This moment in UTC, without a zone."""
    return _clock.moment()


def agree(told: datetime.datetime) -> None:
    """Takes the time from the database, which is asked all the time, where this machine's clock is off by seconds.

    told: the moment of an answer that just came, in whole seconds. All containers ask one database: so their stamps
    can be compared, whatever their own clocks say.
    """
    difference = told + _HALF_A_SECOND - _clock.source()
    if abs(difference - _clock.ahead) <= _TOLERANCE:
        return
    _clock.ahead = difference if abs(difference) > _TOLERANCE else _NOTHING
    _log.warning("This machine's clock is off by %.1f s; the database's counts.", -difference.total_seconds())


def seconds() -> float:
    """This moment in seconds since 1970."""
    return _clock.moment().replace(tzinfo=datetime.UTC).timestamp()


def now() -> str:
    """This moment, `YYYY-MM-DDTHH:MM:SS.ffffff`; each call gives a later one."""
    return stamp(_clock.read())


def stamp(moment: datetime.datetime) -> str:
    """A moment as records keep it; one without a zone is taken as UTC."""
    if moment.tzinfo is not None:
        moment = moment.astimezone(datetime.UTC).replace(tzinfo=None)
    return moment.isoformat(timespec="microseconds")


def today() -> str:
    """The day in UTC, `YYYY-MM-DD`."""
    return now()[:10]


def shift(moment: str, **delta: float) -> str:
    """A kept moment, so much later: `shift(now(), days=-1)`."""
    return stamp(datetime.datetime.fromisoformat(moment) + datetime.timedelta(**delta))


def epoch(moment: str) -> int:
    """A kept moment in seconds since 1970."""
    return int(datetime.datetime.fromisoformat(moment).replace(tzinfo=datetime.UTC).timestamp())


def seconds_between(earlier: str, later: str) -> float:
    """How many seconds lie between two kept moments."""
    return (datetime.datetime.fromisoformat(later) - datetime.datetime.fromisoformat(earlier)).total_seconds()


def parse(text: str) -> str:
    """A moment or a day as a client writes it, as records keep it; ValueError where it is none.

    That is also what in UTC lies before the first year or after the last: `0001-01-01T00:00:00+23:59`.
    """
    try:
        return stamp(datetime.datetime.fromisoformat(text.strip().replace(" ", "T", 1).replace("Z", "+00:00")))
    except OverflowError:
        raise ValueError(text) from None


def whole(moment: str) -> str:
    """A kept moment to the microsecond, also where it was read from an answer and lacks the fraction, or some of it."""
    return (moment if "." in moment else f"{moment}.").ljust(_MICROSECONDS, "0")


def shown(moment: str) -> str:
    """A kept moment as answers show it: to the second."""
    return moment[:SECONDS]
