"""Tokens of bots, and of people for their scripts (docs/contract/people.md section 6)."""

import uuid
from collections.abc import Mapping
from typing import Any

from chalicelib.access import tokens
from chalicelib.access.caller import Caller
from chalicelib.errors import Invalid
from chalicelib.records import clock
from chalicelib.records.record import Record

DATE = "expiration_date"
_SECONDS_A_DAY = 24 * 60 * 60


def new_id() -> str:
    """The id of a new token; while the person keeps it, the token is good, and no other."""
    return str(uuid.uuid4())


def token_of(person: Record) -> str:
    """The person's token, shown once. It has no end without an `expiration_date`, else ends with that day (UTC)."""
    day = person[DATE]
    # In seconds: after the last day of all there is none to tell.
    expires = clock.epoch(f"{day}T00:00:00") + _SECONDS_A_DAY if day else None
    return tokens.issue_script_token(person, person["jti"], expires)


def fingerprint(person: Record) -> str | None:
    """Tells whether the token in force is still the one it was, and nothing else of it; None without one."""
    return str(uuid.uuid5(uuid.UUID(person.id), person["jti"])) if person["jti"] else None


def gets_new(caller: Caller, person: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    """Whether a change makes a new token for what is `person` then: a date was given, for a bot or by oneself.

    Somebody else's token would let an administrator act in their name: the date is kept, no token is made.
    """
    return DATE in values and (bool(person["is_bot"]) or caller.id == person["id"])


def is_over(values: Mapping[str, Any]) -> bool:
    """Whether the last day of a token is past."""
    day = values.get(DATE)
    return day is not None and day < clock.today()


def refuse_past(values: Mapping[str, Any]) -> None:
    """Raises Invalid for a last day that is over."""
    if is_over(values):
        raise Invalid("The expiration date is over.", DATE, "a day to come, YYYY-MM-DD")
