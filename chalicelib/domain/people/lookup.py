"""Finding persons by what they sign in with."""

from chalicelib.records.people import PERSON
from chalicelib.records.record import Record
from chalicelib.store import reference


def by_email(email: str | None) -> Record | None:
    """The person with this address, in any case of letters; bots are never found."""
    wanted = (email or "").strip().lower()
    return _first("email", wanted) if wanted else None


def by_login(name: str | None) -> Record | None:
    """The person who signs in by this name: an address, else a desktop login."""
    wanted = (name or "").strip()
    return by_email(wanted) or (_first("desktop_login", wanted) if wanted else None)


def _first(field: str, wanted: str) -> Record | None:
    found = [one for one in reference.every(PERSON).values() if one[field] == wanted and not one["is_bot"]]
    # Desktop logins need not be unique: who had it first keeps it.
    return min(found, key=lambda one: (one["created_at"], one.id), default=None)
