"""Which stored file an address means, and what it is called (docs/contract/files.md 6.4)."""

from dataclasses import dataclass
from typing import Final

from chalicelib.access.previews import production_of, task_of
from chalicelib.domain.files import download_names, formats, storage
from chalicelib.errors import NotFound
from chalicelib.media import keys
from chalicelib.records.record import Record
from chalicelib.store import objects

# A link may be fetched that long; a browser that keeps the redirect for half of it always follows a good one.
LINK_SECONDS: Final = 3600


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file to answer with.

    `name`: what it is saved as; `modified`: a kept moment; `inline`: to be shown, where a browser may show what it is.
    `lasting`: its address means the same bytes for long, so that a browser may keep them.
    """

    key: str
    size: int
    tag: str
    content_type: str
    modified: str
    name: str | None = None
    inline: bool = True
    lasting: bool = True


def variant(preview: Record, name: str) -> StoredFile:
    """A derived file of a preview; NotFound where nothing like it was made."""
    entry = keys.entry(preview.get("stored"), name)
    if entry is None:
        raise NotFound("There is no such file of this preview.", {"id": preview.id})
    return StoredFile(entry.key, entry.size, entry.tag, storage.content_type(name), preview["updated_at"])


def original(preview: Record, extension: str) -> StoredFile:
    """What was uploaded: a picture or movie as `png`, any other file by its own extension alone."""
    extension = extension.lower()
    if extension == formats.PICTURE_EXTENSION:
        return variant(preview, keys.ORIGINAL)
    if extension != (preview["extension"] or "").lower():
        raise NotFound("There is no such file of this preview.", {"id": preview.id})
    return _plain(preview)


def download(preview: Record) -> StoredFile:
    """The original as a download; of a movie, its picture."""
    if keys.entry(preview.get("stored"), keys.ORIGINAL) is not None:
        return _named(preview, variant(preview, keys.ORIGINAL), formats.PICTURE_EXTENSION)
    return _named(preview, _plain(preview), preview["extension"])


def low_movie(preview: Record) -> StoredFile:
    """The small movie; the normal one where there is no other."""
    has_low = keys.entry(preview.get("stored"), keys.LOW_MOVIE) is not None
    return variant(preview, keys.LOW_MOVIE if has_low else keys.MOVIE)


def download_movie(preview: Record) -> StoredFile:
    """The movie as a download."""
    return _named(preview, variant(preview, keys.MOVIE), formats.MOVIE_EXTENSION)


def _plain(preview: Record) -> StoredFile:
    found = variant(preview, keys.PLAIN)
    content_type = storage.content_type(preview["extension"])
    return StoredFile(found.key, found.size, found.tag, content_type, found.modified)


def _named(preview: Record, found: StoredFile, extension: str) -> StoredFile:
    name = download_names.download_name(preview, task_of(preview), production_of(preview), extension)
    return StoredFile(found.key, found.size, found.tag, found.content_type, found.modified, name, inline=False)


def content(found: StoredFile) -> bytes:
    """The bytes of a file; NotFound where the object is lost."""
    data = objects.get(found.key)
    if data is None:
        raise NotFound("The stored file is lost.")
    return data


def link(found: StoredFile, disposition: str, cache: str) -> str:
    """An address in the bucket under which the file is fetched with the same headers; ranges are the bucket's work."""
    headers = {"ResponseContentType": found.content_type, "ResponseCacheControl": cache}
    return objects.link(found.key, LINK_SECONDS, **headers, ResponseContentDisposition=disposition)
