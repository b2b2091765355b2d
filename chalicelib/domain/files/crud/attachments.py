"""The generic CRUD of attachments (docs/contract/files.md section 8); posting them belongs to comments and chats."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from chalicelib.access import checks, comments
from chalicelib.access.caller import Caller
from chalicelib.domain.commands import found
from chalicelib.domain.crud.collection import Collection
from chalicelib.domain.files import attachments
from chalicelib.errors import NotFound
from chalicelib.records.entities import ENTITY
from chalicelib.records.files import ATTACHMENT_FILE
from chalicelib.records.people import CHAT, CHAT_MESSAGE
from chalicelib.records.record import Record, plain, shown
from chalicelib.records.tasks import COMMENT
from chalicelib.store import objects, reads
from chalicelib.store.changes import Changes


def see_attachment(caller: Caller, attachment: Record) -> None:
    """The record, which tells the words of its comment: whom the comment is for; of a chat, who may see its entity."""
    comment = reads.find(COMMENT, attachment["comment_id"] or "")
    if comment is None:
        _see_chat(caller, attachment)
    else:
        comments.see_comment(caller, comments.task_of(comment), comment)


def see_attached_file(caller: Caller, attachment: Record) -> None:
    """The file: who may read the task of the comment, as clients were always shown it; of a chat, as its record."""
    comment = reads.find(COMMENT, attachment["comment_id"] or "")
    if comment is None:
        _see_chat(caller, attachment)
    else:
        checks.see_task(caller, comments.task_of(comment))


def _see_chat(caller: Caller, attachment: Record) -> None:
    message = reads.find(CHAT_MESSAGE, attachment["chat_message_id"] or "")
    chat = reads.find(CHAT, message["chat_id"]) if message else None
    if chat is None:
        checks.administer(caller)
        return
    entity = reads.find(ENTITY, chat["object_id"])
    if entity is None:
        raise NotFound("The chat of this attachment belongs to nothing any more.")
    checks.see_entity(caller, entity)


class AttachmentFiles(Collection):
    """`/data/attachment-files`: for admins; one for those who may read where it is attached."""

    kind = ATTACHMENT_FILE

    def may_read(self, caller: Caller, record: Record) -> None:
        """See `see_attachment`."""
        see_attachment(caller, record)

    def created(self, changes: Changes, caller: Caller, record: Record) -> None:
        """Its comment or message knows it, so that the thread shows it."""
        super().created(changes, caller, record)
        self._note(changes, record, [record.id])

    def deleted(self, changes: Changes, caller: Caller, record: Record) -> None:
        """Its comment or message forgets it; its file goes."""
        super().deleted(changes, caller, record)
        self._note(changes, record, [])
        changes.afterwards(partial(objects.discard, [attachments.key_of(record)]))

    @staticmethod
    def _note(changes: Changes, record: Record, known: list[str]) -> None:
        for kind, field in attachments.FIELD_OF.items():
            post = found(changes, kind, record[field])
            if post is not None:
                others = [one for one in attachments.ids_of(post) if one != record.id]
                changes.update(post, attached=[*others, *known], updated_at=post["updated_at"])

    def rows(self, caller: Caller, records: list[Record], relations: bool) -> list[Any]:
        """Each with the rows of its comment and its chat message; one read a hundred."""
        del caller, relations
        return full_forms(records)

    def show(self, caller: Caller, record: Record, relations: bool) -> Any:
        """With the rows of its comment and its chat message."""
        return self.rows(caller, [record], relations)[0]

    def delete(self, caller: Caller, record: Record, query: Mapping[str, str]) -> None:
        """Nothing holds an attachment back: its comment is what shows it."""
        super().delete(caller, record, query)

    def refuse_delete(self, record: Record, force: bool) -> None:
        """Nothing points at an attachment but what shows it."""


def full_forms(records: list[Record]) -> list[dict[str, Any]]:
    """Attachments with the plain rows of what they hang on."""
    posts = _by_id(COMMENT, records, "comment_id")
    messages = _by_id(CHAT_MESSAGE, records, "chat_message_id")
    return [
        shown(
            record,
            comment=posts.get(record["comment_id"]),
            chat_message=messages.get(record["chat_message_id"]),
        )
        for record in records
    ]


def _by_id(kind: Any, records: list[Record], field: str) -> dict[str | None, Any]:
    wanted = {record[field] for record in records if record[field]}
    return {one.id: plain(one) for one in reads.get_many(kind, wanted)} if wanted else {}
