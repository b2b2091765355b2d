"""The stored files of what a production holds."""

from chalicelib.domain.comments import attachments
from chalicelib.domain.files import storage
from chalicelib.media import keys
from chalicelib.records.fields import Kind
from chalicelib.records.files import ATTACHMENT_FILE, PREVIEW_FILE
from chalicelib.records.production import PROJECT
from chalicelib.store.bulk_deletion import FilesOf


def of_kind(kind: Kind) -> FilesOf | None:
    """What tells the keys of the objects that records of a kind name; None where they name none."""
    if kind is PREVIEW_FILE:
        return keys.of_preview
    if kind is ATTACHMENT_FILE:
        return lambda record: [attachments.key_of(record)]
    return None


def delete_picture(project_id: str) -> None:
    """Deletes the picture of a production."""
    storage.discard([keys.avatar(PROJECT.table, project_id)])
