"""What administrators do about persons; sign-ins lately (docs/contract/people.md sections 2, 3 and 5)."""

from typing import Any

import msgspec

from chalicelib.access import checks
from chalicelib.access import rules as access
from chalicelib.domain.files import avatars
from chalicelib.domain.people import accounts, department_membership, login_logs, presentation
from chalicelib.http.answers import Answer, no_content
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.records import schema
from chalicelib.records.people import PERSON
from chalicelib.routes.answer_schemas import Success


class PasswordChange(msgspec.Struct):
    """A new password, twice."""

    password: str
    password_2: str


class DepartmentJoined(msgspec.Struct):
    """The department that a person joins."""

    department_id: str


class Invited(Success):
    """It is done; `message` says what became of the letter."""

    message: str


class LoginRow(msgspec.Struct):
    """A login."""

    created_at: str
    ip_address: str | None
    person_id: str


class FullPerson:
    """A person in full."""

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema, for the API document."""
        return schema.of_answer(PERSON)


area = Area("persons", "Persons and bots.")


_admin_of_person = access.of_record("admin", PERSON, "person_id", access.about(checks.administer))
_admin_of_account = access.of_record("admin", PERSON, "person_id", access.about(checks.administer), checks.about_person)


@area.post(
    "/actions/persons/{person_id}/change-password",
    access=_admin_of_account,
    body=PasswordChange,
    answer=Success,
    form=True,
)
def change_password(call: Call) -> dict[str, bool]:
    """Sets somebody's password."""
    accounts.change_of(call.caller, call.subject, call.body.password, call.body.password_2)
    return {"success": True}


@area.get("/actions/persons/{person_id}/invite", access=_admin_of_account, answer=Invited, changes=True)
def invite(call: Call) -> dict[str, Any]:
    """Mails somebody a link for choosing their first password."""
    return {"success": True, "message": accounts.invite(call.subject)}


@area.post(
    "/actions/persons/{person_id}/departments/add",
    access=_admin_of_person,
    body=DepartmentJoined,
    answer=FullPerson(),
    status=201,
)
def join_department(call: Call) -> Any:
    """Puts somebody into a department."""
    return presentation.full(department_membership.join(call.subject, call.body.department_id))


@area.delete("/actions/persons/{person_id}/departments/{department_id}", access=_admin_of_person, status=204)
def leave_department(call: Call) -> Answer:
    """Takes somebody out of a department."""
    department_membership.leave(call.subject, call.params["department_id"])
    return no_content()


@area.get(
    "/data/events/login-logs/last",
    access=access.manager,
    answer=list[LoginRow],
    query={"limit": "how many, 100 at first", "before": "a moment, YYYY-MM-DDTHH:MM:SS"},
)
def last_logins(call: Call) -> list[dict[str, Any]]:
    """Lists who signed in lately, newest first."""
    return login_logs.last(call.query)


@area.delete("/actions/persons/{person_id}/clear-avatar", access=_admin_of_person, status=204)
def clear_avatar(call: Call) -> Answer:
    """Takes somebody's picture away."""
    avatars.delete_avatar(call.subject)
    return no_content()


@area.delete("/actions/user/clear-avatar", access=access.person, status=204)
def clear_own_avatar(call: Call) -> Answer:
    """Takes one's own picture away."""
    avatars.delete_avatar(call.caller.person)
    return no_content()
