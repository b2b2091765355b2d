"""Jobs: what follows a transaction in transactions of its own, and survives the container that committed it.

A command adds a job to its changes, so that the job is written if the command is, and never else. The request runs it
as soon as the transaction has held, and takes the item away; where the request dies before, the stream function or the
sweep takes the job up once its lease is over. So a job may run twice, also side by side: each is written so that this
changes nothing. All jobs lie in one partition: there are few at a time, and one query finds what is left.
"""

import json
import logging
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from chalicelib.domain.jobs import apart
from chalicelib.records import clock
from chalicelib.store import bulk_deletion, keys, reads, session
from chalicelib.store.changes import Changes, write
from chalicelib.store.entry import Entry
from chalicelib.store.wire import Row

_log = logging.getLogger("vulpes.jobs")
# A request lasts 29 s at most, a function that takes jobs up up to five minutes.
_LEASE_OF_A_REQUEST: Final = 45
_LEASE_OF_A_FUNCTION: Final = 300
# The pause after a failure doubles up to an hour; with that many a job is tried for a week.
_LONGEST_PAUSE: Final = 3600
MOST_ATTEMPTS: Final = 160


@dataclass(frozen=True)
class Job:
    """A sort of job: its name in the table, and what it does; arguments are JSON."""

    name: str
    run: Callable[..., object]


JOBS: Final[dict[str, Job]] = {}


def job(name: str) -> Callable[[Callable[..., object]], Job]:
    """Declares what a job of that name does."""

    def declare(run: Callable[..., object]) -> Job:
        assert name not in JOBS, f"There are two jobs named {name}."
        JOBS[name] = Job(name, run)
        return JOBS[name]

    return declare


def enqueue(changes: Changes, wanted: Job, **arguments: Any) -> None:
    """Adds a job to a command: one item of its transaction, one deletion once it is done.

    arguments: of the job's function, as JSON. What was asked for is written by the time the job runs, so a failure of
    it is never the caller's: it is logged, and the job is tried again.
    """
    key = _put(changes, wanted, _LEASE_OF_A_REQUEST, arguments)
    changes.afterwards(partial(_attempt, key, wanted.name, arguments))


def enqueue_later(changes: Changes, wanted: Job, seconds: float, **arguments: Any) -> None:
    """Adds a job that the sweep does once so much time is over: another look, when nobody can be under way any more."""
    _put(changes, wanted, seconds, arguments)


def _put(changes: Changes, wanted: Job, seconds: float, arguments: Mapping[str, Any]) -> tuple[str, str]:
    key = keys.job(f"{clock.now()}#{secrets.token_hex(4)}")
    text = json.dumps({"job": wanted.name, "arguments": arguments, "caller_id": session.current().caller_id})
    changes.put(Entry(*key, doc=text, at=_lease(seconds), v=0))
    return key


def take_up(seconds: float) -> int:
    """Runs the jobs whose lease is over, for so long; gives how many were tried (one query, one write each)."""
    until = time.monotonic() + seconds
    tried: list[str] = []

    def take(row: Row) -> None:
        if time.monotonic() <= until and row.at is not None and clock.now() > row.at.S and _take(row):
            tried.append(row.sk.S)

    # What cannot even be tried holds up none of the others.
    apart.each((f"Taking up the job {row.sk.S}", partial(take, row)) for row in reads.rows(keys.JOBS))
    return len(tried)


def _take(row: Row) -> bool:
    """Tries a job that was left, unless somebody else was faster."""
    key = (row.pk.S, row.sk.S)
    attempts = int(row.v.N) + 1
    pause = min(_LEASE_OF_A_FUNCTION * 2 ** min(attempts - 1, 10), _LONGEST_PAUSE)
    seen, text = row.at.S if row.at else "", row.doc.S if row.doc else "{}"
    entry = Entry(*key, doc=text, at=_lease(pause if attempts < MOST_ATTEMPTS else None), v=attempts)

    def claim(changes: Changes) -> bool:
        if reads.claimant(key) != seen:
            return False
        changes.exchange(entry, seen)
        return True

    if not write(claim):
        return False
    stored = json.loads(text)
    with session.opened(stored["caller_id"]):
        _attempt(key, stored["job"], stored["arguments"])
    return True


def _attempt(key: tuple[str, str], name: str, arguments: Mapping[str, Any]) -> None:
    try:
        JOBS[name].run(**arguments)
        bulk_deletion.delete([key])
    except Exception:
        _log.exception("The job %s is tried again: %s", name, arguments)


def _lease(seconds: float | None) -> str:
    """Until when nobody else takes a job up; a job that failed too often is left to people, with None."""
    return clock.shift(clock.now(), seconds=seconds) if seconds is not None else "9999"
