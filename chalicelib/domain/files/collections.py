"""The generic collections of this area."""

from typing import Final

from chalicelib.domain.collection.base import Collection
from chalicelib.domain.files.attachment_records import AttachmentFiles
from chalicelib.domain.files.pipeline_records import OutputFiles, WorkingFiles
from chalicelib.domain.files.playlist_records import Playlists
from chalicelib.domain.files.preview_records import PreviewFiles

COLLECTIONS: Final[tuple[Collection, ...]] = (
    PreviewFiles(),
    AttachmentFiles(),
    WorkingFiles(),
    OutputFiles(),
    Playlists(),
)
