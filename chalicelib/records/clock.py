"""The time, in the form records keep it: UTC, to the microsecond, sortable as text."""

import datetime
import threading
from typing import Final

SECONDS: Final = 19  # the length of YYYY-MM-DDTHH:MM:SS
_MICROSECONDS: Final = 26  # the same with .ffffff
_STEP: Final = datetime.timedelta(microseconds=1)


class _Clock:
    """Never gives the same moment twice in a process, so that what happens in order is listed in order."""

    def __init__(self) -> None:
        self._last = datetime.datetime.min
        self._lock = threading.Lock()

    def read(self) -> datetime.datetime:
        moment = datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
        with self._lock:
            self._last = moment if moment > self._last else self._last + _STEP
            return self._last


_clock = _Clock()


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


def parse(text: str) -> str:
    """A moment or a day as a client writes it, as records keep it; ValueError where it is none."""
    return stamp(datetime.datetime.fromisoformat(text.strip().replace(" ", "T", 1).replace("Z", "+00:00")))


def whole(moment: str) -> str:
    """A kept moment to the microsecond, also where it was read from an answer and lacks the fraction."""
    return f"{moment}.000000"[:_MICROSECONDS]


def shown(moment: str) -> str:
    """A kept moment as answers show it: to the second."""
    return moment[:SECONDS]
