"""The generic CRUD of the kinds of this area."""

from typing import Final

from chalicelib.domain.crud.collection import Collection
from chalicelib.domain.files.crud.attachments import AttachmentFiles
from chalicelib.domain.files.crud.pipeline_files import OutputFiles, WorkingFiles
from chalicelib.domain.files.crud.previews import PreviewFiles

COLLECTIONS: Final[tuple[Collection, ...]] = (
    AttachmentFiles(),
    OutputFiles(),
    WorkingFiles(),
    PreviewFiles(),
)
