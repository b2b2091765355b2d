"""Signing in at an identity provider by SAML 2.0 (docs/contract/people.md section 2.4).

A sign-in begins here, or it does not count: an answer to no request of ours is refused, and each request and each
assertion serves once.
"""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Final

from chalicelib.access import tokens
from chalicelib.domain.crud import references
from chalicelib.domain.people import login, lookup, mail, person_limit, protected_accounts, saml_assertions, sessions
from chalicelib.domain.people.saml_assertions import Assertion
from chalicelib.errors import Invalid
from chalicelib.events.journal import emit_for
from chalicelib.records import clock
from chalicelib.records.fields import STUDIO
from chalicelib.records.people import DEPARTMENT, PERSON
from chalicelib.records.record import Record
from chalicelib.records.validation import change_values, value_of
from chalicelib.settings import current
from chalicelib.store import keys, reads, reference
from chalicelib.store.changes import Changes, write

_ANSWER_PATH: Final = "/api/auth/saml/sso"
_PATIENCE_SECONDS: Final = 600
# What an identity provider says of a person.
_TOLD: Final = ("first_name", "last_name", "phone", "role", "departments", "studio_id", "active")
_ANSWERED: Final = "answered"


def begin() -> tuple[str, str]:
    """Where to sign in, and the id of the request, which the browser has to know when it comes back."""
    request_id = f"_{secrets.token_hex(20)}"
    write(lambda changes: changes.claim(_key("request", request_id), clock.now(), None))
    return saml_assertions.request_address(request_id, _entity_id(), _answer_address()), request_id


def complete(encoded: str, asked: str | None, visit: login.Visit) -> Record:
    """The person that an answer of the identity provider is about: found by their address, else made.

    asked: the request that this browser began, None where it cannot tell (without TLS). Attributes that changed are
    taken over; who is active gets an entry in the login log. Raises Invalid for an answer that does not count, for
    attributes that are none, for a full studio.
    """
    assertion = saml_assertions.read_answer(encoded, _entity_id(), _answer_address())
    if asked is not None and not secrets.compare_digest(asked.encode(), assertion.request_id.encode()):
        raise Invalid("This sign-in was begun in another browser; begin again.", "SAMLResponse", "the answer to it")
    email = _email(assertion)
    told = _values(assertion.attributes)

    def command(changes: Changes) -> Record:
        _use_up(changes, assertion)
        person = _written(changes, lookup.by_email(email), email, told)
        if person["active"]:
            login.note_visit(changes, person.id, visit)
        return person

    return write(command)


def tokens_of(person: Record) -> tuple[str, str]:
    """The access and the refresh token of somebody who signed in."""
    return tokens.issue_pair(person)


def refuse_where_off() -> None:
    """Raises Invalid where single sign-on is not set up."""
    if not current().saml_enabled:
        raise Invalid("Single sign-on is not set up here.")


def _answer_address() -> str:
    return mail.site(_ANSWER_PATH)


def _entity_id() -> str:
    """What we are called at the identity provider: the address that it answers to."""
    return _answer_address()


def _key(what: str, name: str) -> tuple[str, str]:
    # Names come from outside, and keys are short.
    return keys.claim(STUDIO, PERSON, f"saml-{what}-{hashlib.sha256(name.encode()).hexdigest()}")


def _use_up(changes: Changes, assertion: Assertion) -> None:
    """The request and the assertion serve once, also where one comes twice at the same moment."""
    request, once = _key("request", assertion.request_id), _key("assertion", assertion.id)
    begun = reads.claimant(request)
    if begun in (None, _ANSWERED) or clock.shift(str(begun), seconds=_PATIENCE_SECONDS) < clock.now():
        raise Invalid("This sign-in is over, or was never begun; begin again.", "SAMLResponse", "an answer in time")
    if reads.claimant(once) is not None:
        raise Invalid("This assertion was used already; begin again.", "SAMLResponse", "a new assertion")
    changes.claim(request, _ANSWERED, begun)
    changes.claim(once, _ANSWERED, None)


def _email(assertion: Assertion) -> str:
    """The address of the person: their name at the identity provider, or the attribute `email`."""
    names = [assertion.name, *assertion.attributes.get("email", ())]
    named = next((name for name in names if "@" in name), assertion.name)
    return str(value_of(PERSON.by_name["email"], named))


def _values(attributes: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """What the attributes say of a person; Invalid for a value that its field does not take."""
    body: dict[str, Any] = {
        name: attributes[name][0] for name in _TOLD if name != "departments" and any(attributes.get(name, ()))
    }
    if "departments" in attributes:
        body["departments"] = [_department(one) for one in attributes["departments"] if one]
    return references.resolve(PERSON, change_values(PERSON, body))


def _department(told: str) -> str:
    """The id of a department; identity providers know them by name."""
    named = reference.named(DEPARTMENT, told)
    return named.id if named else told


def _written(changes: Changes, known: Record | None, email: str, told: dict[str, Any]) -> Record:
    if known is None:
        if told.get("active", True):
            person_limit.claim_place(changes)
        names = {"first_name": email.partition("@")[0], "last_name": ""}
        made = changes.create(PERSON, {**names, **told, "email": email})
        emit_for(changes, made, "new")
        return made
    person = changes.read(PERSON, known.id)
    new = {name: value for name, value in told.items() if value != person[name]}
    if protected_accounts.is_protected(person):
        new = {name: value for name, value in new.items() if name not in ("role", "active")}
    if not new:
        return person
    if new.get("active"):
        person_limit.claim_place(changes)
    if "active" in new and not new["active"]:
        new |= sessions.all_ended(person)
    changed = changes.update(person, **new)
    emit_for(changes, changed, "update")
    return changed
