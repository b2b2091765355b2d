"""Messages in chats: posted by participants, taken away by their authors (docs/contract/people.md section 12)."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from chalicelib.access.caller import Caller
from chalicelib.domain.chats.presentation import as_posted, of_entity
from chalicelib.domain.commands import Known
from chalicelib.domain.counters import chats
from chalicelib.domain.files import attachments
from chalicelib.domain.files.attachments import Upload
from chalicelib.errors import Invalid
from chalicelib.events.journal import emit_live
from chalicelib.records import clock
from chalicelib.records.people import CHAT, CHAT_MESSAGE
from chalicelib.records.record import Record
from chalicelib.store import homes, objects
from chalicelib.store.changes import Changes, write


def post(caller: Caller, entity: Record, text: str, uploads: Sequence[Upload]) -> dict[str, Any]:
    """Says something in the chat about an entity, with files; Invalid for who is no participant.

    The files are stored first, and go again where the message is not written.
    """
    chat = of_entity(entity)
    if chat is None:
        raise _not_in_it()
    _require_participant(caller, chat)
    known, stored = Known(chat), attachments.store(homes.of(CHAT, chat), uploads)

    def command(changes: Changes) -> dict[str, Any]:
        current = known.read(changes)
        _require_participant(caller, current)
        attached_ids = [one.attachment_id for one in stored]
        values = {"chat_id": current.id, "person_id": caller.id, "text": text, "attached": attached_ids}
        message = changes.create(CHAT_MESSAGE, values)
        attached = attachments.record(changes, message, stored)
        moment = message["created_at"]
        changes.update(current, last_message=moment)
        _tell(changes, "new-message", entity, message, current, last_message=clock.shown(moment))
        return as_posted(message, attached)

    return write(command, undo=partial(attachments.drop, stored))


def remove(entity: Record, message: Record) -> None:
    """Takes a message away, with its files."""
    known = Known(message)

    def command(changes: Changes) -> None:
        current = known.read(changes)
        attached = attachments.attached_to([current])
        for record in (current, *attached):
            changes.delete(record)
        chats.recount(changes, current["chat_id"], {current.id})
        _tell(changes, "deleted-message", entity, current)
        changes.afterwards(partial(objects.discard, [attachments.key_of(one) for one in attached]))

    write(command)


def _require_participant(caller: Caller, chat: Record) -> None:
    if caller.id not in chat["participants"]:
        raise _not_in_it()


def _not_in_it() -> Invalid:
    return Invalid("You are not in this chat.", "entity_id", "an entity whose chat you joined")


def _tell(
    changes: Changes, verb: str, entity: Record, message: Record, chat: Record | None = None, **more: str
) -> None:
    payload = {"chat_id": message["chat_id"], "chat_message_id": message.id, "entity_id": entity.id, **more}
    emit_live(changes, f"chat:{verb}", entity["project_id"], chat, **payload)
