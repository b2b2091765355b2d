"""Access rules of the chats about entities: who may see the entity (docs/contract/people.md section 12)."""

from collections.abc import Callable
from typing import Final, NamedTuple

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.access.rules import Asked, Rule, load, of_record
from chalicelib.errors import Forbidden, NotFound
from chalicelib.records.entities import ENTITY
from chalicelib.records.people import CHAT, CHAT_MESSAGE
from chalicelib.records.record import Record
from chalicelib.store import reads


class MessageOnEntity(NamedTuple):
    """What a rule on a message loaded."""

    entity: Record
    message: Record


def _anybody(caller: Caller, message: Record) -> None:
    """Whoever sees the entity reads what is said about it."""


def _author(caller: Caller, message: Record) -> None:
    """Its author alone: not even admins take words out of others' mouths."""
    if message["person_id"] != caller.id:
        raise Forbidden("This message is not yours.")


def _on_entity(name: str, test: Callable[[Caller, Record], None]) -> Rule:
    """Entity access, and a test of the message; NotFound for a message about something else."""

    def check(call: Asked) -> None:
        entity = load(ENTITY, call.params["entity_id"])
        checks.see_entity(call.caller, entity)
        message = load(CHAT_MESSAGE, call.params["chat_message_id"])
        chat = reads.find(CHAT, message["chat_id"])
        if chat is None or chat["object_id"] != entity.id:
            raise NotFound("The chat about this entity has no such message.", {"id": message.id})
        test(call.caller, message)
        call.subject = MessageOnEntity(entity, message)

    return Rule(name, check)


participant: Final = of_record("entity access, no bots", ENTITY, "entity_id", checks.see_entity, bots=False)
reader: Final = _on_entity("entity access", _anybody)
author: Final = _on_entity("the author", _author)
