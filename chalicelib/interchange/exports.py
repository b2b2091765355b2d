"""Tables of the studio, to be written as CSV (docs/contract/interchange.md section 1)."""

from typing import Any

from chalicelib.records.people import PERSON
from chalicelib.store import reference

Rows = list[list[Any]]
_PERSONS = ("last_name", "first_name", "email", "phone", "role", "contract_type")


def persons() -> Rows:
    """Everybody but bots, by last and first name."""
    people = [one for one in reference.every(PERSON).values() if not one["is_bot"]]
    people.sort(key=lambda one: (one["last_name"].casefold(), one["first_name"].casefold(), one.id))
    head = ["Last Name", "First Name", "Email", "Phone", "Role", "Contract Type", "Active"]
    return [head, *([*(one[name] for name in _PERSONS), "yes" if one["active"] else "no"] for one in people)]
