"""The objects in the bucket that belong to records; `store.objects.discard` takes them away."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from chalicelib.errors import Unavailable
from chalicelib.media import keys
from chalicelib.records.fields import Kind
from chalicelib.records.files import (
    ATTACHMENT_FILE,
    BUILD_JOB,
    PLAYLIST,
    PREVIEW_BACKGROUND_FILE,
    PREVIEW_FILE,
    WORKING_FILE,
)
from chalicelib.records.people import ORGANISATION, PERSON
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record
from chalicelib.store import homes, objects


def _of_attachment(attachment: Record) -> list[str]:
    return [attachment_in(attachment.home or homes.of(ATTACHMENT_FILE, attachment), attachment)]


def attachment_in(home: str, attachment: Record) -> str:
    """The object of an attachment while it is in a home."""
    return keys.attachment(home, attachment.id)


def _of_background(background: Record) -> list[str]:
    names = (keys.BACKGROUND, keys.THUMBNAIL) if background["extension"] else ()
    return [keys.background(background.id, name) for name in names]


def _avatar(table: str, record: Record) -> list[str]:
    return [keys.avatar(table, record.id)] if record["has_avatar"] else []


def _of_playlist(playlist: Record) -> list[str]:
    """Parts of its movies and what was packed of it, which no record names (a list request).

    Where the bucket does not answer, the sweep takes them a day later (files/orphans.py): a deletion waits for no list.
    """
    home = playlist.home or homes.of(PLAYLIST, playlist)
    try:
        return [found.key for found in objects.listed(keys.of_playlist(home, playlist.id))]
    except Unavailable:
        return []


def _of_build(job: Record) -> list[str]:
    return [job["movie"]["key"]] if job["movie"] else []


# By kind, for every kind that says that it keeps some (`Kind.keeps_objects`).
OF_KIND: Final[Mapping[Kind, Callable[[Record], list[str]]]] = {
    PREVIEW_FILE: keys.of_file,
    WORKING_FILE: keys.of_file,
    ATTACHMENT_FILE: _of_attachment,
    PREVIEW_BACKGROUND_FILE: _of_background,
    PLAYLIST: _of_playlist,
    BUILD_JOB: _of_build,
    **{kind: partial(_avatar, kind.table) for kind in (PERSON, PROJECT, ORGANISATION)},
}


def of(record: Record) -> list[str]:
    """The keys of what a record has in the bucket, its large fields included."""
    own = OF_KIND[record.kind](record) if record.kind in OF_KIND else []
    return [*own, *([record.texts.spilled] if record.texts.spilled else [])]
