"""Objects on disk: the bytes as one file each, everything about them in a SQLite index.

A write is: bytes into a file of their own, then one row. A crash in between leaves a file nobody names, which the
next start sweeps away; it never leaves a name without its bytes. Nothing is loaded at the start and nothing is kept
in memory, so a million pictures or a film of ten gigabytes cost what one picture costs.
"""

import contextlib
import hashlib
import json
import os
import sqlite3
import threading
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

_SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (bucket TEXT, key TEXT, file TEXT, size INTEGER, etag TEXT, modified REAL,
  headers TEXT, PRIMARY KEY (bucket, key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS uploads (id TEXT PRIMARY KEY, bucket TEXT, key TEXT, headers TEXT);
CREATE TABLE IF NOT EXISTS parts (upload TEXT, number INTEGER, file TEXT, size INTEGER, etag TEXT,
  PRIMARY KEY (upload, number)) WITHOUT ROWID;
"""
_COLUMNS = "bucket, key, file, size, etag, modified, headers"


@dataclass(frozen=True, slots=True)
class Stored:
    """Bytes in a file that no object names yet."""

    file: str
    size: int
    md5: bytes

    @property
    def etag(self) -> str:
        """The entity tag as S3 forms it."""
        return self.md5.hex()


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object; `headers` are the ones it is answered with (content type, disposition, own metadata)."""

    bucket: str
    key: str
    file: str
    size: int
    etag: str
    modified: float = field(default_factory=time.time)
    headers: dict[str, str] = field(default_factory=dict)


class ObjectStore:
    """All buckets of a data folder."""

    def __init__(self, folder: Path) -> None:
        self._files = folder / "objects"
        self._files.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._database = sqlite3.connect(folder / "index.db", check_same_thread=False, isolation_level=None)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = NORMAL")
        self._database.executescript(_SCHEMA)
        self._born = time.time()

    def close(self) -> None:
        """Closes the index."""
        with self._lock:
            self._database.close()

    def store(self, pieces: Iterable[bytes]) -> Stored:
        """Puts bytes into a file; they are nobody's until `put` or `add_part` names them."""
        name = uuid.uuid4().hex
        path = self._path(name)
        digest = hashlib.md5(usedforsecurity=False)
        size = 0
        try:
            with path.open("xb", buffering=0) as target:
                for piece in pieces:
                    target.write(piece)
                    digest.update(piece)
                    size += len(piece)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return Stored(name, size, digest.digest())

    def drop(self, stored: Stored) -> None:
        """Forgets bytes that will not be named."""
        self._path(stored.file).unlink(missing_ok=True)

    def put(self, bucket: str, key: str, stored: Stored, headers: dict[str, str], etag: str = "") -> StoredObject:
        """Names the bytes, in the place of what had that name; on disk when this returns."""
        made = StoredObject(bucket, key, stored.file, stored.size, etag or stored.etag, headers=headers)
        row = (bucket, key, made.file, made.size, made.etag, made.modified, json.dumps(headers))
        with self._lock:
            old = self.get(bucket, key)
            self._database.execute(f"INSERT OR REPLACE INTO objects ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        if old:
            self._path(old.file).unlink(missing_ok=True)
        return made

    def copy(self, source: StoredObject, bucket: str, key: str, headers: dict[str, str]) -> StoredObject:
        """Another name for the same bytes."""
        name = uuid.uuid4().hex
        os.link(self._path(source.file), self._path(name))
        return self.put(bucket, key, Stored(name, source.size, b""), headers, source.etag)

    def get(self, bucket: str, key: str) -> StoredObject | None:
        """An object without its bytes."""
        with self._lock:
            row = self._database.execute(
                f"SELECT {_COLUMNS} FROM objects WHERE bucket = ? AND key = ?", (bucket, key)
            ).fetchone()
        return _object(row) if row else None

    def open(self, bucket: str, key: str) -> tuple[StoredObject, BinaryIO] | None:
        """An object and its open file, which stays readable whatever happens to the object meanwhile."""
        while found := self.get(bucket, key):
            # Replaced between the look into the index and here: look again.
            with contextlib.suppress(FileNotFoundError):
                return found, self._path(found.file).open("rb")
        return None

    def delete(self, bucket: str, key: str) -> None:
        """Removes an object; one that is not there is removed already."""
        with self._lock:
            found = self.get(bucket, key)
            self._database.execute("DELETE FROM objects WHERE bucket = ? AND key = ?", (bucket, key))
        if found:
            self._path(found.file).unlink(missing_ok=True)

    def names(self, bucket: str, prefix: str = "", after: str = "", limit: int = 1000) -> list[StoredObject]:
        """The objects of a bucket by key, from the first one after `after`."""
        with self._lock:
            rows = self._database.execute(
                f"SELECT {_COLUMNS} FROM objects WHERE bucket = ? AND key > ? AND key >= ? AND key < ?"
                " ORDER BY key LIMIT ?",
                (bucket, after, prefix, prefix + "\U0010ffff", limit),
            ).fetchall()
        return [_object(row) for row in rows]

    def begin_upload(self, bucket: str, key: str, headers: dict[str, str]) -> str:
        """Begins an upload in parts and gives its id."""
        upload = uuid.uuid4().hex
        with self._lock:
            row = (upload, bucket, key, json.dumps(headers))
            self._database.execute("INSERT INTO uploads (id, bucket, key, headers) VALUES (?, ?, ?, ?)", row)
        return upload

    def has_upload(self, upload: str, bucket: str, key: str) -> bool:
        """Whether such an upload is under way."""
        with self._lock:
            found = "SELECT 1 FROM uploads WHERE id = ? AND bucket = ? AND key = ?"
            return self._database.execute(found, (upload, bucket, key)).fetchone() is not None

    def add_part(self, upload: str, number: int, stored: Stored) -> None:
        """Adds a part to an upload, in the place of one with the same number."""
        with self._lock:
            old = self._database.execute(
                "SELECT file FROM parts WHERE upload = ? AND number = ?", (upload, number)
            ).fetchone()
            self._database.execute(
                "INSERT OR REPLACE INTO parts (upload, number, file, size, etag) VALUES (?, ?, ?, ?, ?)",
                (upload, number, stored.file, stored.size, stored.etag),
            )
        if old:
            self._path(old[0]).unlink(missing_ok=True)

    def parts(self, upload: str) -> dict[int, Stored]:
        """The parts of an upload by number."""
        with self._lock:
            rows = self._database.execute(
                "SELECT number, file, size, etag FROM parts WHERE upload = ? ORDER BY number", (upload,)
            ).fetchall()
        return {number: Stored(file, size, bytes.fromhex(etag)) for number, file, size, etag in rows}

    def complete_upload(self, upload: str, numbers: list[int]) -> StoredObject:
        """Joins the named parts to the object; KeyError where one is missing."""
        parts = self.parts(upload)
        chosen = [parts[number] for number in numbers]
        digest = hashlib.md5(b"".join(part.md5 for part in chosen), usedforsecurity=False).hexdigest()
        joined = self.store(_read(self._path(part.file) for part in chosen))
        with self._lock:
            bucket, key, headers = self._database.execute(
                "SELECT bucket, key, headers FROM uploads WHERE id = ?", (upload,)
            ).fetchone()
        made = self.put(bucket, key, joined, json.loads(headers), f"{digest}-{len(chosen)}")
        self.abort_upload(upload)
        return made

    def abort_upload(self, upload: str) -> None:
        """Forgets an upload and its parts."""
        parts = self.parts(upload)
        with self._lock:
            self._database.execute("DELETE FROM uploads WHERE id = ?", (upload,))
            self._database.execute("DELETE FROM parts WHERE upload = ?", (upload,))
        for part in parts.values():
            self.drop(part)

    def sweep(self) -> int:
        """Removes the files that a crash left without a name; how many they were."""
        with self._lock:
            rows = self._database.execute("SELECT file FROM objects UNION SELECT file FROM parts").fetchall()
        named = {row[0] for row in rows}
        lost = [entry for entry in os.scandir(self._files) if entry.name not in named]
        # What is being written this moment has no name either.
        lost = [entry for entry in lost if entry.stat().st_mtime < self._born]
        for entry in lost:
            Path(entry.path).unlink(missing_ok=True)
        return len(lost)

    def _path(self, file: str) -> Path:
        return self._files / file


def _object(row: tuple[str, str, str, int, str, float, str]) -> StoredObject:
    return StoredObject(*row[:6], headers=json.loads(row[6]))


def _read(paths: Iterable[Path]) -> Iterable[bytes]:
    for path in paths:
        with path.open("rb") as source:
            while piece := source.read(1024 * 1024):
                yield piece
