"""The time people noted: by person and period, in tables, one's own (docs/contract/tasks.md section 9)."""

from typing import Any

from chalicelib.access import checks, rules
from chalicelib.access.rules import about
from chalicelib.domain import periods
from chalicelib.domain.periods import Period
from chalicelib.domain.tasks import time_sheets, time_spent
from chalicelib.domain.tasks.time_sheets import Unit
from chalicelib.errors import Invalid
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.records.people import PERSON
from chalicelib.records.record import Record, plain
from chalicelib.records.tasks import TASK, TIME_SPENT
from chalicelib.routes.answer_schemas import Shape, Shown
from chalicelib.store import keys

area = Area("time sheets", "The time people noted, by person and period.")
_OF_PERSON = "/data/persons/{person_id}/time-spents"
_TABLES = "/data/persons/time-spents"
_MANY = Shown(TIME_SPENT, many=True)
_SPAN = {"start_date": "From this day on.", "end_date": "Up to this day, included."}
_TABLE_QUERY = {
    "project_id": "Time on this production alone.",
    "department_id": "Time on task types of this department alone.",
    "studio_id": "Time of people of this studio alone.",
}


class Sums:
    """Sums of minutes, one a task, with the names of what the task is on."""

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema."""
        ids = {name: {"type": "string", "format": "uuid"} for name in ("task_id", "task_type_id", "project_id")}
        words = ("project_name", "entity_name", "entity_type_name", "sequence_name", "episode_name")
        names = {name: {"type": ["string", "null"]} for name in words}
        return {"type": "array", "items": Shape(**ids, **names, duration={"type": "number"}).schema()}


class Table:
    """Minutes by unit of time and person."""

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema."""
        minutes = {"type": "object", "additionalProperties": {"type": "number"}}
        return {"type": "object", "additionalProperties": minutes}


_scope = rules.of_record(
    "the person, admin, or manager or supervisor for their productions",
    PERSON,
    "person_id",
    time_sheets.may_read,
)
_own = rules.of_record("the person, or admin", PERSON, "person_id", checks.about_person, checks.about_oneself)
_admin = rules.of_record("admin", PERSON, "person_id", about(checks.administer), checks.about_person)
_own_task = rules.of_record("signed in as a person", TASK, "task_id", bots=False)


def _rows(entries: list[Record]) -> list[Any]:
    return [plain(entry) for entry in entries]


def _day(call: Call) -> Period:
    return Period(*[periods.day_of(call.params["date"])] * 2)


# -- of a person -------------------------------------------------------------------------------------------------------
@area.get(_OF_PERSON, access=_admin, query=_SPAN, answer=_MANY)
def list_time_of_person(call: Call) -> list[Any]:
    """Lists the time of a person between two days."""
    return _rows(time_sheets.of_person(call.caller, call.subject, periods.span(call.query)))


@area.get(f"{_OF_PERSON}/{{date}}", access=_scope, answer=_MANY)
def list_time_of_person_and_day(call: Call) -> list[Any]:
    """Lists the time of a person on a day."""
    return _rows(time_sheets.of_person(call.caller, call.subject, _day(call)))


@area.get(f"{_OF_PERSON}/month/all/{{year}}/{{month}}", access=_own, answer=_MANY)
def list_time_of_person_and_month(call: Call) -> list[Any]:
    """Lists the time of a person in a month."""
    return _rows(time_sheets.of_person(call.caller, call.subject, periods.asked(call.params)))


def _declare_sums(word: str, path: str) -> None:
    @area.get(
        f"{_OF_PERSON}/{word}/{path}",
        access=_scope,
        query={"project_id": _TABLE_QUERY["project_id"]},
        answer=Sums(),
        summary=f"Sums up the time of a person in a {word}, by task.",
    )
    def sum_time_of_person(call: Call) -> list[dict[str, Any]]:
        project_id = call.query.get("project_id")
        if project_id and not keys.is_id(project_id):
            raise Invalid("project_id is not an id.", "project_id", "an id")
        period = periods.asked(call.params)
        return time_sheets.sums(time_sheets.of_person(call.caller, call.subject, period, project_id))


_declare_sums("year", "{year}")
_declare_sums("month", "{year}/{month}")
_declare_sums("week", "{year}/{week}")
_declare_sums("day", "{year}/{month}/{day}")


@area.get("/data/entities/{entity_id}/time-spents", access=rules.entity_reader(), answer=_MANY)
def list_time_on_entity(call: Call) -> list[Any]:
    """Lists the time on the tasks of an entity, latest day first."""
    return _rows(time_sheets.on_entity(call.subject))


# -- tables ------------------------------------------------------------------------------------------------------------
def _declare_table(unit: Unit, path: str) -> None:
    @area.get(
        f"{_TABLES}/{unit}-table/{path}",
        access=rules.signed_in,
        query=_TABLE_QUERY,
        answer=Table(),
        summary=f"The minutes of each person by {unit}, of those whose time the caller may know.",
    )
    def read_table(call: Call) -> dict[str, dict[str, float]]:
        return time_sheets.table(call.caller, unit, periods.in_calendar(call.params), call.query)


_declare_table("year", "")
_declare_table("month", "{year}")
_declare_table("week", "{year}")
_declare_table("day", "{year}/{month}")


# -- one's own ---------------------------------------------------------------------------------------------------------
@area.get("/data/user/time-spents", access=rules.person, query=_SPAN, answer=_MANY)
def list_own_time(call: Call) -> list[Any]:
    """Lists the caller's time between two days."""
    return _rows(time_sheets.of_person(call.caller, call.caller.person, periods.span(call.query)))


@area.get("/data/user/time-spents/{date}", access=rules.person, answer=_MANY)
def list_own_time_of_day(call: Call) -> list[Any]:
    """Lists the caller's time on a day."""
    return _rows(time_sheets.of_person(call.caller, call.caller.person, _day(call)))


@area.get("/data/user/tasks/{task_id}/time-spents/{date}", access=_own_task, answer=Shown(TIME_SPENT))
def read_own_time_on_task(call: Call) -> Any:
    """Reads the caller's time on a task and day; null where there is none."""
    day = periods.day_of(call.params["date"])
    found = time_spent.of_person_on_task(call.caller.person, call.subject, day)
    return plain(found) if found else None
