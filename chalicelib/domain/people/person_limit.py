"""How many people a studio may have (spec/people.md section 5)."""

from chalicelib.errors import Invalid
from chalicelib.records.people import PERSON
from chalicelib.settings import current
from chalicelib.store import reference


def refuse_beyond() -> None:
    """Raises Invalid where the studio has as many active people as it may have; bots do not count."""
    limit = current().person_limit
    active = sum(bool(one["active"]) and not one["is_bot"] for one in reference.every(PERSON).values())
    if active >= limit:
        raise Invalid("The studio has as many active people as it may have.", data={"limit": limit})
