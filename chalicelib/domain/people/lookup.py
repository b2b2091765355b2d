"""Finding persons by what they sign in with."""

from chalicelib.records import names
from chalicelib.records.people import PERSON
from chalicelib.records.record import Record
from chalicelib.store import reference


def by_email(email: str | None) -> Record | None:
    """The person with this address, in any case of letters; bots are never found."""
    return _first("email", email)


def by_login(name: str | None) -> Record | None:
    """The person who signs in by this name: an address, else a desktop login."""
    return by_email(name) or _first("desktop_login", name)


def _first(name: str, given: str | None) -> Record | None:
    field = PERSON.by_name[name]
    wanted = names.compared(field, (given or "").strip())
    if not wanted:
        return None
    people = (one for one in reference.every(PERSON).values() if not one["is_bot"])
    found = [one for one in people if names.compared(field, one[name]) == wanted]
    # Desktop logins need not be unique: who had it first keeps it.
    return min(found, key=lambda one: (one["created_at"], one.id), default=None)
