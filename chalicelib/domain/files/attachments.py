"""Files attached to comments and to messages of chats: bytes in the bucket, records beside what they hang on.

Comments and messages keep the ids of their attachments in `attached`, so that a whole thread finds them in one read
(docs/contract/tasks.md 6.9, docs/contract/files.md 8, docs/contract/people.md 12).
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

from chalicelib.domain.commands import Known
from chalicelib.domain.files import downloads
from chalicelib.domain.files.downloads import StoredFile
from chalicelib.errors import Invalid, NotFound
from chalicelib.events.journal import emit, project_of
from chalicelib.media import content_types
from chalicelib.media import keys as media_keys
from chalicelib.media.unreadable import Unreadable
from chalicelib.records.fields import Kind
from chalicelib.records.files import ATTACHMENT_FILE
from chalicelib.records.people import CHAT_MESSAGE
from chalicelib.records.record import Record
from chalicelib.records.tasks import COMMENT
from chalicelib.store import homes, keys, objects, reads
from chalicelib.store.changes import Changes, write

# The records of one request go in one transaction with the comment.
MOST_FILES: Final = 50
# How long a browser keeps one: a file is never replaced, another one is another attachment.
SECONDS: Final = 604_800
_SHORT: Final = ("id", "name", "extension", "size")
# What files hang on, and the field of the attachment that names it.
FIELD_OF: Final[Mapping[Kind, str]] = {COMMENT: "comment_id", CHAT_MESSAGE: "chat_message_id"}


class Upload(NamedTuple):
    """A file that was sent."""

    name: str
    mimetype: str
    data: bytes


class Stored(NamedTuple):
    """A file whose bytes are in the bucket already; its record is still to be written."""

    attachment_id: str
    key: str
    upload: Upload


def key_of(attachment: Record) -> str:
    """The key of the object that holds an attachment's bytes."""
    return media_keys.attachment(homes.of(ATTACHMENT_FILE, attachment), attachment.id)


def attached_to(posts: Iterable[Record]) -> list[Record]:
    """The attachments of comments or messages, in the order in which they were added; one read a hundred."""
    return reads.get_many(ATTACHMENT_FILE, [one for post in posts for one in ids_of(post)])


def ids_of(post: Record) -> list[str]:
    """The ids of the attachments of a comment or message."""
    return list(post.get("attached") or ())


def short(attachment: Record) -> dict[str, Any]:
    """The form inside comments, and in the answer to a message that was just posted."""
    return {name: attachment[name] for name in _SHORT}


def store(home: str, uploads: Sequence[Upload]) -> list[Stored]:
    """Puts files into the bucket, side by side; Invalid where they are too many for one request."""
    if len(uploads) > MOST_FILES:
        raise Invalid(f"At most {MOST_FILES} files go with one request.", "file", f"at most {MOST_FILES} files")
    stored = []
    for upload in uploads:
        attachment_id = keys.new_id(ATTACHMENT_FILE, home)
        stored.append(Stored(attachment_id, media_keys.attachment(home, attachment_id), upload))
    reads.parallel([partial(objects.put, one.key, one.upload.data, _content_type(one.upload)) for one in stored])
    return stored


def drop(stored: Iterable[Stored]) -> None:
    """Takes files out of the bucket whose records were never written."""
    objects.discard(one.key for one in stored)


def record(changes: Changes, post: Record, stored: Iterable[Stored]) -> list[Record]:
    """Adds the records of stored files to a command; the comment or message has to name them in `attached`."""
    return [changes.create(ATTACHMENT_FILE, _values(post, one.upload), record_id=one.attachment_id) for one in stored]


def _values(post: Record, upload: Upload) -> dict[str, Any]:
    return {
        "name": upload.name,
        "extension": upload.name.rpartition(".")[2].lower(),
        "size": len(upload.data),
        "mimetype": upload.mimetype,
        "content_type": _content_type(upload),
        FIELD_OF[post.kind]: post.id,
    }


def _content_type(upload: Upload) -> str:
    """What a file is, told by its content; nearly anything may look like text, so that takes the client's word, too."""
    told = content_types.told_by(upload.data)
    return content_types.BYTES if told == content_types.TEXT and not upload.mimetype else told


def add(comment: Record, uploads: Sequence[Upload]) -> list[Record]:
    """Attaches files to a comment that is there already."""
    stored = store(homes.of(COMMENT, comment), uploads)
    known = Known(comment)

    def command(changes: Changes) -> list[Record]:
        current = known.read(changes)
        made = record(changes, current, stored)
        _tell(changes, changes.update(current, attached=[*ids_of(current), *(one.id for one in made)]))
        return made

    return write(command, undo=partial(drop, stored)) if stored else []


def _tell(changes: Changes, comment: Record) -> None:
    emit(changes, "comment:update", project_of(comment), comment, comment_id=comment.id)


def remove(comment: Record, attachment_id: str) -> None:
    """Takes an attachment away, with its bytes; NotFound where the comment has none with that id."""

    known = Known(comment)

    def command(changes: Changes) -> None:
        current = known.read(changes)
        found = changes.read(ATTACHMENT_FILE, attachment_id)
        if found["comment_id"] != current.id:
            raise NotFound(f"The comment has no attachment with the id {attachment_id!r}.", {"id": attachment_id})
        changes.delete(found)
        _tell(changes, changes.update(current, attached=[one for one in ids_of(current) if one != found.id]))
        changes.afterwards(partial(objects.discard, [key_of(found)]))

    write(command)


def stored_file(attachment: Record) -> StoredFile:
    """The file of an attachment, as what its content is; one whose content nobody looked at is bytes."""
    content_type = attachment.get("content_type") or content_types.BYTES
    size, modified = attachment["size"] or 0, attachment["created_at"]
    return StoredFile(key_of(attachment), size, attachment.id, content_type, modified, attachment["name"])


def thumbnail(attachment: Record) -> bytes:
    """The small picture of a PNG in a chat, made when it is asked for; NotFound for all other attachments."""
    if not attachment["chat_message_id"] or attachment["extension"] != "png":
        raise NotFound("This attachment has no small picture.", {"id": attachment.id})
    from chalicelib.media import pictures

    try:
        return pictures.thumbnail(downloads.content(stored_file(attachment)))
    except Unreadable as problem:
        raise NotFound(str(problem), {"id": attachment.id}) from None
