"""The folder of a backup: one file of JSON Lines a kind, the files of the bucket beside them, and what there is in all.

    studio.json             the format, the moment, how many records and files there are; written last
    records/task.jsonl      {"home": …, "version": …, "values": {…}} a line: the record as it is stored, secrets too
    items/job.jsonl         what is no record and has to come along: jobs that are not done, tokens that were revoked
    files.jsonl             {"key": …, "size": …, "sha256": …, "content_type": …, "tag": …} a line
    files/<key>             the bytes

All of it is readable by its owner alone: it holds password hashes and second factors.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final

import msgspec

from chalicelib.records.fields import Kind
from chalicelib.records.record import Record
from chalicelib.records.registry import KINDS
from infra.migrate.rows import defaults

FORMAT: Final = 1
_OWNER_FOLDER: Final = 0o700
_OWNER_FILE: Final = 0o600
_encode = msgspec.json.Encoder().encode


class BackupProblem(Exception):
    """The folder cannot be what it is to be; the message says why."""


class FileEntry(msgspec.Struct, frozen=True):
    """A file of the bucket; `tag` changes whenever its bytes do."""

    key: str
    size: int
    sha256: str
    content_type: str
    tag: str


class Manifest(msgspec.Struct, frozen=True):
    """What a finished backup holds: how many records by table, how many files and bytes."""

    made_at: str
    records: dict[str, int]
    files: int
    bytes: int
    format: int = FORMAT


class BackupFolder:
    """A folder that is written by `export` and read by `restore`."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def is_finished(self) -> bool:
        """Whether the export came to its end."""
        return (self.path / "studio.json").exists()

    def begin(self) -> None:
        """Makes the folder; one that is not empty has to be a backup, which is brought up to date."""
        known = (self.path / "records").is_dir()
        if self.path.exists() and not known and any(self.path.iterdir()):
            raise BackupProblem(f"{self.path} is not empty and no backup. Name another folder.")
        for folder in (self.path, self.path / "records", self.path / "items", self.path / "files"):
            folder.mkdir(parents=True, exist_ok=True, mode=_OWNER_FOLDER)
            folder.chmod(_OWNER_FOLDER)
        (self.path / "studio.json").unlink(missing_ok=True)

    def finish(self, manifest: Manifest) -> None:
        """Says that all of it is there."""
        with self._written(self.path / "studio.json") as file:
            file.write(msgspec.json.format(_encode(manifest), indent=1))

    def manifest(self) -> Manifest:
        """What the backup holds; BackupProblem where it is none, or came to no end."""
        try:
            text = (self.path / "studio.json").read_bytes()
        except FileNotFoundError:
            raise BackupProblem(f"{self.path} holds no backup that came to its end (studio.json is missing).") from None
        found = msgspec.json.decode(text, type=Manifest)
        if found.format != FORMAT:
            raise BackupProblem(f"{self.path} has format {found.format}; this program reads {FORMAT}.")
        unknown = ", ".join(sorted(found.records.keys() - KINDS.keys()))
        if unknown:
            raise BackupProblem(f"{self.path} is of a newer version, which has records of {unknown}.")
        return found

    # -- records ---------------------------------------------------------------------------------------------------
    def write_records(self, kind: Kind, records: Iterable[Record]) -> int:
        """Writes all records of a kind; gives how many there were."""
        lines = ({"home": one.home, "version": one.version, "values": dict(one)} for one in records)
        return self.write_lines(f"records/{kind.table}", lines)

    def records(self, kind: Kind) -> Iterator[Record]:
        """The records of a kind, as they were stored; fields that came later have their defaults."""
        for line in self.lines(f"records/{kind.table}"):
            yield Record(kind, defaults(kind) | line["values"], line["version"], home=line["home"])

    def write_lines(self, name: str, lines: Iterable[Any]) -> int:
        """Writes a file of JSON Lines; gives how many there were."""
        count = 0
        with self._written(self.path / f"{name}.jsonl") as file:
            for line in lines:
                file.write(_encode(line) + b"\n")
                count += 1
        return count

    def lines(self, name: str, sort: Any = Any) -> Iterator[Any]:
        """The lines of a file of JSON Lines; none where it is missing."""
        path = self.path / f"{name}.jsonl"
        if not path.exists():
            return
        decode = msgspec.json.Decoder(sort).decode
        with path.open("rb") as file:
            for line in file:
                yield decode(line)

    # -- files -----------------------------------------------------------------------------------------------------
    def file(self, key: str) -> Path:
        """Where the bytes of an object lie."""
        parts = key.split("/")
        if not all(parts) or {".", ".."} & set(parts):
            raise BackupProblem(f"The object {key!r} has no name that a file could have.")
        return self.path.joinpath("files", *parts)

    @contextmanager
    def written_file(self, key: str) -> Iterator[BinaryIO]:
        """The file for an object, open for writing; it is there as a whole or not at all."""
        path = self.file(key)
        for folder in reversed(path.relative_to(self.path).parents[:-1]):
            # Parents that `mkdir` makes by itself are open to others.
            (self.path / folder).mkdir(exist_ok=True, mode=_OWNER_FOLDER)
        with self._written(path) as file:
            yield file

    @contextmanager
    def _written(self, path: Path) -> Iterator[BinaryIO]:
        fresh = path.with_name(path.name + ".new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWNER_FILE)
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(descriptor, _OWNER_FILE)
            yield file
        fresh.replace(path)
