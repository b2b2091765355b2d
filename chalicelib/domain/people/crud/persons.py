"""The generic CRUD of persons and bots (docs/contract/people.md sections 5 and 6)."""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.domain.crud.collection import StudioCollection
from chalicelib.domain.crud.pagination import truth
from chalicelib.domain.jobs import deletions
from chalicelib.domain.people import (
    deletion,
    mail_problems,
    passwords,
    person_limit,
    presentation,
    protected_accounts,
    script_tokens,
    sessions,
)
from chalicelib.domain.people.second_factor.methods import METHODS
from chalicelib.errors import Forbidden, Invalid
from chalicelib.records.people import PERSON
from chalicelib.records.record import Record, shown
from chalicelib.store.changes import Changes

# These change on ways of their own: signing in, the second factor.
_WITHHELD: Final = (
    "password",
    "jti",
    "totp_secret",
    "email_otp_secret",
    "otp_recovery_codes",
    "fido_credentials",
    *(f"{method}_enabled" for method in METHODS),
)
_FOR_ADMINS: Final = (
    "role",
    "departments",
    "active",
    "is_bot",
    "archived",
    "login_failed_attemps",
    "last_login_failed",
    "is_generated_from_ldap",
    "ldap_uid",
    "last_presence",
    "studio_id",
)
_OPTIONAL: Final = ("email", "studio_id")
# Clients send whole records back, so these are refused where they differ, not where they are named.
_EARNED: Final = ("daily_salary", "position")
# What a list may be filtered by without being allowed to see it all: a filter tells what it matches.
_SEARCHABLE: Final = (*presentation.CARD, "email")


class People(StudioCollection):
    """Persons: cards for most, all of it for admins."""

    kind = PERSON
    acting = (script_tokens.DATE,)

    def may_change(self, caller: Caller, record: Record, values: Mapping[str, Any]) -> None:
        """Admins, and the person."""
        del values
        checks.is_self(caller, record.id)

    def may_delete(self, caller: Caller, record: Record) -> None:
        """Admins, but neither themselves nor a protected account."""
        checks.administer(caller)
        if caller.id == record.id:
            raise Forbidden("Nobody deletes themselves.")
        protected_accounts.refuse_delete(record)

    def list(self, caller: Caller, query: Mapping[str, str]) -> Any:
        """The list; below managers, what a card does not show is no filter either."""
        if not caller.is_manager:
            query = {name: text for name, text in query.items() if name in _SEARCHABLE or name not in self.kind.by_name}
        return super().list(caller, query)

    def show(self, caller: Caller, record: Record, relations: bool) -> Any:
        """A row of a list: in full for admins alone."""
        return presentation.for_admin(record, relations) if caller.is_admin else presentation.card(record, relations)

    def read(self, caller: Caller, record: Record, query: Mapping[str, str]) -> Any:
        """One person: in full for managers, too."""
        return presentation.for_caller(caller, record, truth(query, "relations", default=True))

    def answer_create(self, caller: Caller, body: Mapping[str, Any]) -> Any:
        """A new person in full; a bot with its token, which is never shown again."""
        person = self.create(caller, _tidy(body))
        token = {"access_token": script_tokens.token_of(person)} if person["is_bot"] else {}
        return shown(person, relations=True, **token)

    def answer_change(self, caller: Caller, record: Record, body: Mapping[str, Any]) -> Any:
        """A changed person in full, with a new script token where one was made, and what tells it from others."""
        self.may_change(caller, record, body)
        _refuse_unknown_method(body)
        allowed = _allowed(caller, body)
        if script_tokens.is_over(record) and allowed.get(script_tokens.DATE) == record[script_tokens.DATE]:
            del allowed[script_tokens.DATE]
        person = self.change(caller, record, allowed)
        if caller.is_admin and body.get(mail_problems.OF_PERSON, "") is None:
            mail_problems.lift(person)
        token = {"token_fingerprint": script_tokens.fingerprint(person)}
        if script_tokens.gets_new(caller, person, allowed):
            token["access_token"] = script_tokens.token_of(person)
        return shown(person, relations=True, **token)

    def new_values(self, caller: Caller, values: dict[str, Any]) -> dict[str, Any]:
        """A new person: the password hashed, a bot with the id of its token."""
        del caller
        script_tokens.refuse_past(values)
        made = {name: value for name, value in values.items() if name not in _WITHHELD}
        if password := values.get("password"):
            made["password"] = _hashed(password)
        if made.get("is_bot"):
            made["jti"] = script_tokens.new_id()
        return made

    def created(self, changes: Changes, caller: Caller, record: Record) -> None:
        """Whoever is active needs a place."""
        if _counts(record):
            person_limit.claim_place(changes)
        super().created(changes, caller, record)

    def changed_values(self, caller: Caller, record: Record, values: dict[str, Any]) -> dict[str, Any]:
        """A change: what it needs to be allowed, what it does to tokens."""
        protected_accounts.refuse_change(caller, record, values)
        _refuse_earned(caller, record, values)
        script_tokens.refuse_past(values)
        return {**values, **_token_values(caller, record, {**record, **values}, values)}

    def changed(self, changes: Changes, caller: Caller, old: Record, new: Record) -> None:
        """Whoever becomes active needs a place."""
        if _counts(new) and not _counts(old):
            person_limit.claim_place(changes)
        super().changed(changes, caller, old, new)

    def deleted(self, changes: Changes, caller: Caller, record: Record) -> None:
        """What was written meanwhile and names them lets go of them later."""
        super().deleted(changes, caller, record)
        deletions.begin(changes, record, ended=True)

    def delete(self, caller: Caller, record: Record, query: Mapping[str, str]) -> None:
        """Takes a person away; with `force`, what points at them first."""
        self.may_delete(caller, record)
        if truth(query, "force"):
            deletion.remove_person(record)
        else:
            super().delete(caller, record, query)


def _counts(person: Record) -> bool:
    return bool(person["active"]) and not person["is_bot"]


def _tidy(body: Mapping[str, Any]) -> dict[str, Any]:
    """The body with null where a form had nothing to choose or to fill in."""
    return {name: None if value == "" and name in _OPTIONAL else value for name, value in body.items()}


def _allowed(caller: Caller, body: Mapping[str, Any]) -> dict[str, Any]:
    """What the caller may set; the rest is ignored, not even validated."""
    ignored = {*_WITHHELD}
    if not caller.is_admin:
        ignored |= {*_FOR_ADMINS, *((script_tokens.DATE,) if caller.is_bot else ())}
    return {name: value for name, value in _tidy(body).items() if name not in ignored}


def _refuse_unknown_method(body: Mapping[str, Any]) -> None:
    method = body.get("two_factor_authentication")
    if method is not None and method not in METHODS:
        raise Invalid("This is no second factor.", "two_factor_authentication", f"one of {', '.join(METHODS)}")


def _refuse_earned(caller: Caller, record: Record, values: Mapping[str, Any]) -> None:
    if not caller.is_admin and any(name in values and values[name] != record[name] for name in _EARNED):
        raise Forbidden("Only an administrator sets this.")


def _hashed(password: Any) -> str:
    if not isinstance(password, str):
        raise Invalid("The password is no text.", "password", "a string")
    return passwords.hashed(password)


def _token_values(caller: Caller, record: Record, new: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """What a change does to the tokens of a person.

    Made inactive, everything of theirs stays dead for good, but the token of a bot; turned from a bot into a person or
    back, everything does. A date makes a new script token, and voids the old one, the token of another person as well.
    """
    found: dict[str, Any] = {}
    turned = new["is_bot"] != record["is_bot"]
    if turned or (record["active"] and not new["active"]):
        found |= sessions.logins_ended(record) if record["is_bot"] else sessions.all_ended(record)
    moved = script_tokens.DATE in values and values[script_tokens.DATE] != record[script_tokens.DATE]
    if turned or moved:
        found["jti"] = None
    if script_tokens.gets_new(caller, new, values):
        found["jti"] = script_tokens.new_id()
    return found
