"""Letters to persons of the studio."""

from typing import Final
from urllib.parse import urlencode

from chalicelib.domain.people import mail_problems, organisation
from chalicelib.mail.letters import Letter, write_letter
from chalicelib.mail.sending import NotSent, send
from chalicelib.records.record import Record
from chalicelib.settings import current
from chalicelib.store import deliveries

# What the Kitsu web interface calls the page where a password is chosen; where there is none, infra/site has one.
PASSWORD_PAGE: Final = "/reset-change-password"


def send_letter(person: Record, letter: str, /, **facts: str) -> bool:
    """Sends a person a letter in their language; False where it did not go out, or they have no address."""
    if not person["email"]:
        return False
    try:
        deliver(person, letter, **facts)
    except NotSent:
        return False
    return True


def deliver(person: Record, letter: str, /, **facts: str) -> None:
    """Sends a person who has an address a letter in their language; facts: what it tells besides who is meant.

    Raises NotSent, which administrators find on the person and in the status then.
    """
    try:
        send(written(person, letter, **facts))
    except NotSent as problem:
        mail_problems.note(person, problem)
        raise
    mail_problems.clear(person)


def written(person: Record, letter: str, /, **facts: str) -> Letter:
    """A letter to a person, in their language."""
    studio = organisation.find_organisation()
    facts |= {"name": person["first_name"], "email": person["email"] or ""}
    facts |= {"studio": studio["name"] if studio else organisation.NAME}
    return write_letter(letter, person["email"] or "", person["locale"] or current().default_locale, **facts)


def deliver_once(effect: str, event: str, person: Record, letter: str, /, **facts: str) -> None:
    """Sends a person a letter about an event, once, if the event comes again; none to an address that is given up.

    effect: what the letter is about. Raises NotSent where it may go out later: then it is tried again.
    """
    if mail_problems.is_given_up(person) or not deliveries.claim(effect, event):
        return
    try:
        deliver(person, letter, **facts)
    except NotSent as problem:
        if problem.later:
            deliveries.release(effect, event)
            raise


def wants_mail(person: Record) -> bool:
    """Whether somebody switched mails for notifications on, and can get them."""
    return bool(person["notifications_enabled"] and person["email"] and person["active"] and not person["is_bot"])


def site(path: str) -> str:
    """An address of the web interface. It is configured: a client must not choose where a mailed link leads."""
    return f"{current().site_url.rstrip('/')}{path}"


def password_link(person: Record, token: str) -> str:
    """Where a person chooses a password by a reset token."""
    return site(f"{PASSWORD_PAGE}?{urlencode({'email': person['email'], 'token': token})}")
