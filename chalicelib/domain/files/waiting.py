"""Waiting in a request for what the queue function makes."""

import time
from collections.abc import Callable
from typing import Final, TypeVar

from chalicelib.errors import VulpesError

T = TypeVar("T")
WAIT_SECONDS: Final = 20.0
LOOK_EVERY: Final = 0.4


class NotYet(VulpesError):
    """The queue function did not answer in time (503, try again)."""

    status = 503


def until(look: Callable[[], T | None], refusal: str) -> T:
    """What `look` finds, as soon as it finds something; NotYet with that text where a request has no more time."""
    found = found_in_time(look)
    if found is None:
        raise NotYet(refusal)
    return found


def found_in_time(look: Callable[[], T | None]) -> T | None:
    """What `look` finds, as soon as it finds something; None where a request has no more time."""
    end = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < end:
        found = look()
        if found is not None:
            return found
        time.sleep(LOOK_EVERY)
    return None
