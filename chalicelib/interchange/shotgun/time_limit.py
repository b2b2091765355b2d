"""How long an import may write: who is out of time begins again elsewhere, and passes over what is there."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from chalicelib.records.record import Record


class OutOfTime(Exception):
    """There is no time for the rest; what was written stays."""


class TimeLimit:
    """The time of one run: what it was through with, and what that became."""

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds
        self.done = 0
        self.taken: dict[str, Record] = {}

    def note(self, done: Sequence[Record | None]) -> None:
        """Notes entries that are through."""
        self.done += len(done)
        self.taken |= {record.id: record for record in done if record is not None}

    def check(self) -> None:
        """Raises OutOfTime once it is over."""
        if time.monotonic() > self._until:
            raise OutOfTime


_current: ContextVar[TimeLimit | None] = ContextVar("time_limit", default=None)


def current() -> TimeLimit | None:
    """The limit of this run; None for one that takes as long as it takes."""
    return _current.get()


@contextmanager
def limited(seconds: float) -> Iterator[TimeLimit]:
    """Lets imports in the body write for so long."""
    made = TimeLimit(seconds)
    token = _current.set(made)
    try:
        yield made
    finally:
        _current.reset(token)
