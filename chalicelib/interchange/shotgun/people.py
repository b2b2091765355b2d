"""Persons of ShotGrid (docs/contract/interchange.md section 5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.domain.people import lookup, person_limit
from chalicelib.interchange.shotgun import entries, named
from chalicelib.interchange.shotgun.entries import Entry
from chalicelib.interchange.shotgun.known import Known
from chalicelib.interchange.shotgun.writing import Plan, Writer
from chalicelib.records.fields import STUDIO, string
from chalicelib.records.people import DEPARTMENT, PERSON
from chalicelib.records.record import Record
from chalicelib.store.changes import Changes

_NEEDED: Final = ("id", "firstname", "lastname", "email", "login")
_ROLES: Final = {"Manager": "manager", "Admin": "admin"}
# A record, its guards, and perhaps a department that it newly names.
_AT_ONCE: Final = 15
_OF_TEMPLATES: Final = "changeme@email.com"
_WORD: Final = string("word")


@dataclass(frozen=True)
class _Wanted:
    entry: Entry
    number: int
    values: dict[str, Any]
    department: str | None


def persons(sent: Any) -> list[Record]:
    """Persons, found by their ids, else by their addresses; of one who is there the department alone changes."""
    wanted = entries.read(sent, _person)
    departments = {one.department: named.department(one.department).id for one in wanted if one.department}
    known = Known(PERSON, STUDIO, (one.number for one in wanted))

    def plan(one: _Wanted) -> Plan:
        found = known.find(one.number) or lookup.by_email(one.values["email"])
        values = {"departments": [departments[one.department]]} if one.department else {}
        if found is None:
            return Plan(None, {**one.values, **values})
        # Whoever was found by the address is found by the id from now on: tasks name it.
        return Plan(found, values if found["shotgun_id"] is not None else {**values, "shotgun_id": one.number})

    return Writer(PERSON, STUDIO, known.look, plan, known.note, _take_places, _AT_ONCE).write(wanted)


def _take_places(changes: Changes, persons: Sequence[Record]) -> None:
    """Whoever is active needs a place."""
    if active := sum(bool(person["active"]) for person in persons):
        person_limit.claim_place(changes, active)


def _person(entry: Entry) -> _Wanted | None:
    fields = PERSON.by_name
    names = {
        name: entry.value(key, fields[name]) for name, key in (("first_name", "firstname"), ("last_name", "lastname"))
    }
    number, login = entry.number, entry.value("login", fields["desktop_login"])
    told = entry.value("email", _WORD)
    email = None if told == _OF_TEMPLATES else entry.value("email", fields["email"])
    status = entry.value("sg_status_list", _WORD)
    role = _ROLES.get(entry.value("permission_rule_set.name", _WORD), "user")
    department = entry.value("department.name", DEPARTMENT.by_name["name"])
    if number is None or email is None or None in names.values() or not entry.has_needed(*_NEEDED):
        return None
    active = status in (None, "act")
    values = {**names, "email": email, "desktop_login": login or "", "active": active, "role": role}
    return _Wanted(entry, number, {**values, "shotgun_id": number}, department or None)
