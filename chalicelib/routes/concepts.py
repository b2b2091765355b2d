"""Concepts: seen by the studio, not by clients; made by everybody in the team but vendors.

Source: docs/contract/entities.md.
"""

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.domain.entities.kinds import CONCEPT
from chalicelib.http.routing import Area
from chalicelib.records.record import Record
from chalicelib.routes.entity_kinds import NewEntity, declare_creation, declare_lists, declare_of_project, declare_one


class NewConcept(NewEntity):
    """A concept, linked to what it is a picture of."""

    entity_concept_links: list[str] | None = None


area = Area("concepts", "Pictures of what something might look like.")


def studio_alone(caller: Caller) -> None:
    """Neither vendors nor clients."""
    checks.not_vendor(caller)
    checks.not_client(caller)


def no_client(caller: Caller, entity: Record) -> None:
    """No clients."""
    del entity
    checks.not_client(caller)


declare_lists(area, CONCEPT, "", tests=(studio_alone,))
declare_one(area, CONCEPT, no_client)
declare_of_project(area, CONCEPT, tests=(studio_alone,))
declare_creation(area, CONCEPT, NewConcept, tests=(studio_alone,))
