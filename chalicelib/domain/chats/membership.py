"""A chat is there once somebody looks; who joins it may talk (docs/contract/people.md section 12)."""

from functools import partial
from typing import Any

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.domain.chats.presentation import of_entity
from chalicelib.domain.entities import names
from chalicelib.events.journal import emit_live
from chalicelib.records import clock
from chalicelib.records.entities import ENTITY
from chalicelib.records.people import CHAT
from chalicelib.records.record import Record
from chalicelib.store import homes, keys, reads
from chalicelib.store.changes import Changes, write


def chat_about(entity: Record) -> Record:
    """The chat about an entity, made where nobody looked yet."""
    return of_entity(entity) or write(partial(_found_or_made, entity=entity))


def _found_or_made(changes: Changes, entity: Record) -> Record:
    """The claim lets one of several win who look for the first time; the others begin again and find its chat."""
    home = homes.of(ENTITY, entity)
    key = keys.claim(home, CHAT, entity.id)
    seen = reads.claimant(key)
    found = of_entity(entity)
    if found is not None:
        return found
    made = changes.create(CHAT, {"object_id": entity.id})
    changes.claim(key, made.id, seen)
    changes.require(entity)
    return made


def join(caller: Caller, entity: Record) -> Record:
    """Takes the caller into the chat about an entity; once more is no matter."""

    def command(changes: Changes) -> Record:
        chat = _found_or_made(changes, entity)
        if caller.id in chat["participants"]:
            return chat
        _tell(changes, "joined", caller, entity, chat)
        return changes.update(chat, participants=[*chat["participants"], caller.id])

    return write(command)


def leave(caller: Caller, entity: Record) -> None:
    """Takes the caller out of the chat about an entity; not to be in it is no error."""

    def command(changes: Changes) -> None:
        chat = of_entity(entity)
        if chat is not None and caller.id in chat["participants"]:
            _tell(changes, "left", caller, entity, chat)
            changes.update(chat, participants=[one for one in chat["participants"] if one != caller.id])

    write(command)


def _tell(changes: Changes, verb: str, caller: Caller, entity: Record, chat: Record) -> None:
    # A chat is read below its entity.
    payload = {"chat_id": chat.id, "entity_id": entity.id, "person_id": caller.id}
    emit_live(changes, f"chat:{verb}", entity["project_id"], chat, **payload)


def chats_of(caller: Caller) -> list[dict[str, Any]]:
    """The chats the caller is in, of entities they may see in open productions; the last to be talked in first.

    One query of the caller's edges; chats, entities and what is above these, a read a hundred each.
    """
    edges = reads.edges(CHAT, "participants", caller.id)
    chats, entities = reads.parallel(
        [
            partial(reads.get_many, CHAT, [edge["id"] for edge in edges]),
            partial(reads.get_many, ENTITY, [edge["object_id"] for edge in edges]),
        ]
    )
    seen = _seen_by(caller, entities)
    above = names.ancestors_of(list(seen.values()))
    found = [_row(chat, seen[chat["object_id"]], above) for chat in chats if chat["object_id"] in seen]
    return sorted(found, key=lambda row: str(row["last_message"] or ""), reverse=True)


def _seen_by(caller: Caller, entities: list[Record]) -> dict[str, Record]:
    projects = {project.id for project in checks.projects_of(caller)}
    assigned = checks.assigned_entities(caller) if caller.is_vendor and entities else None
    return {
        entity.id: entity
        for entity in entities
        if entity["project_id"] in projects and (assigned is None or entity.id in assigned)
    }


def _row(chat: Record, entity: Record, above: names.Records) -> dict[str, Any]:
    last = chat["last_message"]
    return {
        "id": chat.id,
        "object_id": entity.id,
        "last_message": clock.shown(last) if last else None,
        "entity_name": names.full_name(entity, above),
        "project_id": entity["project_id"],
        "preview_file_id": entity["preview_file_id"],
    }
