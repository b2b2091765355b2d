"""When somebody last talked in a chat, told by its messages (docs/contract/people.md section 12)."""

from collections.abc import Sequence, Set
from functools import partial

from chalicelib.domain.commands import found
from chalicelib.records.people import CHAT, CHAT_MESSAGE
from chalicelib.records.record import Record
from chalicelib.store import homes, reads
from chalicelib.store.changes import Changes, write


def recount(changes: Changes, chat_id: str, gone: Set[str]) -> None:
    """Inside a command: the moment of the last message that is not `gone`, or none (two reads)."""
    chat = found(changes, CHAT, chat_id)
    if chat is None:
        return
    home = homes.of(CHAT_MESSAGE, {"chat_id": chat.id})
    left = [one for one in reads.query(CHAT_MESSAGE, home, "chat_id", ("^", f"{chat.id}#")) if one.id not in gone]
    changes.update(chat, last_message=left[-1]["created_at"] if left else None)


def without(messages: Sequence[Record], gone: Set[str]) -> None:
    """Messages are about to go: their chats tell the last of what is left; chats that are `gone` are left alone."""
    ids = frozenset(one.id for one in messages)
    for chat_id in {one["chat_id"] for one in messages} - gone:
        write(partial(recount, chat_id=chat_id, gone=ids))
