"""Codes by mail: six digits, good once, for five minutes (docs/contract/people.md 4.3)."""

import secrets
from typing import Final

from chalicelib.domain.people import mail, rate_limit
from chalicelib.domain.people.second_factor import codes, methods
from chalicelib.errors import Invalid
from chalicelib.records.people import PERSON
from chalicelib.records.record import Record
from chalicelib.store import challenges, keys
from chalicelib.store.changes import Changes, write

METHOD: Final = "email_otp"
_MINUTES: Final = 5
# Codes to one person in ten minutes. Anybody may ask for one: beyond these no mail goes out and none becomes void.
MOST_MAILS: Final = 10


def begin(person: Record) -> None:
    """Mails a person the code that turns the method on; raises Invalid where it is on, or without an address."""
    methods.refuse_on(person, METHOD)
    if not person["email"]:
        raise Invalid("You have no mail address.", "email", "an address to send codes to")
    _send(person)


def confirm(person: Record, code: str | int) -> list[str] | None:
    """Turns the method on for a person who got the code; gives new recovery codes, if any.

    Raises Invalid for a wrong or late code, where the method is on already; TooManyRequests for many guesses.
    """
    methods.refuse_on(person, METHOD)
    codes.refuse_many_guesses(person.id)
    if not spend(person.id, code):
        raise codes.wrong()

    def command(changes: Changes) -> list[str] | None:
        return methods.turn_on(changes, changes.read(PERSON, person.id), METHOD)

    return write(command)


def ask(name: str | None, visitor: str) -> None:
    """Mails somebody who signs in the code for it; raises what `methods.who_signs_in` raises."""
    _send(methods.who_signs_in(name, METHOD, visitor))


def spend(person_id: str, code: str | int) -> bool:
    """Whether a code is the last one that was mailed, which then is good no more."""
    hashed = codes.hashed(person_id, code)
    taken = challenges.take(keys.challenge(person_id, METHOD), lambda kept: codes.equal(kept, hashed))
    return taken is not None


def _send(person: Record) -> None:
    if rate_limit.is_beyond(f"mailed-codes#{person.id}", MOST_MAILS):
        return
    code = f"{secrets.randbelow(10**codes.DIGITS):0{codes.DIGITS}d}"
    challenges.keep(keys.challenge(person.id, METHOD), codes.hashed(person.id, code), 60 * _MINUTES)
    mail.send_letter(person, "two_factor_code", code=code, minutes=str(_MINUTES))
