"""Signing in and out (docs/contract/people.md section 2)."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.access import tokens
from chalicelib.access.caller import Caller
from chalicelib.domain.people import (
    lockout,
    lookup,
    organisation,
    passwords,
    presentation,
    reset_tokens,
    visitor_rate_limit,
)
from chalicelib.domain.people.second_factor import codes, verification
from chalicelib.errors import Invalid, NotSignedIn
from chalicelib.records.people import LOGIN_LOG, PERSON
from chalicelib.records.record import Record
from chalicelib.store.changes import Changes, write


@dataclass(frozen=True)
class Visit:
    """Where somebody signs in from: `origin` is `web` for a browser, `script` otherwise; `address` is their IP
    address as it is logged."""

    origin: str
    address: str


@dataclass(frozen=True)
class Attempt:
    """Somebody at the door: the name they give, the password, codes of the second factor, where they come from.

    `peer` is the address of the connection, which no header forges.
    """

    name: str | None
    password: str
    proofs: Mapping[str, Any]
    visit: Visit
    peer: str = ""


def log_in(attempt: Attempt) -> dict[str, Any]:
    """`{login, user, organisation, access_token, refresh_token}`; `user` is the person as found at the door.

    Decides in the order of section 2.3. Raises Invalid (400) for an unknown name, a wrong password or code, a closed
    account, a missing code; NotSignedIn (401) for somebody inactive; TooManyRequests (429) for a visitor who failed too
    often. All of these carry `login: false`.
    """
    refusal = {"login": False, "too_many_failed_login_attemps": True}
    with visitor_rate_limit.counted("login", attempt.peer, **refusal) as visitor:
        person = _known(attempt, visitor)
        place = lockout.begin(person.id, login=False)
        _verify(person, attempt, place, visitor)
    person = _admit(person, attempt, place)
    if attempt.password == passwords.DEFAULT:
        token = reset_tokens.issue(person.id, reset_tokens.RESET_HOURS)
        raise Invalid("Choose a password of your own first.", login=False, default_password=True, token=token)
    access, refresh = tokens.issue_pair(person)
    return {
        "login": True,
        "user": presentation.signed_in(person),
        "organisation": organisation.at_login(Caller(person)),
        "access_token": access,
        "refresh_token": refresh,
    }


def _known(attempt: Attempt, visitor: visitor_rate_limit.Attempt) -> Record:
    person = lookup.by_login(attempt.name)
    if person is None:
        # An unknown name costs as much time as a wrong password.
        passwords.matches(attempt.password, None)
        visitor.fail()
        raise _wrong()
    _refuse_inactive(person)
    return person


def _refuse_inactive(person: Record) -> None:
    if not person["active"]:
        raise NotSignedIn("This account is inactive.", login=False)


def _verify(person: Record, attempt: Attempt, place: str, visitor: visitor_rate_limit.Attempt) -> None:
    """Password first, then the second factor; what is wrong is counted, what is missing is not."""
    if not passwords.matches(attempt.password, person["password"]):
        _count_failure(person, place, visitor)
        raise _wrong()
    try:
        verification.refuse_missing(person, attempt.proofs, login=False)
    except Invalid:
        write(lambda changes: lockout.give_back(changes, person.id, place))
        raise
    if not verification.is_proven(person, attempt.proofs):
        _count_failure(person, place, visitor)
        raise codes.wrong(login=False)


def _count_failure(person: Record, place: str, visitor: visitor_rate_limit.Attempt) -> None:
    visitor.fail()
    lockout.count_failure(person.id, place)


def _wrong() -> Invalid:
    return Invalid("The name or the password is wrong.", login=False)


def _admit(verified: Record, attempt: Attempt, place: str) -> Record:
    """Sets the counter back and writes the login log; gives the person as it was before.

    With the password `default` nobody is in, so nothing is logged.
    """

    def command(changes: Changes) -> Record:
        person = changes.read(PERSON, verified.id)
        _refuse_inactive(person)
        # What was right when this began may have been changed since.
        if person["password"] != verified["password"]:
            raise _wrong()
        lockout.give_back(changes, person.id, place)
        if person["login_failed_attemps"]:
            changes.update(person, login_failed_attemps=0)
        if attempt.password != passwords.DEFAULT:
            note_visit(changes, person.id, attempt.visit)
        return person

    return write(command)


def note_visit(changes: Changes, person_id: str, visit: Visit) -> None:
    """Adds an entry to the login log."""
    log = {"person_id": person_id, "ip_address": _address(visit.address), "origin": visit.origin}
    changes.create(LOGIN_LOG, log)


def _address(told: str) -> str | None:
    """The address, if it is one: a header may say anything."""
    try:
        return str(ipaddress.ip_address(told))
    except ValueError:
        return None


def whoami(caller: Caller) -> dict[str, Any]:
    """`{authenticated, user, organisation}` of whoever holds a token."""
    return {
        "authenticated": True,
        "user": presentation.full(caller.person),
        "organisation": organisation.shown(caller),
    }


def log_out(caller: Caller, token: str | None) -> None:
    """Revokes this access token, with the refresh token that it came with; a script's token is not ended by that
    (section 6)."""
    if caller.identity == "person":
        tokens.revoke(tokens.read(token))
