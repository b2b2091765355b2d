"""Who may know how much somebody made (docs/contract/tasks.md section 10)."""

from chalicelib.access import checks
from chalicelib.access.rules import Asked, Rule, load
from chalicelib.errors import Forbidden, Invalid
from chalicelib.records.people import PERSON
from chalicelib.store import keys


def _of_person(call: Asked) -> None:
    project = checks.known_project(call.params["project_id"])
    person = load(PERSON, call.params["person_id"])
    checks.see_project(call.caller, project)
    if not call.caller.is_supervisor and call.caller.id != person.id:
        raise Forbidden("You may know your own quotas alone.")
    call.subject = project, person


def _shots_of_person(call: Asked) -> None:
    person = load(PERSON, call.params["person_id"])
    checks.about_person(call.caller, person)
    asked = call.query.get("project_id")
    if asked and not keys.is_id(asked):
        raise Invalid(f"project_id: {asked!r} is not an id.", "project_id", "an id")
    project = checks.known_project(asked) if asked else None
    if call.caller.is_manager and project is not None:
        checks.manage_project(call.caller, project)
    elif call.caller.is_manager:
        checks.administer(call.caller)
    else:
        checks.is_self(call.caller, person.id)
    if project is not None:
        checks.see_project(call.caller, project)
    call.subject = project, person


# `call.subject` is the production and the person.
of_person = Rule("project access, and supervisor or the person", _of_person)
# The production is None where the query names none.
shots_of_person = Rule("the person, or manager of the project that the query names", _shots_of_person)
