"""The time people note on tasks (docs/contract/tasks.md section 9)."""

from typing import Any

import msgspec

from chalicelib.access import checks, rules
from chalicelib.access.rules import Asked, Rule, load
from chalicelib.domain import periods
from chalicelib.domain.tasks import time_spent
from chalicelib.domain.tasks.crud.time_spents import may_note
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.records.people import PERSON
from chalicelib.records.record import plain
from chalicelib.records.tasks import TASK, TIME_SPENT
from chalicelib.routes.answer_schemas import Shown

area = Area("time spent", "The time people note on tasks.")
_OF_TASK = "/actions/tasks/{task_id}/time-spents"
_OF_PERSON_AND_DAY = f"{_OF_TASK}/{{date}}/persons/{{person_id}}"


class Minutes(msgspec.Struct):
    """The minutes that were worked."""

    duration: Any = None


def _noting(call: Asked) -> None:
    """The subject is the task and the person."""
    task, person = load(TASK, call.params["task_id"]), load(PERSON, call.params["person_id"])
    periods.day_of(call.params["date"])
    checks.about_person(call.caller, person)
    may_note(call.caller, task, person.id)
    call.subject = task, person


_may_note = Rule("time access", _noting)


@area.post(_OF_PERSON_AND_DAY, access=_may_note, body=Minutes, answer=Shown(TIME_SPENT), status=201)
def set_time(call: Call) -> Any:
    """Sets the time of a person on a task and day."""
    task, person = call.subject
    return plain(time_spent.note(task, person, periods.day_of(call.params["date"]), call.body.duration))


@area.post(f"{_OF_PERSON_AND_DAY}/add", access=_may_note, body=Minutes, answer=Shown(TIME_SPENT), status=201)
def add_time(call: Call) -> Any:
    """Adds to the time of a person on a task and day."""
    task, person = call.subject
    day = periods.day_of(call.params["date"])
    return plain(time_spent.note(task, person, day, call.body.duration, add=True))


@area.delete(_OF_PERSON_AND_DAY, access=_may_note, answer=Shown(TIME_SPENT), status=201)
def remove_time(call: Call) -> dict[str, Any]:
    """Takes the time of a person on a task and day away."""
    task, person = call.subject
    return time_spent.forget(task, person, periods.day_of(call.params["date"]))


@area.get(_OF_TASK, access=rules.task_reader())
def read_time_of_task(call: Call) -> dict[str, Any]:
    """Reads the time noted on a task, by person."""
    return time_spent.on_task(call.subject)


@area.get(f"{_OF_TASK}/{{date}}", access=rules.task_reader())
def read_time_of_task_and_day(call: Call) -> dict[str, Any]:
    """Reads the time noted on a task on a day, by person."""
    return time_spent.on_task(call.subject, periods.day_of(call.params["date"]))
