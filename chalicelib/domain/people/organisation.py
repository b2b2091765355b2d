"""The studio's own record: one, made when it is first looked at (docs/contract/people.md section 7)."""

from typing import Any, Final

from chalicelib.access.caller import Caller
from chalicelib.records.fields import STUDIO
from chalicelib.records.people import ORGANISATION
from chalicelib.records.record import Record, plain
from chalicelib.records.record import shown as as_dict
from chalicelib.store import reads, reference
from chalicelib.store.changes import Changes, write

NAME: Final = "Kitsu"
# Tokens of the studio's chat services.
CHAT_FIELDS: Final = ("chat_token_slack", "chat_webhook_mattermost", "chat_token_discord")


def find_organisation() -> Record | None:
    """The organisation, or None as long as nobody has looked at it; of several the first is the studio's."""
    found = reference.every(ORGANISATION).values()
    return min(found, key=lambda one: (one["created_at"], one.id), default=None)


def record() -> Record:
    """The organisation; made where there is none."""
    return find_organisation() or write(_made)


def _made(changes: Changes) -> Record:
    holder = reads.holder(ORGANISATION, STUDIO, ("name",), {"name": NAME})
    return changes.read(ORGANISATION, holder) if holder else changes.create(ORGANISATION, {"name": NAME})


def shown(caller: Caller) -> Any:
    """The organisation as the caller may see it."""
    return seen_by(caller, record())


def seen_by(caller: Caller, organisation: Record) -> Any:
    """An organisation with the fields of chat services for an admin, without them for all others."""
    if caller.is_admin:
        return plain(organisation)
    return {name: value for name, value in as_dict(organisation).items() if name not in CHAT_FIELDS}


def at_login(caller: Caller) -> Any:
    """The organisation in the answer to a login: some clients expect the chat fields there, so others than admins get
    them empty."""
    organisation = record()
    return plain(organisation) if caller.is_admin else {**as_dict(organisation), **dict.fromkeys(CHAT_FIELDS, "")}
