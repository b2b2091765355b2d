"""The files of a playlist in one archive (docs/contract/files.md 9.1).

What was packed is kept under a name that its contents tell, so that asking again costs no more work. A small playlist
is packed by the request, a large one by the queue function, while the request waits; both pass the files on in parts,
whatever their size.
"""

import hashlib
import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import PurePath
from typing import Any, Final

from chalicelib.domain.counters import main_previews
from chalicelib.domain.entities import names
from chalicelib.domain.files import download_names, formats, waiting
from chalicelib.domain.files.downloads import StoredFile
from chalicelib.domain.playlists import selection
from chalicelib.domain.playlists.naming import file_name
from chalicelib.media import keys
from chalicelib.records.entities import ENTITY
from chalicelib.records.files import PLAYLIST
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.store import homes, objects, queue, reads, reference

# A request of 29 seconds passes on some forty megabytes a second.
MOST_BYTES_IN_REQUEST: Final = 200_000_000
CONTENT_TYPE: Final = "application/zip"
# A file that is larger has to say so before it is packed.
_LARGE: Final = 2**31
_FORBIDDEN: Final = str.maketrans(dict.fromkeys('/\\:*?"<>|', "_") | dict.fromkeys(range(32), "_"))
_log = logging.getLogger("vulpes.files")


@dataclass(frozen=True, slots=True)
class Packed:
    """A file of an archive: what it is called there, where it lies, and how large it is."""

    name: str
    key: str
    size: int


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive, packed or not: where it lies, and what it holds."""

    key: str
    files: tuple[Packed, ...]

    @property
    def tag(self) -> str:
        """Changes whenever the contents do."""
        return PurePath(self.key).stem


def download(playlist: Record) -> StoredFile:
    """The archive of a playlist, packed if it was not. NotYet while the queue function is at it."""
    archive = of(playlist)
    size = objects.size(archive.key)
    if size is None and sum(one.size for one in archive.files) <= MOST_BYTES_IN_REQUEST:
        size = _pack(archive)
    elif size is None:
        queue.send(json.dumps({"archive": {"playlist_id": playlist.id}}))
        size = waiting.until(
            partial(objects.size, archive.key), "The files are being packed; ask again in some moments."
        )
    name = f"{file_name(playlist)}.zip"
    modified = playlist["updated_at"]
    return StoredFile(archive.key, size, archive.tag, CONTENT_TYPE, modified, name, inline=False, lasting=False)


def serve(asked: Mapping[str, Any]) -> None:
    """Packs what a request asked the queue function for, unless it is there or the playlist is gone."""
    playlist = reads.find(PLAYLIST, asked["playlist_id"])
    if playlist is None:
        return
    archive = of(playlist)
    if objects.size(archive.key) is None:
        _pack(archive)


def of(playlist: Record) -> Archive:
    """What the archive of a playlist holds: per entry every file of its preview's revision, each once.

    Reads: the previews, their tasks, the entities and what is above these a hundred at a time; a query a task.
    """
    chosen = selection.previews_of(playlist)
    tasks = {one.id: one for one in reads.get_many(TASK, [preview["task_id"] or "" for _, preview in chosen])}
    found = reads.parallel([partial(main_previews.of_task, task_id) for task_id in tasks])
    files_of = dict(zip(tasks, found, strict=True))
    entity_names = _entity_names(tasks.values())
    project = reference.get(PROJECT, playlist["project_id"])
    files: dict[str, Packed] = {}
    for _, preview in chosen:
        task = tasks.get(preview["task_id"] or "")
        revision = [one for one in files_of[task.id] if one["revision"] == preview["revision"]] if task else []
        for one in sorted(revision, key=lambda file: (file["position"] or 0, file["created_at"])):
            assert task is not None
            stored = _stored(one)
            if stored is not None and stored[0].key not in files:
                entry, extension = stored
                name = download_names.name_of(one, task, project, entity_names.get(task.id, ""), extension)
                files[entry.key] = Packed(name, entry.key, entry.size)
    contents = tuple(_told_apart(files.values()))
    told = json.dumps([(one.name, one.key) for one in contents]).encode()
    key = keys.archive(homes.of(PLAYLIST, playlist), playlist.id, hashlib.sha256(told).hexdigest()[:32])
    return Archive(key, contents)


def _entity_names(tasks: Iterable[Record]) -> dict[str, str]:
    """The full names of the entities of tasks, by task."""
    by_task = {task.id: task["entity_id"] or "" for task in tasks}
    entities = {one.id: one for one in reads.get_many(ENTITY, by_task.values())}
    above = names.ancestors_of(list(entities.values()))
    told = {one.id: download_names.full_entity_name(one, above) for one in entities.values()}
    return {task_id: told.get(entity_id, "") for task_id, entity_id in by_task.items()}


def _stored(preview: Record) -> tuple[keys.Entry, str] | None:
    """The file of a preview that is worth taking along, and its extension; None where nothing is stored."""
    stored = preview.get("stored")
    for name, extension in (
        (keys.MOVIE, formats.MOVIE_EXTENSION),
        (keys.PLAIN, preview["extension"] or ""),
        (keys.ORIGINAL, formats.PICTURE_EXTENSION),
    ):
        entry = keys.entry(stored, name)
        if entry is not None:
            return entry, extension
    return None


def _told_apart(files: Iterable[Packed]) -> Iterator[Packed]:
    """The same files under names that are safe on every disk, none of them twice: `take.png`, `take (2).png`."""
    taken: set[str] = set()
    for one in files:
        path = PurePath(one.name.translate(_FORBIDDEN).lstrip(". ") or "file")
        name, number = path.name, 1
        while name.casefold() in taken:
            number += 1
            name = f"{path.stem} ({number}){path.suffix}"
        taken.add(name.casefold())
        yield Packed(name, one.key, one.size)


class _Sink:
    """What an archive is written into: gives the bytes on as they come."""

    def __init__(self) -> None:
        self._held: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Takes some bytes."""
        self._held.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> Iterator[bytes]:
        """What came since, once."""
        held, self._held = self._held, []
        yield from held


def _pack(archive: Archive) -> int:
    return objects.put_chunks(archive.key, _bytes_of(archive.files), CONTENT_TYPE)


def _bytes_of(files: Iterable[Packed]) -> Iterator[bytes]:
    """An archive, piece by piece; pictures and movies are packed as they are, there is nothing to gain."""
    # The API loads this module at its cold start, and seldom packs.
    import zipfile

    sink = _Sink()
    with zipfile.ZipFile(sink, "w") as archive:  # type: ignore[call-overload]
        for one in files:
            with archive.open(zipfile.ZipInfo(one.name), "w", force_zip64=one.size >= _LARGE) as target:
                size = 0
                for chunk in objects.chunks(one.key):
                    target.write(chunk)
                    size += len(chunk)
                    yield from sink.taken()
            if size != one.size:
                _log.error("Of a file to be packed %s bytes are there, not %s: %s", size, one.size, one.key)
    yield from sink.taken()
