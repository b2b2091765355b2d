"""Accounts that an installation protects from its own administrators (docs/contract/people.md section 3)."""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.access.caller import Caller
from chalicelib.errors import Forbidden
from chalicelib.records import names
from chalicelib.records.record import Record
from chalicelib.settings import current

# The address is among them: with another one the account would be protected no more; a bot could not sign in.
_GUARDED: Final = ("role", "active", "email", "is_bot")


def is_protected(person: Record) -> bool:
    """Whether the installation names this person's address as protected."""
    email = names.address(person["email"] or "")
    return bool(email) and any(email == names.address(one) for one in current().protected_accounts)


def refuse(caller: Caller, person: Record) -> None:
    """Raises Forbidden for somebody else's protected account."""
    if caller.id != person.id and is_protected(person):
        raise Forbidden("This account is protected.")


def refuse_change(caller: Caller, person: Record, values: Mapping[str, Any]) -> None:
    """Raises Forbidden where somebody else's protected account would change what is guarded."""
    if any(name in values and values[name] != person[name] for name in _GUARDED):
        refuse(caller, person)


def refuse_delete(person: Record) -> None:
    """Raises Forbidden for a protected account, whoever asks."""
    if is_protected(person):
        raise Forbidden("This account is protected.")
