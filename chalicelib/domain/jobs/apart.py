"""Doing several things of which each may fail alone: what is beside a failure is done nevertheless."""

import logging
from collections.abc import Callable, Iterable

_log = logging.getLogger("vulpes.jobs")
Things = Iterable[tuple[str, Callable[[], object]]]


def each(things: Things) -> list[Exception]:
    """Does all of them, in order; gives what failed, which is in the log under its name."""
    failures = []
    for name, do in things:
        try:
            do()
        except Exception as problem:
            _log.exception("%s failed; the rest goes on.", name)
            failures.append(problem)
    return failures


def every(things: Things) -> None:
    """Does all of them, in order; raises in the end where some failed, so that the function counts as failed."""
    if failures := each(things):
        raise ExceptionGroup(f"{len(failures)} of several things failed.", failures)
