"""The people of the studio as a table (docs/contract/interchange.md 1.1)."""

from chalicelib.interchange.csv_writing import Rows
from chalicelib.records.people import PERSON
from chalicelib.store import reference

_PERSONS = ("last_name", "first_name", "email", "phone", "role", "contract_type")


def table() -> Rows:
    """Everybody but bots, by last and first name."""
    people = [one for one in reference.every(PERSON).values() if not one["is_bot"]]
    people.sort(key=lambda one: (one["last_name"].casefold(), one["first_name"].casefold(), one.id))
    head = ["Last Name", "First Name", "Email", "Phone", "Role", "Contract Type", "Active"]
    return [head, *([*(one[name] for name in _PERSONS), "yes" if one["active"] else "no"] for one in people)]
