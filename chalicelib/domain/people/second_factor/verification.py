"""Proving the second factor: at a login, and to turn it off (docs/contract/people.md sections 2.3 and 4)."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from chalicelib.domain.people.second_factor import codes, email_otp, methods, recovery_codes, security_keys, totp
from chalicelib.errors import Invalid
from chalicelib.records.record import Record

Proofs = Mapping[str, Any]
_CHECKS: Final[Mapping[str, Callable[[Record, Any], bool]]] = {
    "totp": totp.is_right,
    "email_otp": lambda person, code: email_otp.spend(person.id, code),
    "fido": lambda person, answer: security_keys.accept(person.id, answer),
    methods.RECOVERY: lambda person, code: recovery_codes.spend(person.id, code),
}


def refuse_missing(person: Record, proofs: Proofs, **more: Any) -> None:
    """Raises Invalid where the person has a method on, and `proofs` holds no code of one that is."""
    usable = _usable(person)
    if usable and _first(usable, proofs) is None:
        raise Invalid(
            "A code of the second factor is needed.",
            missing_OTP=True,
            preferred_two_factor_authentication=person["preferred_two_factor_authentication"],
            two_factor_authentication_enabled=usable,
            **more,
        )


def is_proven(person: Record, proofs: Proofs) -> bool:
    """Whether the proof is right; always so without a method on. What is good once is spent by that.

    Of several proofs one counts, the first of a method that is on: two guesses are two attempts.
    """
    usable = _usable(person)
    method = _first(usable, proofs)
    if method is None:
        return not usable
    return _CHECKS[method](person, proofs[methods.PROOFS[method]])


def refuse_unproven(person: Record, proofs: Proofs) -> None:
    """Raises Invalid without a proof or for a wrong one, TooManyRequests for many; for somebody who is signed in."""
    refuse_missing(person, proofs)
    codes.refuse_many_guesses(person.id)
    if not is_proven(person, proofs):
        raise codes.wrong()


def _usable(person: Record) -> list[str]:
    """What a person may prove themselves by, as the answer to a login lists it."""
    on = methods.methods_on(person)
    return [methods.RECOVERY, *on] if on else []


def _first(usable: list[str], proofs: Proofs) -> str | None:
    return next((method for method, proof in methods.PROOFS.items() if method in usable and proofs.get(proof)), None)
