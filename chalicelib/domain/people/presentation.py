"""How a person is shown: in full, or as the card that everybody may see (docs/contract/people.md section 5)."""

from typing import Any, Final

import msgspec

from chalicelib.access.caller import Caller
from chalicelib.records.record import Record, plain, related, shown

CARD: Final = (
    "id",
    "type",
    "first_name",
    "last_name",
    "full_name",
    "has_avatar",
    "active",
    "departments",
    "studio_id",
    "role",
    "desktop_login",
    "is_bot",
)


def card(person: Record, departments: bool = True) -> dict[str, Any]:
    """What everybody may know of a person; `departments` is empty unless it is asked for."""
    shown = {name: person.get(name) for name in CARD}
    if not departments:
        shown["departments"] = []
    return shown


def full(person: Record, relations: bool = True) -> msgspec.Raw:
    """All fields but the secret ones; `departments` with relations. Already JSON."""
    return related(person) if relations else plain(person)


def for_admin(person: Record, relations: bool = True) -> msgspec.Raw:
    """All fields but the secret ones, and why letters to them are refused (null: they are not). Already JSON."""
    texts = person.texts
    doc = texts.joined() if relations else texts.doc
    problem = msgspec.json.encode(person.get("mail_problem")).decode()
    return msgspec.Raw(f'{doc[:-1]},"mail_problem":{problem}}}'.encode())


def signed_in(person: Record) -> dict[str, Any]:
    """A person as the answer to a sign-in shows them: the key of the script token is there, its value is not."""
    return shown(person, jti=None)


def for_caller(caller: Caller, person: Record, relations: bool = True) -> Any:
    """One person: in full for managers or more, a card for all others. Lists are narrower: see `persons.People`."""
    if caller.is_admin:
        return for_admin(person, relations)
    return full(person, relations) if caller.is_manager else card(person, relations)
