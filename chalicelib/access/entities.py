"""Access rules of entities and their lists (docs/contract/entities.md section 1).

A list is asked for with the production as a parameter, or with an entity that tells its production. `call.subject` is
the production, or None where an admin asks for all.
"""

from typing import Any

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.access.rules import Asked, Rule, load
from chalicelib.errors import Invalid, NotFound
from chalicelib.records.entities import ENTITY
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.store import keys, reads


def see_project_of(caller: Caller, entity: Record) -> None:
    """Project access."""
    checks.see_project(caller, checks.project_of(entity))


def manage_project_of(caller: Caller, entity: Record) -> None:
    """Manager of the project."""
    checks.manage_project(caller, checks.project_of(entity))


def projects_worked_on(caller: Caller) -> set[str]:
    """The ids of the productions with a task assigned to the caller (one query)."""
    return {edge["project_id"] for edge in reads.edges(TASK, "assignees", caller.id) if edge["project_id"]}


def project_asked(*parents: str, open_to_all: bool = False) -> Rule:
    """Project access to the production that the query names; without one, admins.

    parents: parameters that name an entity, which tells the production as well: unknown ones are not found.
    open_to_all: without a production everybody may ask; what they see is their productions' alone.
    """

    def check(call: Asked) -> None:
        named = [_production_of(call, parameter) for parameter in ("project_id", *parents)]
        found = [project for project in named if project is not None]
        for project in found:
            checks.see_project(call.caller, project)
        if not found and not open_to_all:
            checks.administer(call.caller)
        call.subject = found[0] if found else None

    return Rule("project access by query", check)


def _production_of(call: Asked, parameter: str) -> Record | None:
    asked: Any = call.query.get(parameter)
    if not asked or asked in ("all", "main"):
        return None
    if not keys.is_id(asked):
        raise Invalid(f"{parameter}: {asked!r} is not an id.", parameter, "an id")
    if parameter == "project_id":
        return checks.known_project(asked)
    entity = load(ENTITY, asked)
    if not entity["project_id"]:
        raise NotFound(f"There is no entity with the id {asked!r}.", {parameter: asked})
    return checks.project_of(entity)
