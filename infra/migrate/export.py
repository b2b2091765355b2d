"""`export`: a studio as JSON Lines and files, the backup that depends on nobody."""

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final

from chalicelib.records import clock
from chalicelib.records.fields import STUDIO, Kind
from chalicelib.records.record import Record
from chalicelib.records.registry import KINDS
from chalicelib.store import bulk_writing, keys, objects, reads, spill
from infra.migrate import studio
from infra.migrate.backup_folder import BackupFolder, FileEntry, Manifest
from infra.migrate.progress import Progress, Step

# Large fields come with their records, and large answers are kept for a day.
_LEFT_OUT: Final = (spill.FOLDER, "answers/")
_WORKERS: Final = 8
# Homes are asked side by side, so many at a time; most people have no records of a kind.
_HOMES: Final = 24


def export(folder: BackupFolder, progress: Progress) -> Manifest:
    """Writes a studio into a folder; what an earlier export left there is brought up to date. Gives what is there.

    Records first, then the files that they name: what is written meanwhile may be missing, never half of it.
    """
    folder.begin()
    counts = {}
    for kind in KINDS.values():
        with progress.step(kind.table) as step:
            counts[kind.table] = folder.write_records(kind, _counted(_records(kind), step))
    folder.write_lines("items/job", bulk_writing.items(keys.JOBS))
    folder.write_lines("items/revoked", _revoked())
    files = _export_files(folder, progress)
    manifest = Manifest(clock.now(), counts, len(files), sum(one.size for one in files))
    folder.finish(manifest)
    return manifest


def _counted(records: Iterator[Record], step: Step) -> Iterator[Record]:
    for record in records:
        yield record
        step.advance()


def _records(kind: Kind) -> Iterator[Record]:
    """All records of a kind: those of the studio and of each production page by page, for they may be many."""
    homes = studio.homes(kind)
    if homes == [STUDIO]:
        yield from _pages_of(kind, STUDIO)
        return
    for start in range(0, len(homes), _HOMES):
        some = homes[start : start + _HOMES]
        is_there = reads.parallel([partial(_has_any, kind, home) for home in some])
        for home, there in zip(some, is_there, strict=True):
            if there:
                yield from _pages_of(kind, home)


def _has_any(kind: Kind, home: str) -> bool:
    return bool(reads.first(kind, home, 1))


def _pages_of(kind: Kind, home: str) -> Iterator[Record]:
    for page in reads.pages_of(kind, home):
        yield from reads.records_of(kind, page)


def _revoked() -> Iterator[object]:
    """The marks of tokens that were logged out, so that they stay so."""
    partitions = [keys.revoked(f"{number:02x}")[0] for number in range(256)]
    for found in reads.parallel([partial(lambda pk: list(bulk_writing.items(pk)), pk) for pk in partitions]):
        yield from found


def _export_files(folder: BackupFolder, progress: Progress) -> list[FileEntry]:
    before = {entry.key: entry for entry in folder.lines("files", FileEntry)}
    wanted = [one for one in objects.listed("") if not one.key.startswith(_LEFT_OUT)]
    with progress.step("files", len(wanted)) as step, ThreadPoolExecutor(_WORKERS) as workers:

        def one(listed: objects.Listed) -> FileEntry:
            entry = _export_file(folder, listed, before.get(listed.key))
            step.advance()
            return entry

        entries = list(workers.map(one, wanted))
    folder.write_lines("files", entries)
    for gone in before.keys() - {entry.key for entry in entries}:
        folder.file(gone).unlink(missing_ok=True)
    return entries


def _export_file(folder: BackupFolder, listed: objects.Listed, before: FileEntry | None) -> FileEntry:
    path = folder.file(listed.key)
    if before is not None and (before.size, before.tag) == (listed.size, listed.tag) and path.exists():
        return before
    digest, size = hashlib.sha256(), 0
    with folder.written_file(listed.key) as file:
        for chunk in objects.chunks(listed.key):
            digest.update(chunk)
            size += file.write(chunk)
    return FileEntry(listed.key, size, digest.hexdigest(), objects.content_type(listed.key), listed.tag)
