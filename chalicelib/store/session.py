"""What belongs to one request: who asks, what it cost, what the reference stamp was. Isolated between threads."""

import contextlib
import time
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final

AUTHOR_SIGN: Final = "/"
MOVED: Final = "/moved"
_OF_THE_REQUEST: Final = 8


@dataclass
class Session:
    """The state of one request, or of one run of a queue function."""

    caller_id: str | None = None
    # What the log calls the request; empty outside of any.
    request_id: str = ""
    calls: dict[str, int] = field(default_factory=dict)
    units: float = 0.0
    # The reference stamp of this request; None until it was read (store/reference.py).
    stamp: int | None = None
    # Up to when, by `time.monotonic`, it may wait for others; None where nobody waits for it (store/patience.py).
    until: float | None = None
    # Partitions that the container has no room for: this request reads them once (store/partitions.py).
    borrowed: dict[Any, Any] = field(default_factory=dict)

    @property
    def call_count(self) -> int:
        """How many requests went to the database."""
        return sum(self.calls.values())


_current: ContextVar[Session | None] = ContextVar("session", default=None)


@contextlib.contextmanager
def opened(caller_id: str | None = None, seconds: float | None = None, request_id: str = "") -> Iterator[Session]:
    """Runs the body in a session of its own, which waits no longer than so many seconds for others."""
    made = Session(caller_id, request_id, until=None if seconds is None else time.monotonic() + seconds)
    token = _current.set(made)
    try:
        yield made
    finally:
        _current.reset(token)


def current() -> Session:
    """The session of this request; one is made where code runs outside any (commands, the shell)."""
    found = _current.get()
    if found is None:
        found = Session()
        _current.set(found)
    return found


def author(moves: bool = False) -> str:
    """Who writes, as an item bears it: the person and the beginning of the request's id, either perhaps empty.

    moves: whether the record goes from one home into another; then that is noted, where it comes from and goes to.
    The whole of the id would be 28 bytes more in each record and each of its index entries, and finds no more.
    """
    here = current()
    return f"{here.caller_id or ''}{AUTHOR_SIGN}{here.request_id[:_OF_THE_REQUEST]}{MOVED if moves else ''}"


def cost() -> tuple[int, float]:
    """The requests to the database of this session so far, and their capacity units."""
    here = current()
    return here.call_count, here.units


def count(operation: str, consumed: Any) -> None:
    """Notes a request to the database and its capacity units (one `_Capacity`, several, or none)."""
    here = current()
    here.calls[operation] = here.calls.get(operation, 0) + 1
    for capacity in consumed if isinstance(consumed, list) else [consumed] if consumed else []:
        here.units += capacity.CapacityUnits
