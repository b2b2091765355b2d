"""Ending what somebody is signed in with: sessions, script tokens (docs/contract/people.md sections 2 and 6).

A session is a login with what came of it by refreshing. All of a person's end when their generation moves on, but the
one that is kept; tokens tell theirs (access/tokens.py).
"""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.access.caller import Caller

_KEPT: Final = "kept_session"


def all_ended(person: Mapping[str, Any]) -> dict[str, Any]:
    """What a change of the person writes that ends every session of theirs, and their script token."""
    return {**logins_ended(person), "jti": None}


def logins_ended(person: Mapping[str, Any]) -> dict[str, Any]:
    """What a change of the person writes that ends every session of theirs; a bot's token is to come back to life."""
    return {"token_generation": (person.get("token_generation") or 0) + 1, _KEPT: None}


def others_ended(person: Mapping[str, Any], caller: Caller) -> dict[str, Any]:
    """What a change of the person writes that ends all but what they ask with."""
    if caller.identity == "person":
        return {**all_ended(person), _KEPT: caller.session_id}
    return {**all_ended(person), "jti": caller.token_id}
