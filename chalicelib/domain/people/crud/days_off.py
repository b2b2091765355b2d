"""The generic CRUD of days off (docs/contract/people.md section 8)."""

from collections.abc import Mapping
from typing import Any

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.domain.crud.collection import Collection
from chalicelib.domain.jobs.job import enqueue, job
from chalicelib.domain.people.days_off import overlapping
from chalicelib.domain.people.time_spent_deletion import clear_time
from chalicelib.domain.periods import Period
from chalicelib.errors import Forbidden, Invalid
from chalicelib.records.people import DAY_OFF
from chalicelib.records.record import Record
from chalicelib.store import keys
from chalicelib.store.changes import Changes


class DaysOff(Collection):
    """Days off: an admin's business, and that of the person."""

    kind = DAY_OFF

    def may_read(self, caller: Caller, record: Record) -> None:
        """Admins, and the person."""
        checks.is_self(caller, record["person_id"])

    def may_create(self, caller: Caller, values: Mapping[str, Any]) -> None:
        """Admins, and the person. Raises Invalid where nobody is named."""
        if not values.get("person_id"):
            raise Invalid("person_id is required.", "person_id", "an id")
        checks.is_self(caller, str(values["person_id"]).lower())

    def may_change(self, caller: Caller, record: Record, values: Mapping[str, Any]) -> None:
        """Admins, and the person, who cannot give it to somebody else."""
        self.may_read(caller, record)
        if not caller.is_admin and str(values.get("person_id", caller.id)).lower() != caller.id:
            raise Forbidden("Only an administrator gives a day off to somebody else.")

    def may_delete(self, caller: Caller, record: Record) -> None:
        """Admins, and the person."""
        self.may_read(caller, record)

    def new_values(self, caller: Caller, values: dict[str, Any]) -> dict[str, Any]:
        """A period that does not end before it begins."""
        del caller
        _refuse_backwards(values)
        return values

    def changed_values(self, caller: Caller, record: Record, values: dict[str, Any]) -> dict[str, Any]:
        """A period of somebody that does not end before it begins."""
        del caller
        period = {**record, **values}
        if not period["person_id"]:
            raise Invalid("person_id is required.", "person_id", "an id")
        _refuse_backwards(period)
        return values

    def created(self, changes: Changes, caller: Caller, record: Record) -> None:
        """Its event; the hours noted in the period go."""
        super().created(changes, caller, record)
        _settle(changes, record)

    def changed(self, changes: Changes, caller: Caller, old: Record, new: Record) -> None:
        """Its event; the hours noted in the period go."""
        super().changed(changes, caller, old, new)
        _settle(changes, new)


def _refuse_backwards(values: Mapping[str, Any]) -> None:
    if values["end_date"] < values["date"]:
        raise Invalid("A day off does not end before it begins.", "end_date", "a day not before date")


def _settle(changes: Changes, day_off: Record) -> None:
    home = keys.home_of_owner(day_off["person_id"])
    # Two periods that overlap are two records: only who comes first or second keeps them apart.
    changes.take_turn(keys.claim(home, DAY_OFF, "days of the person"))
    period = Period(day_off["date"], day_off["end_date"])
    if any(other.id != day_off.id for other in overlapping(home, period)):
        raise Invalid("The person has a day off in that period already.", "date", "days that are free")
    enqueue(changes, clear_days_off, person_id=day_off["person_id"], first=period.first, last=period.last)


@job("clear time on days off")
def clear_days_off(person_id: str, first: str, last: str) -> None:
    """Takes back the hours that a person noted on days off."""
    clear_time(person_id, Period(first, last))
