"""Letters to persons of the studio."""

from typing import Final
from urllib.parse import urlencode

from chalicelib.domain.people import organisation
from chalicelib.mail.letters import write_letter
from chalicelib.mail.sending import send
from chalicelib.records.record import Record
from chalicelib.settings import current

_PAGE: Final = "/reset-change-password"


def tell(person: Record, letter: str, /, **facts: str) -> bool:
    """Sends a person a letter in their language; False where it did not go out, or they have no address."""
    if not person["email"]:
        return False
    studio = organisation.known()
    facts |= {"name": person["first_name"], "email": person["email"]}
    facts |= {"studio": studio["name"] if studio else organisation.NAME}
    return send(write_letter(letter, person["email"], person["locale"] or current().default_locale, **facts))


def password_link(person: Record, token: str) -> str:
    """Where a person chooses a password by a reset token. The site is configured: a client must not choose it."""
    return f"{current().site_url.rstrip('/')}{_PAGE}?{urlencode({'email': person['email'], 'token': token})}"
