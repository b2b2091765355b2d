"""The generic CRUD of chats and their messages: for admins (docs/contract/people.md section 12)."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from chalicelib.access.caller import Caller
from chalicelib.domain.chats.presentation import with_attachment_ids
from chalicelib.domain.counters import chats
from chalicelib.domain.crud.collection import Collection
from chalicelib.errors import Invalid
from chalicelib.records.people import CHAT, CHAT_MESSAGE
from chalicelib.records.record import Record
from chalicelib.store.changes import Changes, write

# Somebody who comes or goes is an item of the transaction.
_MOST_AT_ONCE: Final = 90


class Chats(Collection):
    """`/data/chats/`."""

    kind = CHAT

    def new_values(self, caller: Caller, values: dict[str, Any]) -> dict[str, Any]:
        """So many participants as go with one request."""
        del caller
        _refuse_crowd(values.get("participants") or ())
        return values

    def changed_values(self, caller: Caller, record: Record, values: dict[str, Any]) -> dict[str, Any]:
        """It stays with its entity; so many come and go as one request takes."""
        del caller
        if values.get("object_id", record["object_id"]) != record["object_id"]:
            raise Invalid("A chat stays with its entity.", "object_id", "the entity it is about")
        _refuse_crowd(set(values.get("participants", record["participants"])) ^ set(record["participants"]))
        return values

    def delete(self, caller: Caller, record: Record, query: Mapping[str, str]) -> None:
        """Beyond so many, participants leave before it goes."""
        self.may_delete(caller, record)
        self.refuse_delete(record, force=False)
        while len(record["participants"]) > _MOST_AT_ONCE:
            record = write(partial(_dismiss, chat_id=record.id))
        super().delete(caller, record, query)


def _refuse_crowd(persons: Any) -> None:
    if len(persons) > _MOST_AT_ONCE:
        message = f"At most {_MOST_AT_ONCE} participants come or go with one request."
        raise Invalid(message, "participants", f"at most {_MOST_AT_ONCE} changes")


def _dismiss(changes: Changes, chat_id: str) -> Record:
    chat = changes.read(CHAT, chat_id)
    return changes.update(chat, participants=chat["participants"][_MOST_AT_ONCE:])


class ChatMessages(Collection):
    """`/data/chat-messages/`."""

    kind = CHAT_MESSAGE

    def changed_values(self, caller: Caller, record: Record, values: dict[str, Any]) -> dict[str, Any]:
        """It stays in its chat."""
        del caller
        if values.get("chat_id", record["chat_id"]) != record["chat_id"]:
            raise Invalid("A message stays in its chat.", "chat_id", "the chat it was written in")
        return values

    def deleted(self, changes: Changes, caller: Caller, record: Record) -> None:
        """Its event; its chat tells the last of the messages that are left."""
        super().deleted(changes, caller, record)
        chats.recount(changes, record["chat_id"], {record.id})

    def show(self, caller: Caller, record: Record, relations: bool) -> Any:
        """With the ids of the files attached to it, where relations are asked for."""
        return with_attachment_ids(record) if relations else super().show(caller, record, relations)


COLLECTIONS: Final[tuple[Collection, ...]] = (Chats(), ChatMessages())
