"""Accounts: their passwords, changed, set, forgotten; invitations, registration (docs/contract/people.md section 3)."""

from dataclasses import dataclass
from typing import Final

from chalicelib.access.caller import Caller
from chalicelib.domain.people import (
    lockout,
    lookup,
    mail,
    passwords,
    person_limit,
    protected_accounts,
    rate_limit,
    reset_tokens,
    sessions,
    visitor_rate_limit,
)
from chalicelib.errors import Duplicate, Forbidden, Invalid
from chalicelib.events.journal import emit_for
from chalicelib.records.people import PERSON
from chalicelib.records.record import Record
from chalicelib.records.validation import value_of
from chalicelib.settings import current
from chalicelib.store.changes import Changes, write

# Letters of this sort to one person in ten minutes.
_MOST_LETTERS: Final = 10


@dataclass(frozen=True)
class NewPassword:
    """What somebody tells who got a link for choosing a password."""

    email: str
    token: str
    password: str
    repeated: str


@dataclass(frozen=True)
class Registration:
    """What somebody tells who registers."""

    email: str
    password: str
    repeated: str
    first_name: str
    last_name: str


def create_administrator(email: str, password: str) -> Record:
    """An administrator with this address and password; one who has the address already is let in again as one.

    Raises Invalid for a short password or what is no address.
    """
    passwords.refuse_short(password)
    values = {"role": "admin", "active": True, "password": passwords.hashed(password), "login_failed_attemps": 0}
    holder = lookup.by_email(email)

    def command(changes: Changes) -> Record:
        if holder is not None:
            person = changes.read(PERSON, holder.id)
            return changes.update(person, **values, **sessions.all_ended(person))
        names = {"first_name": "Super", "last_name": "Admin", "desktop_login": "", "phone": ""}
        return changes.create(PERSON, {**names, **values, "email": value_of(PERSON.by_name["email"], email)})

    return write(command)


def set_password(person: Record, password: str) -> Record:
    """The person with another password, who may try at once; what they were signed in with has ended, and a reset
    token that is under way. Raises Invalid for a short one."""
    passwords.refuse_short(password)
    hashed = passwords.hashed(password)

    def command(changes: Changes) -> Record:
        known = changes.read(PERSON, person.id)
        ended = sessions.all_ended(known)
        return changes.update(known, password=hashed, login_failed_attemps=0, reset_token=None, **ended)

    return write(command)


def change_own(caller: Caller, old: str, password: str, repeated: str) -> None:
    """The caller chooses another password; a wrong old one counts as a failed login.

    Raises Invalid while the account is closed, for a wrong old password, for a new one against the rules. The session
    that asks stays good; every other ends, and a reset token that is under way.
    """
    person = caller.person
    passwords.validate(password, repeated)
    place = lockout.begin(person.id)
    if not passwords.matches(old, person["password"]):
        lockout.count_failure(person.id, place)
        raise _wrong_old()
    hashed = passwords.hashed(password)

    def command(changes: Changes) -> None:
        known = changes.read(PERSON, person.id)
        # Of two that change it at once, one comes first.
        if known["password"] != person["password"]:
            raise _wrong_old()
        lockout.give_back(changes, person.id, place)
        ended = sessions.others_ended(known, caller)
        changes.update(known, password=hashed, login_failed_attemps=0, reset_token=None, **ended)

    write(command)
    mail.send_letter(person, "password_changed")


def _wrong_old() -> Invalid:
    return Invalid("The old password is wrong.", "old_password", "the present password")


def change_of(caller: Caller, person: Record, password: str, repeated: str) -> None:
    """An administrator sets somebody's password. Raises Forbidden for a protected account, Invalid for a password
    against the rules."""
    protected_accounts.refuse(caller, person)
    passwords.validate(password, repeated)
    set_password(person, password)
    mail.send_letter(person, "password_set")


def ask_reset(email: str, peer: str) -> None:
    """Mails a link for choosing a new password.

    peer: where the request comes from. Raises Invalid where nobody active has the address, TooManyRequests for a
    visitor who tried many of these, or a person who gets many letters.
    """
    with visitor_rate_limit.counted("reset", peer) as visitor:
        person = lookup.by_email(email)
        if person is None or not person["active"]:
            visitor.fail()
            raise Invalid("Nobody with this address can get a new password.", "email", "the address of an account")
    rate_limit.refuse_beyond(f"letters#{person.id}", _MOST_LETTERS)
    token = reset_tokens.issue(person.id, reset_tokens.RESET_HOURS)
    facts = {"link": mail.password_link(person, token), "hours": str(reset_tokens.RESET_HOURS)}
    mail.send_letter(person, "password_reset", **facts)


def reset(asked: NewPassword, peer: str) -> None:
    """Somebody who got the link chooses a password. The token is good until that has worked once.

    peer: where the request comes from. Raises Invalid for a wrong or expired token, for a password against the rules,
    TooManyRequests for a visitor who failed too often.
    """
    with visitor_rate_limit.counted("reset", peer) as visitor:
        passwords.validate(asked.password, asked.repeated)
        person = lookup.by_email(asked.email)
        if person is None or not _is_good(person, asked.token):
            visitor.fail()
            raise _bad_token()
    hashed = passwords.hashed(asked.password)

    def command(changes: Changes) -> None:
        current_person = changes.read(PERSON, person.id)
        # Of two that use it at once, one comes first.
        if not _is_good(current_person, asked.token):
            raise _bad_token()
        ended = sessions.all_ended(current_person)
        changes.update(current_person, password=hashed, login_failed_attemps=0, reset_token=None, **ended)

    write(command)


def _is_good(person: Record, token: str) -> bool:
    return bool(person["active"]) and reset_tokens.is_good(person, token)


def _bad_token() -> Invalid:
    return Invalid("This token is wrong, used, or too old.", "token", "the token of the last letter")


def invite(person: Record) -> str:
    """Mails a person the link for choosing their first password; tells what became of the letter."""
    token = reset_tokens.issue(person.id, 24 * reset_tokens.INVITATION_DAYS)
    facts = {"link": mail.password_link(person, token), "days": str(reset_tokens.INVITATION_DAYS)}
    sent = mail.send_letter(person, "invitation", **facts)
    return f"Invitation of {person['full_name']}: {'sent' if sent else 'the letter could not be sent'}."


def register(asked: Registration, peer: str) -> Record:
    """A new `user`, made by themselves.

    peer: where the request comes from. Raises Invalid for what is no address, a password against the rules, a taken
    address, a full studio; Forbidden where the studio takes no registrations (the default); TooManyRequests for a
    visitor who tried many taken addresses.
    """
    email = value_of(PERSON.by_name["email"], asked.email)
    names = {
        name: value_of(PERSON.by_name[name], value)
        for name, value in (("first_name", asked.first_name), ("last_name", asked.last_name))
    }
    passwords.validate(asked.password, asked.repeated)
    if not current().registration_open:
        raise Forbidden("This studio takes no registrations.")
    with visitor_rate_limit.counted("registration", peer) as visitor:
        if lookup.by_email(email) is not None:
            visitor.fail()
            raise Duplicate("Somebody has this address already.", "email", "an address of your own")
    values = {**names, "email": email, "password": passwords.hashed(asked.password)}

    def command(changes: Changes) -> Record:
        person_limit.claim_place(changes)
        person = changes.create(PERSON, values)
        emit_for(changes, person, "new")
        return person

    return write(command)
