"""Codes that an application on the phone makes of a secret and the time: RFC 6238 (docs/contract/people.md 4.1)."""

import time
from typing import Final

from chalicelib.domain.people import organisation
from chalicelib.domain.people.second_factor import codes, methods
from chalicelib.errors import Invalid
from chalicelib.records.people import PERSON
from chalicelib.records.record import Record
from chalicelib.store.changes import Changes, write

METHOD: Final = "totp"


def now() -> int:
    """The time, in seconds since 1970."""
    return int(time.time())


def begin(person: Record) -> dict[str, str]:
    """A new secret for a person's application, as text and as what a QR code holds; the one before is void.

    Raises Invalid where the method is on already.
    """
    import pyotp

    secret = pyotp.random_base32()

    def command(changes: Changes) -> None:
        fresh = changes.read(PERSON, person.id)
        methods.refuse_on(fresh, METHOD)
        changes.update(fresh, totp_secret=secret)

    write(command)
    issuer = f"Kitsu {organisation.record()['name']}"
    name = person["email"] or person["desktop_login"] or person["full_name"]
    uri = pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=issuer)
    return {"otp_secret": secret, "totp_provisionning_uri": uri}


def confirm(person_id: str, code: str | int) -> list[str] | None:
    """Turns the method on for a person whose application makes the right codes; gives new recovery codes, if any.

    Raises Invalid for a wrong code, without a secret, where the method is on already.
    """

    def command(changes: Changes) -> list[str] | None:
        person = changes.read(PERSON, person_id)
        methods.refuse_on(person, METHOD)
        if not person["totp_secret"]:
            raise Invalid("There is no secret yet; ask for one by PUT first.")
        if not is_right(person, code):
            raise codes.wrong()
        return methods.turn_on(changes, person, METHOD)

    return write(command)


def is_right(person: Record, code: str | int) -> bool:
    """Whether a code is the one of this half-minute; it may be used again within that."""
    import pyotp

    secret = person["totp_secret"]
    return bool(secret) and codes.equal(pyotp.TOTP(secret).at(now()), codes.normalized(code))
