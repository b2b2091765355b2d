"""Days off: the lists of a person or a period (docs/contract/people.md section 8)."""

from functools import partial

from chalicelib.access.caller import Caller
from chalicelib.domain.periods import Period
from chalicelib.records.people import DAY_OFF, PERSON
from chalicelib.records.record import Record
from chalicelib.store import keys, reads, reference


def overlapping(home: str, period: Period) -> list[Record]:
    """The days off of the person at that home that touch a period, earliest first (one query)."""
    begun = reads.query(DAY_OFF, home, "date", ("<", f"{period.last}~"))
    return [one for one in begun if one["end_date"] >= period.first]


def of_person(person: Record, period: Period | None = None) -> list[Record]:
    """The days off of a person, or those that touch a period, earliest first (one query)."""
    home = keys.home_of_owner(person.id)
    return overlapping(home, period) if period else reads.query(DAY_OFF, home, "date")


def on_day(person: Record, day: str) -> Record | None:
    """The day off of a person that holds that day, or None (one query)."""
    return next(iter(of_person(person, Period(day, day))), None)


def may_see(caller: Caller, person: Record) -> bool:
    """Whether somebody is told of a day of a person: the person, and supervisors or more."""
    return caller.id == person.id or caller.is_supervisor


def of_everybody(caller: Caller, period: Period) -> list[Record]:
    """The days off that touch a period: for an admin everybody's, for others their own. A query a person."""
    people = reference.every(PERSON).values() if caller.is_admin else [caller.person]
    found = reads.parallel([partial(of_person, person, period) for person in people if not person["is_bot"]])
    return [day_off for part in found for day_off in part]
