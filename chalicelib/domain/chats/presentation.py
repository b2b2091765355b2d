"""Finding chats and showing them (docs/contract/people.md section 12)."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from chalicelib.domain.files import attachments
from chalicelib.records.entities import ENTITY
from chalicelib.records.people import CHAT, CHAT_MESSAGE
from chalicelib.records.record import Record, shown
from chalicelib.store import homes, reads

_ATTACHED: Final = ("id", "name", "extension")


def of_entity(entity: Record) -> Record | None:
    """The chat about an entity, or None (one query); an admin may have made a second one, the first counts."""
    found = reads.query(CHAT, homes.of(ENTITY, entity), "object_id", ("=", entity.id))
    return min(found, key=lambda chat: str(chat["created_at"]), default=None)


def messages_of(chat: Record) -> list[Record]:
    """The messages of a chat, oldest first (one query)."""
    return reads.query(CHAT_MESSAGE, homes.of(CHAT_MESSAGE, {"chat_id": chat.id}), "chat_id", ("^", f"{chat.id}#"))


def full(chat: Record) -> dict[str, Any]:
    """A chat with the ids of its participants and its messages."""
    return shown(chat, relations=True, messages=rows(messages_of(chat)))


def rows(messages: Sequence[Record]) -> list[dict[str, Any]]:
    """Messages with their attachments: one read a hundred of these."""
    by_message: dict[str, list[dict[str, Any]]] = {}
    for one in attachments.attached_to(messages):
        by_message.setdefault(one["chat_message_id"], []).append({name: one[name] for name in _ATTACHED})
    return [shown(message, attachment_files=by_message.get(message.id, [])) for message in messages]


def as_posted(message: Record, attached: Iterable[Record]) -> dict[str, Any]:
    """A message as it is answered to its author: attachments, if there are any, with their sizes."""
    files = [attachments.short(one) for one in attached]
    return shown(message, attachment_files=files) if files else shown(message)


def with_attachment_ids(message: Record) -> dict[str, Any]:
    """A message with the ids of its attachments."""
    return shown(message, attachment_files=attachments.ids_of(message))
