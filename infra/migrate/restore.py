"""`restore`: reads a backup into an empty studio."""

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Final

from chalicelib.media.keys import UPLOADS
from chalicelib.records.registry import KINDS
from chalicelib.store import bulk_deletion, bulk_writing, objects, reads
from chalicelib.store.entry import Entry
from infra.migrate import studio
from infra.migrate.backup_folder import BackupFolder, BackupProblem, FileEntry
from infra.migrate.progress import Progress

# Says which backup a studio is being filled from, so that a run that was cut off can be taken up.
_MARK: Final = ("studio#restore", "backup")
_BATCH: Final = 500
_WORKERS: Final = 8
Counts = dict[str, tuple[int, int]]


def restore(folder: BackupFolder, progress: Progress) -> Counts:
    """Fills a studio with what a backup holds; gives by kind how many records the backup has and the studio now has.

    Cut off anywhere, it is run again. Raises BackupProblem where the studio is not empty, or a file is not as it was.
    """
    manifest = folder.manifest()
    begun = reads.claimant(_MARK)
    if begun is None and not studio.is_empty():
        raise BackupProblem("There is something in this studio already. Restore into an empty one.")
    if begun not in (None, manifest.made_at):
        raise BackupProblem(f"This studio is being filled from the backup of {begun}. Restore into an empty one.")
    bulk_writing.put([Entry(*_MARK, at=manifest.made_at)])
    for kind in KINDS.values():
        with progress.step(kind.table, manifest.records.get(kind.table, 0)) as step:
            records = folder.records(kind)
            while batch := [(None, record) for record in islice(records, _BATCH)]:
                bulk_writing.write_records(batch)
                step.advance(len(batch))
    bulk_writing.put(_items(folder))
    _restore_files(folder, progress, manifest.files, again=begun is not None)
    bulk_writing.tell()
    counts = {table: (count, studio.count(KINDS[table])) for table, count in manifest.records.items()}
    bulk_deletion.delete([_MARK])
    return counts


def _items(folder: BackupFolder) -> Iterator[Entry]:
    for name in ("job", "revoked"):
        for line in folder.lines(f"items/{name}"):
            yield Entry(**line)


def _restore_files(folder: BackupFolder, progress: Progress, total: int, again: bool) -> None:
    """Files that wait for work come last: storing one of these starts the work on its record."""
    entries = sorted(folder.lines("files", FileEntry), key=lambda entry: entry.key.startswith(UPLOADS))
    with progress.step("files", total) as step, ThreadPoolExecutor(_WORKERS) as workers:

        def one(entry: FileEntry) -> None:
            if not again or objects.size(entry.key) != entry.size:
                _restore_file(folder, entry)
            step.advance()

        list(workers.map(one, entries))


def _restore_file(folder: BackupFolder, entry: FileEntry) -> None:
    path = folder.file(entry.key)
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1_000_000):
            digest.update(chunk)
    if digest.hexdigest() != entry.sha256:
        raise BackupProblem(f"{path} is not what was exported: its checksum differs.")
    objects.put_file(entry.key, str(path), entry.content_type)
