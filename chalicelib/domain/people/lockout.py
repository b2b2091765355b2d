"""Five wrong passwords close an account for a minute (docs/contract/people.md section 2.3)."""

from typing import Any, Final

from chalicelib.errors import Invalid
from chalicelib.records import clock
from chalicelib.records.people import PERSON
from chalicelib.records.record import Record
from chalicelib.store.changes import Changes, write

MOST_FAILURES: Final = 5
_CLOSED_SECONDS: Final = 60


def is_closed(person: Record) -> bool:
    """Whether the account is closed at this moment."""
    last = person["last_login_failed"]
    many = (person["login_failed_attemps"] or 0) >= MOST_FAILURES
    return many and last is not None and clock.shift(last, seconds=_CLOSED_SECONDS) > clock.now()


def refuse_closed(person: Record, **more: Any) -> None:
    """Raises Invalid while the account is closed, even to those who know the password; nothing is counted."""
    if is_closed(person):
        raise Invalid("Too many failed attempts; wait a minute.", too_many_failed_login_attemps=True, **more)


def count_failure(person_id: str) -> None:
    """Counts a failed attempt (one read, one transaction)."""

    def command(changes: Changes) -> None:
        person = changes.read(PERSON, person_id)
        failures = (person["login_failed_attemps"] or 0) + 1
        changes.update(person, login_failed_attemps=failures, last_login_failed=clock.now())

    write(command)
