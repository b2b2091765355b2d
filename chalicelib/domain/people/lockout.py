"""Five wrong passwords close an account for a minute (docs/contract/people.md section 2.3).

A guess is counted before it is looked at: it takes one of the places that are left before the account closes, in one
conditional write, and keeps it until it is known to be right or wrong. So of many guesses made at once no more are
looked at than one after the other, and those that come too late are answered alike, the right one among them. A crowd
that knows the password waits for a place: places of right guesses are given back.
"""

import secrets
from typing import Any, Final

from chalicelib.errors import Invalid, Unavailable
from chalicelib.records import clock
from chalicelib.records.people import PERSON
from chalicelib.records.record import Record
from chalicelib.store import keys, reads
from chalicelib.store.changes import Changes, write
from chalicelib.store.patience import Patience

MOST_FAILURES: Final = 5
_CLOSED_SECONDS: Final = 60
# A guess whose container died keeps its place no longer.
_PLACE_SECONDS: Final = 60
_PATIENCE_SECONDS: Final = 10.0


def is_closed(person: Record) -> bool:
    """Whether the account is closed at this moment."""
    last = person["last_login_failed"]
    return _failures(person) >= MOST_FAILURES and last is not None and _opens(last) > clock.now()


def begin(person_id: str, **more: Any) -> str:
    """Takes a place for a guess, to be given back by `count_failure` or `give_back` (two reads, one transaction).

    Raises Invalid while the account is closed, even to those who know the password, and where no place gets free;
    nothing is counted then. `more` goes into the answer.
    """
    place = secrets.token_hex(8)

    def command(changes: Changes) -> bool:
        # The places first: whoever failed since has changed them.
        seen, taken = _places(person_id)
        person = changes.read(PERSON, person_id)
        if is_closed(person):
            raise _too_many(more)
        if len(taken) >= max(MOST_FAILURES - _failures(person), 1):
            return False
        _keep(changes, person_id, seen, [*taken, f"{place}:{clock.epoch(clock.now()) + _PLACE_SECONDS}"])
        return True

    patience = Patience(_PATIENCE_SECONDS)
    while not write(command):
        try:
            patience.wait("Others guess right now.")
        except Unavailable:
            raise _too_many(more) from None
    return place


def count_failure(person_id: str, place: str) -> None:
    """Counts a wrong guess and gives its place back (two reads, one transaction)."""

    def command(changes: Changes) -> None:
        give_back(changes, person_id, place)
        person = changes.read(PERSON, person_id)
        changes.update(person, login_failed_attemps=_failures(person) + 1, last_login_failed=clock.now())

    write(command)


def give_back(changes: Changes, person_id: str, place: str) -> None:
    """Gives the place of a guess back that was not wrong, along with the changes of a command (one read)."""
    seen, taken = _places(person_id)
    _keep(changes, person_id, seen, [one for one in taken if not one.startswith(place)])


def _places(person_id: str) -> tuple[str | None, list[str]]:
    """What is kept of the guesses under way, and the places that these hold still."""
    seen = reads.claimant(keys.guesses(person_id))
    now = clock.epoch(clock.now())
    return seen, [one for one in (seen or "").split()[1:] if int(one.partition(":")[2]) > now]


def _keep(changes: Changes, person_id: str, seen: str | None, taken: list[str]) -> None:
    # It is never the same twice, so that nobody takes it for what they saw before.
    changes.claim(keys.guesses(person_id), " ".join([secrets.token_hex(8), *taken]), seen)


def _failures(person: Record) -> int:
    return person["login_failed_attemps"] or 0


def _opens(last_failure: str) -> str:
    return clock.shift(last_failure, seconds=_CLOSED_SECONDS)


def _too_many(more: dict[str, Any]) -> Invalid:
    return Invalid("Too many failed attempts; wait a minute.", too_many_failed_login_attemps=True, **more)
