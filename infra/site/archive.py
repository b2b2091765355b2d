"""The web interface that is served beside the API: the files of a release archive, or of a folder.

The Kitsu web interface is a program of its own (AGPL, by CGWire). We serve what the operator brings and contain none of
it. Locally the stack serves the files (`python -m infra.local --ui`), on AWS a bucket behind the distribution does.
"""

import re
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Final, Self

INDEX: Final = "index.html"
# More than ten times the largest release so far: an archive beyond it is something else, or made to fill the memory.
MOST_BYTES: Final = 500_000_000
_KINDS: Final = {
    ".css": "text/css; charset=utf-8",
    ".eot": "application/vnd.ms-fontobject",
    ".gif": "image/gif",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/vnd.microsoft.icon",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".wav": "audio/wav",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}
# A build tool puts a hash of the content into the name: such a file never changes.
_HASHED: Final = re.compile(r"[.-][A-Za-z0-9_-]{8,}\.[a-z0-9]+(\.map)?$")
_FOR_EVER: Final = "public, max-age=31536000, immutable"
# Looked at again each time: the next release has to be seen at once.
_LOOK_AGAIN: Final = "no-cache"
# A file before it is read: its path, its size in bytes, and what reads it.
Entry = tuple[str, int, Callable[[], bytes]]


class SiteProblem(Exception):
    """What was given is no web interface; the message says why, in plain words."""


@dataclass(frozen=True, slots=True)
class SiteFile:
    """A file as it is answered."""

    content: bytes
    content_type: str
    cache_control: str


class Site:
    """The files of a web interface by path (`assets/app-1a2b3c4d.js`); `index.html` is one of them."""

    def __init__(self, files: dict[str, SiteFile]) -> None:
        self.files = files

    @classmethod
    def read(cls, source: Path) -> Self:
        """Reads a folder, or an archive (.tgz, .tar.gz, .tar, .zip), whatever the folder in it is called.

        Raises SiteProblem where there is no such file, no `index.html` in it, or a path that leads out of it.
        """
        if not source.exists():
            raise SiteProblem(f"There is no {source}.")
        held = {_safe(name): content for name, content in _bounded(source)}
        root = _root(held, source)
        inside = {name.removeprefix(root): content for name, content in held.items() if name.startswith(root)}
        return cls({name: _site_file(name, content) for name, content in inside.items()})

    def find(self, path: str) -> SiteFile | None:
        """The file at the path of an address; for an address of the application, which it reads itself, its page.

        None for a file that is not there: what looks like one (a last part with a dot) is never answered by the page.
        """
        name = path.lstrip("/")
        if found := self.files.get(name):
            return found
        return None if "." in PurePosixPath(name).name else self.files[INDEX]


def _bounded(source: Path) -> Iterator[tuple[str, bytes]]:
    """The files, as long as they stay within the bound; each is read only after its size was looked at."""
    left = MOST_BYTES
    for name, size, read in _entries(source):
        left -= size
        if left < 0:
            raise SiteProblem(f"{source.name} holds more than {MOST_BYTES // 1_000_000} MB: it is no web interface.")
        yield name, read()


def _entries(source: Path) -> Iterator[Entry]:
    if source.is_dir():
        for path in sorted(source.rglob("*")):
            if path.is_file():
                yield path.relative_to(source).as_posix(), path.stat().st_size, path.read_bytes
        return
    try:
        if zipfile.is_zipfile(source):
            yield from _zipped(source)
        else:
            yield from _tarred(source)
    except (tarfile.TarError, zipfile.BadZipFile, EOFError, OSError) as problem:
        raise SiteProblem(f"{source.name} cannot be read: {problem}") from problem


def _zipped(source: Path) -> Iterator[Entry]:
    with zipfile.ZipFile(source) as archive:
        for entry in archive.infolist():
            if not entry.is_dir():
                yield entry.filename, entry.file_size, partial(archive.read, entry)


def _tarred(source: Path) -> Iterator[Entry]:
    with tarfile.open(source) as archive:
        for entry in archive:
            # Links and devices have no business among the files of a page.
            if entry.isfile() and (opened := archive.extractfile(entry)):
                yield entry.name, entry.size, opened.read


def _safe(name: str) -> str:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if name.startswith("/") or ".." in parts:
        raise SiteProblem(f"{name} leads out of the archive.")
    return "/".join(parts)


def _root(held: dict[str, bytes], source: Path) -> str:
    """The folder that the page is in, with its slash: archives have a folder of their own around all."""
    pages = [name for name in held if PurePosixPath(name).name == INDEX]
    if not pages:
        raise SiteProblem(f"There is no {INDEX} in {source.name}.")
    return min(pages, key=lambda name: (name.count("/"), name)).removesuffix(INDEX)


def _site_file(name: str, content: bytes) -> SiteFile:
    path = PurePosixPath(name)
    kind = _KINDS.get(path.suffix.lower(), "application/octet-stream")
    hashed = path.name != INDEX and _HASHED.search(path.name) and any(letter.isdigit() for letter in path.name)
    return SiteFile(content, kind, _FOR_EVER if hashed else _LOOK_AGAIN)
