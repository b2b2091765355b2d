"""Who was at the desk when (docs/contract/people.md section 9)."""

from typing import Any

import msgspec

from chalicelib.access import checks, rules
from chalicelib.domain import periods
from chalicelib.domain.people import presence
from chalicelib.http import answers
from chalicelib.http.answers import Answer
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.interchange import csv_writing
from chalicelib.records.people import DESKTOP_LOGIN_LOG, PERSON
from chalicelib.records.record import plain
from chalicelib.routes.answer_schemas import Shown

area = Area("presence", "Who was at the desk when.")
_OF_PERSON = "/data/persons/{person_id}/desktop-login-logs"
_OWN = "/data/user/desktop-login-logs"
_ONE, _MANY = Shown(DESKTOP_LOGIN_LOG), Shown(DESKTOP_LOGIN_LOG, many=True)


class AtTheDesk(msgspec.Struct):
    """When somebody signed in to a desktop; now, where it is not said."""

    date: str | None = None


_reader = rules.of_record("the person, or manager or more", PERSON, "person_id", checks.about_oneself_or_manage)
_writer = rules.of_record("the person, or admin", PERSON, "person_id", checks.about_oneself)


@area.get(_OF_PERSON, access=_reader, answer=_MANY)
def list_logs(call: Call) -> list[Any]:
    """Lists when a person signed in to a desktop, newest first."""
    return [plain(log) for log in presence.logs(call.subject)]


@area.post(_OF_PERSON, access=_writer, body=AtTheDesk, answer=_ONE, form=True, status=201)
def note_log(call: Call) -> Any:
    """Notes that a person signed in to a desktop."""
    return plain(presence.log_presence(call.subject, call.body.date))


@area.get(_OWN, access=rules.person, answer=_MANY)
def list_own_logs(call: Call) -> list[Any]:
    """Lists when the caller signed in to a desktop, newest first."""
    return [plain(log) for log in presence.logs(call.caller.person)]


@area.post(_OWN, access=rules.person, body=AtTheDesk, answer=_ONE, form=True, status=201)
def note_own_log(call: Call) -> Any:
    """Notes that the caller signed in to a desktop."""
    return plain(presence.log_presence(call.caller.person, call.body.date))


@area.get("/data/persons/presence-logs/{month_date}", access=rules.admin, answer=csv_writing.MEDIA_TYPE)
def read_presence(call: Call) -> Answer:
    """Reads a table of a month: who was there on which day."""
    month = periods.month_of(call.params["month_date"])
    filename = f"presence_{month.first[:7]}.csv"
    return answers.binary(
        csv_writing.written(presence.sheet(month)), csv_writing.MEDIA_TYPE, filename=filename, attachment=True
    )
