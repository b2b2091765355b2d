"""Days off, by person and by period (docs/contract/people.md section 8)."""

from typing import Any

from chalicelib.access import checks, rules
from chalicelib.domain import periods
from chalicelib.domain.people import days_off
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.records.people import DAY_OFF, PERSON
from chalicelib.records.record import plain
from chalicelib.routes.answer_schemas import Shown

area = Area("days off", "When people are away.")
_OF_PERSON = "/data/persons/{person_id}/day-offs"
_ONE, _MANY = Shown(DAY_OFF), Shown(DAY_OFF, many=True)

_own = rules.of_record("the person, or admin", PERSON, "person_id", checks.about_person, checks.about_oneself)


@area.get(_OF_PERSON, access=_own, answer=_MANY)
def list_days_off(call: Call) -> list[Any]:
    """Lists the days off of a person."""
    return [plain(one) for one in days_off.of_person(call.subject)]


def _declare_period(word: str, path: str) -> None:
    @area.get(f"{_OF_PERSON}/{path}", access=_own, answer=_MANY, summary=f"Lists the days off that touch a {word}.")
    def list_days_off_of_period(call: Call) -> list[Any]:
        return [plain(one) for one in days_off.of_person(call.subject, periods.asked(call.params))]


_declare_period("year", "year/{year}")
_declare_period("month", "month/{year}/{month}")
_declare_period("week", "week/{year}/{week}")


def _declare_everybody(word: str, path: str) -> None:
    @area.get(
        f"/data/persons/day-offs/{path}",
        access=rules.signed_in,
        answer=_MANY,
        summary=f"Lists the days off of a {word}: an administrator's are everybody's, others' their own.",
    )
    def list_days_off_of_everybody(call: Call) -> list[Any]:
        return [plain(one) for one in days_off.of_everybody(call.caller, periods.asked(call.params))]


_declare_everybody("year", "{year}")
_declare_everybody("month", "{year}/{month}")


@area.get(f"{_OF_PERSON}/{{date}}", access=rules.known_person("person_id", checks.about_person), answer=_ONE)
def read_day_off(call: Call) -> Any:
    """Reads the day off of a person that holds a day; an empty list for who may not know."""
    day = periods.day_of(call.params["date"])
    if not days_off.may_see(call.caller, call.subject):
        return []
    found = days_off.on_day(call.subject, day)
    return plain(found) if found else {}


@area.get("/data/user/day-offs/{date}", access=rules.person, answer=_ONE)
def read_own_day_off(call: Call) -> Any:
    """Reads the caller's day off that holds a day."""
    found = days_off.on_day(call.caller.person, periods.day_of(call.params["date"]))
    return plain(found) if found else {}
