"""The second factor at a login: who needs one, whether one was given (spec/people.md sections 2.3 and 4)."""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.errors import Invalid
from chalicelib.records.record import Record

METHODS: Final = ("totp", "email_otp", "fido")
RECOVERY: Final = "recovery_code"
# What a login calls the proof of each method.
PROOFS: Final[Mapping[str, str]] = {
    "totp": "totp",
    "email_otp": "email_otp",
    "fido": "fido_authentication_response",
    RECOVERY: RECOVERY,
}


def methods_on(person: Record) -> list[str]:
    """The methods that are on for a person."""
    return [method for method in METHODS if person[f"{method}_enabled"]]


def refuse_missing(person: Record, proofs: Mapping[str, Any]) -> None:
    """Raises Invalid where the person has a method on, and `proofs` holds no code of one that is."""
    methods = methods_on(person)
    usable = [RECOVERY, *methods]
    if methods and not any(proofs.get(PROOFS[method]) for method in usable):
        raise Invalid(
            "A code of the second factor is needed.",
            login=False,
            missing_OTP=True,
            preferred_two_factor_authentication=person["preferred_two_factor_authentication"],
            two_factor_authentication_enabled=usable,
        )


def holds(person: Record, proofs: Mapping[str, Any]) -> bool:
    """Whether the codes prove who it is; always so without a method on.

    No method can be verified yet, so nobody with one gets in by a code.
    """
    del proofs
    return not methods_on(person)
