"""The methods of the second factor: which are on, what turning one on or off takes along.

Source: docs/contract/people.md section 4.
"""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.domain.people import lookup, visitor_rate_limit
from chalicelib.domain.people.second_factor import recovery_codes
from chalicelib.errors import Invalid, NotFound
from chalicelib.records.record import Record
from chalicelib.store.changes import Changes

METHODS: Final = ("totp", "email_otp", "fido")
RECOVERY: Final = "recovery_code"
# What requests call the proof of each method, in the order in which they are looked at.
PROOFS: Final[Mapping[str, str]] = {
    "totp": "totp",
    "email_otp": "email_otp",
    "fido": "fido_authentication_response",
    RECOVERY: RECOVERY,
}
_TITLES: Final[Mapping[str, str]] = {
    "totp": "Authentication by an application",
    "email_otp": "Authentication by mailed codes",
    "fido": "Authentication by security keys",
}


def is_on(person: Mapping[str, Any], method: str) -> bool:
    """Whether a method is on for a person."""
    return bool(person[f"{method}_enabled"])


def methods_on(person: Mapping[str, Any]) -> list[str]:
    """The methods that are on for a person."""
    return [method for method in METHODS if is_on(person, method)]


def refuse_on(person: Record, method: str) -> None:
    """Raises Invalid where a method is on already."""
    if is_on(person, method):
        raise Invalid(f"{_TITLES[method]} is on already.")


def refuse_off(person: Record, method: str) -> None:
    """Raises Invalid where a method is not on."""
    if not is_on(person, method):
        raise _is_off(method)


def _is_off(method: str) -> Invalid:
    return Invalid(f"{_TITLES[method]} is not on.")


def who_signs_in(name: str | None, method: str, visitor: str) -> Record:
    """The person who begins to sign in by a method, which nobody has proved yet.

    visitor: where the request comes from. Raises NotFound for an unknown name, Invalid without one, or where the method
    is not on, TooManyRequests for a visitor who tries many.
    """
    if not (name or "").strip():
        raise Invalid("Tell who wants to sign in.", "email", "the address of an account")
    with visitor_rate_limit.counted("second factor", visitor) as attempt:
        person = lookup.by_login(name)
        if person is not None and person["active"] and is_on(person, method):
            return person
        attempt.fail()
    if person is None:
        raise NotFound("Nobody has this address.", {"email": name})
    raise _is_off(method)


def turn_on(changes: Changes, person: Record, method: str, **values: Any) -> list[str] | None:
    """Turns a method on; `values` are written along with it.

    Gives new recovery codes, which are shown this once; None where those of before stay good. The first method is the
    preferred one.
    """
    values["preferred_two_factor_authentication"] = person["preferred_two_factor_authentication"] or method
    made = None
    if not person["otp_recovery_codes"]:
        made, values["otp_recovery_codes"] = recovery_codes.make(person.id)
    changes.update(person, **{f"{method}_enabled": True}, **values)
    return made


def turn_off(changes: Changes, person: Record, *methods: str, **values: Any) -> None:
    """Turns methods off; `values` are written along with it.

    The preference moves to a method that is left; without any, recovery codes and preference go.
    """
    values |= {f"{method}_enabled": False for method in methods}
    left = methods_on({**person, **values})
    preferred = person["preferred_two_factor_authentication"]
    if preferred not in left:
        preferred = left[0] if left else None
    values["preferred_two_factor_authentication"] = preferred
    if not left:
        values["otp_recovery_codes"] = None
    changes.update(person, **values)
