"""What follows once a transaction has held, in transactions of its own."""

import logging
from collections.abc import Callable
from typing import Any

from chalicelib.store.changes import Changes

_log = logging.getLogger("vulpes.tasks")


def follow(changes: Changes, effect: Callable[[], Any], what: str) -> None:
    """Does something after a command was committed.

    What was asked for is done by then: a failure here is noted and not told, or the caller would ask again.
    """

    def run() -> None:
        try:
            effect()
        except Exception:
            _log.exception("This did not follow on what was written: %s", what)

    changes.afterwards(run)
