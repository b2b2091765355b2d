"""Large uploads: straight to the bucket, since a request holds a few megabytes (docs/operations.md)."""

from typing import Any

import msgspec

from chalicelib.access import previews as access
from chalicelib.domain.files import uploads
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.records.files import PREVIEW_FILE
from chalicelib.records.record import plain
from chalicelib.routes.answer_schemas import Shown

area = Area("uploads", "Files that are too large for a request: offered, sent to the bucket, completed.")


class NewUpload(msgspec.Struct):
    """A file that is going to be sent; `size` in bytes, `normalize` false keeps a movie as it is.

    `resume`, a word of the client's own for this very content: in parts, and gone on with where it was begun before.
    """

    filename: str
    size: int
    normalize: bool = True
    resume: str | None = None


class Part(msgspec.Struct):
    """A part of a file, and where it is PUT to."""

    number: int
    url: str


class OfferedParts(msgspec.Struct, kw_only=True):
    """Where to send a file: by one POST of a form, `fields` first and the file last; or by a PUT of each part.

    Every part but the last has `part_size` bytes; those that `arrived` before need not be sent again. The addresses are
    good for `expires_in` seconds.
    """

    key: str
    method: str
    expires_in: int
    url: str | None = None
    fields: dict[str, str] | None = None
    part_size: int | None = None
    parts: list[Part] | None = None
    arrived: list[int] | None = None


class OfferedUpload(OfferedParts, kw_only=True):
    """Where to send the file of a preview."""

    preview_file_id: str


@area.post(
    "/data/preview-files/{preview_file_id}/upload",
    access=access.task_actor(),
    body=NewUpload,
    answer=OfferedUpload,
    status=201,
)
def offer_upload(call: Call) -> Any:
    """Addresses to send the file of a preview to, up to 5 GB; above 100 MB, or to be gone on with, in parts."""
    asked: NewUpload = call.body
    return uploads.offer(call.caller, call.subject.preview, asked.filename, asked.size, asked.normalize, asked.resume)


@area.post(
    "/data/preview-files/{preview_file_id}/upload/complete", access=access.task_actor(), answer=Shown(PREVIEW_FILE)
)
def complete_upload(call: Call) -> Any:
    """Says that the file was sent: the preview is processed, and becomes ready or broken."""
    return plain(uploads.complete(call.subject.preview))


@area.post("/actions/preview-files/{preview_file_id}/retry", access=access.task_actor(), answer=Shown(PREVIEW_FILE))
def retry(call: Call) -> Any:
    """Processes the upload of a broken preview once more."""
    return plain(uploads.retry(call.subject.preview))
