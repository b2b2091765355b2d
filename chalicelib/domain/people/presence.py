"""Who was at the desk on which day: logs of sign-ins to desktops (docs/contract/people.md section 9)."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from chalicelib.domain.periods import Period
from chalicelib.events.journal import emit_for
from chalicelib.records import clock
from chalicelib.records.people import DESKTOP_LOGIN_LOG, PERSON
from chalicelib.records.record import Record
from chalicelib.records.validation import value_of
from chalicelib.store import keys, reads, reference
from chalicelib.store.changes import Changes, write

_DATE = DESKTOP_LOGIN_LOG.by_name["date"]


def logs(person: Record) -> list[Record]:
    """The logs of a person, newest first (one query)."""
    return reads.query(DESKTOP_LOGIN_LOG, keys.home_of_owner(person.id), "date", descending=True)


def log_presence(person: Record, moment: Any = None) -> Record:
    """A new log of a person, of that moment or of now; Invalid for what is no moment."""
    date = clock.now() if moment is None else value_of(_DATE, moment)

    def command(changes: Changes) -> Record:
        log = changes.create(DESKTOP_LOGIN_LOG, {"person_id": person.id, "date": date})
        emit_for(changes, log, "new")
        move_on(changes, person.id, date[:10])
        return log

    return write(command)


def move_on(changes: Changes, person_id: str | None, day: str) -> None:
    """The last day a person was there, by a log or by time spent, when it moves on; the journal tells of it."""
    known = reference.find(PERSON, person_id)
    if known is None or (known["last_presence"] or "") >= day:
        return
    person = changes.read(PERSON, known.id)
    if (person["last_presence"] or "") < day:
        emit_for(changes, changes.update(person, last_presence=day), "update")


def sheet(month: Period) -> list[list[str]]:
    """A table of a month: the year and its days; then each active person with an X for every day they were there.

    By first, then last name. A query a person, side by side.
    """
    everybody = (one for one in reference.every(PERSON).values() if one["active"] and not one["is_bot"])
    people = sorted(everybody, key=lambda one: (one["first_name"], one["last_name"], one.id))
    days = list(_days(month))
    found = reads.parallel([partial(_days_there, person, month) for person in people])
    head = [month.first[:4], *(str(int(day[8:])) for day in days)]
    rows = [
        [person["full_name"], *("X" if day in there else "" for day in days)]
        for person, there in zip(people, found, strict=True)
    ]
    return [head, *rows]


def _days(month: Period) -> Iterator[str]:
    for number in range(1, int(month.last[8:]) + 1):
        yield f"{month.first[:8]}{number:02}"


def _days_there(person: Record, month: Period) -> set[str]:
    # A moment sorts after the day it begins with, and before the next one.
    condition = ("..", month.first, f"{month.last}~")
    found = reads.query(DESKTOP_LOGIN_LOG, keys.home_of_owner(person.id), "date", condition)
    return {log["date"][:10] for log in found}
