"""Patience with what is throttled, held up or lost on its way: pauses that grow and vary, within the request's time."""

import random
import time
from typing import Final

from chalicelib.errors import Unavailable
from chalicelib.store import session

# API Gateway gives up on a request after 29 s: what is begun last takes some of them.
REQUEST_SECONDS: Final = 20.0
# How long one call to the database is tried again.
CALL_SECONDS: Final = 10.0
_SHORTEST: Final = 0.025
_LONGEST: Final = 1.0


class Patience:
    """The pauses between the tries of one piece of work, until its time or that of the request is over."""

    def __init__(self, seconds: float = CALL_SECONDS) -> None:
        end = time.monotonic() + seconds
        until = session.current().until
        self._until = end if until is None else min(end, until)
        self._pauses = 0

    def wait(self, what: str) -> None:
        """Pauses before another try; raises Unavailable, which says `what` failed, where no time is left for one."""
        self._pauses += 1
        pause = random.uniform(0, min(_LONGEST, _SHORTEST * 2**self._pauses))
        if time.monotonic() + pause > self._until:
            raise Unavailable(f"{what} Try again.")
        time.sleep(pause)
