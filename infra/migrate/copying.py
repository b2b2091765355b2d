"""The files of previews, comments, people and productions: fetched from the other server, stored as they are.

Derived pictures and movies come over with the originals, so that nothing is made anew. A record names its files once
they are there; who is cut off before fetches the file under way again.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import Final, TypeVar

from chalicelib.domain.files import formats, storage
from chalicelib.media import content_types
from chalicelib.media import keys as media_keys
from chalicelib.records.files import ATTACHMENT_FILE
from chalicelib.records.record import Record
from chalicelib.store import objects
from infra.migrate.progress import Step
from infra.migrate.source import BrokenOff, Missing, Source
from infra.migrate.target import Collection

_WORKERS: Final = 6
_TRIES: Final = 4
# What is written once so many files are there.
_BATCH: Final = 50
# The first of each is what must be there.
_PICTURES: Final = {
    media_keys.ORIGINAL: "/pictures/originals/preview-files/{id}.png",
    media_keys.PREVIEW: "/pictures/previews/preview-files/{id}.png",
    media_keys.THUMBNAIL: "/pictures/thumbnails/preview-files/{id}.png",
    media_keys.SQUARE: "/pictures/thumbnails-square/preview-files/{id}.png",
}
_MOVIES: Final = {
    media_keys.MOVIE: "/movies/originals/preview-files/{id}.mp4",
    **_PICTURES,
    media_keys.LOW_MOVIE: "/movies/low/preview-files/{id}.mp4",
    media_keys.TILE: "/movies/tiles/preview-files/{id}.png",
}
_PLAIN: Final = {media_keys.PLAIN: "/pictures/originals/preview-files/{id}.{extension}"}
T = TypeVar("T")


def copy_previews(source: Source, previews: Collection, step: Step) -> None:
    """Brings the files of those previews that are ready and whose files are not here, or are others by now."""
    wanted = [one for one in previews.records.values() if one["status"] == "ready" and not _is_here(one)]
    _each(wanted, previews, step, lambda one: _preview(source, one))


def copy_attachments(source: Source, attachments: Collection, step: Step) -> None:
    """Brings the attachments that are not here."""
    wanted = [one for one in attachments.records.values() if one["content_type"] is None]
    _each(wanted, attachments, step, lambda one: _attachment(source, one))


def copy_working_files(source: Source, working_files: Collection, step: Step) -> None:
    """Brings the content of working files that is not here, or is another by now; many have none."""
    wanted = [one for one in working_files.records.values() if not _has(one, _content_generation(one))]
    _each(wanted, working_files, step, lambda one: _working_file(source, one), all_have_one=False)


def copy_pictures(source: Source, collection: Collection, changed: set[str], step: Step) -> None:
    """Brings the pictures of people, productions and the studio; of what is here, of the changed ones alone."""
    table = collection.kind.table
    for record in collection.records.values():
        key = media_keys.avatar(table, record.id)
        if record["has_avatar"] and (record.id in changed or objects.size(key) is None):
            if _copy(source, f"/pictures/thumbnails/{table}s/{record.id}.png", key, "image/png") is None:
                collection.tally.differs.append(f"{collection.kind.name} {record.id}: its picture is not there")
            step.advance()


def copy_backgrounds(source: Source, backgrounds: Collection, changed: set[str], step: Step) -> None:
    """Brings the files of preview backgrounds."""
    for record in backgrounds.records.values():
        key = media_keys.background(record.id, media_keys.BACKGROUND)
        if record["extension"] is None or (record.id not in changed and objects.size(key) is not None):
            continue
        path = f"/pictures/preview-background-files/{record.id}.{record['extension']}"
        if _copy(source, path, key, storage.content_type(key)) is None:
            backgrounds.tally.differs.append(f"{backgrounds.kind.name} {record.id}: its file is not there")
        small = f"/pictures/thumbnails/preview-background-files/{record.id}.png"
        _copy(source, small, media_keys.background(record.id, media_keys.THUMBNAIL), "image/png")
        step.advance()


def _each(
    wanted: Sequence[Record],
    collection: Collection,
    step: Step,
    fetch: Callable[[Record], Record | None],
    all_have_one: bool = True,
) -> None:
    """Fetches the files of records side by side, and writes a batch of these whenever it is whole."""
    step.total += len(wanted)
    with ThreadPoolExecutor(_WORKERS) as workers:
        for number, (record, made) in enumerate(workers.map(lambda one: (one, fetch(one)), wanted), 1):
            if made is None and all_have_one:
                collection.tally.differs.append(f"{record.kind.name} {record.id}: its file is not there")
            elif made is not None:
                collection.put(made)
            if number % _BATCH == 0:
                collection.flush()
            step.advance()


def _is_here(preview: Record) -> bool:
    return _has(preview, _generation(preview))


def _has(record: Record, generation: str) -> bool:
    stored = record["stored"] or {}
    return any(made == generation for made, _ in stored.get("files", {}).values())


def _generation(preview: Record) -> str:
    """A name for the files of a preview that stays the same as long as these do."""
    told = [
        preview.id,
        *(str(preview[name]) for name in ("original_name", "extension", "file_size", "width", "height")),
    ]
    return hashlib.sha256("|".join(told).encode()).hexdigest()[:10]


def _content_generation(working_file: Record) -> str:
    told = [working_file.id, *(str(working_file[name]) for name in ("updated_at", "size", "checksum"))]
    return hashlib.sha256("|".join(told).encode()).hexdigest()[:10]


def _working_file(source: Source, working_file: Record) -> Record | None:
    assert working_file.home is not None
    at, name = media_keys.working_file(working_file.home, working_file.id), _content_generation(working_file)
    key = media_keys.variant(at, name, media_keys.PLAIN)
    path = f"/data/working-files/{working_file.id}/file"
    # The original breaks where nothing was sent yet (docs/contract/files.md section 4).
    size = _copy(source, path, key, content_types.BYTES, may_break=True)
    if size is None:
        return None
    stored = media_keys.Generation(at, name, {media_keys.PLAIN: size}).onto(None)
    values = {**working_file, "stored": stored}
    return Record(working_file.kind, values, working_file.version + 1, home=working_file.home)


def _preview(source: Source, preview: Record) -> Record | None:
    extension = (preview["extension"] or "").lower()
    known = {formats.PICTURE_EXTENSION: _PICTURES, formats.MOVIE_EXTENSION: _MOVIES}
    assert preview.home is not None
    at, name, sizes = media_keys.folder(preview.home, preview.id), _generation(preview), dict[str, int]()
    for variant, path in known.get(extension, _PLAIN).items():
        size = _copy(
            source,
            path.format(id=preview.id, extension=extension),
            media_keys.variant(at, name, variant),
            storage.content_type(extension if variant == media_keys.PLAIN else variant),
            # Where there is no small movie the other one is answered.
            but_not=sizes.get(media_keys.MOVIE) if variant == media_keys.LOW_MOVIE else None,
        )
        if size is not None:
            sizes[variant] = size
        elif not sizes:
            return None
    made = media_keys.Generation(at, name, sizes)
    return Record(preview.kind, {**preview, "stored": made.onto(None)}, preview.version + 1, home=preview.home)


def _attachment(source: Source, attachment: Record) -> Record | None:
    assert attachment.home is not None
    key = media_keys.attachment(attachment.home, attachment.id)

    def store(chunks: Iterator[bytes]) -> str:
        head = next(chunks, b"")
        told = content_types.told_by(head)
        if told == content_types.TEXT and not attachment["mimetype"]:
            told = content_types.BYTES
        objects.put_chunks(key, chain((head,), chunks), told)
        return told

    told = _stored(source, f"/data/attachment-files/{attachment.id}/file/{attachment.id}", store)
    if told is None:
        return None
    values = {**attachment, "content_type": told}
    return Record(ATTACHMENT_FILE, values, attachment.version + 1, home=attachment.home)


def _copy(
    source: Source, path: str, key: str, content_type: str, but_not: int | None = None, may_break: bool = False
) -> int | None:
    """Stores what is at a path; gives its size. None where nothing is there, or what has a size that is not wanted."""
    size = _stored(source, path, lambda chunks: objects.put_chunks(key, chunks, content_type), may_break)
    if size == but_not:
        objects.discard([key])
        return None
    return size


def _stored(source: Source, path: str, store: Callable[[Iterator[bytes]], T], may_break: bool = False) -> T | None:
    """What storing a file gives, tried again where it breaks off; None where there is none."""
    for number in range(1, _TRIES + 1):
        try:
            with source.file(path, may_break) as chunks:
                return store(chunks)
        except Missing:
            return None
        except BrokenOff:
            if number == _TRIES:
                raise
    raise AssertionError("unreachable")
