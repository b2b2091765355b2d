"""What the distribution serves beside the API: a web interface from its release archive, else a page about it.

The interface of Kitsu is a program of its own under a licence of its own: it is served as it is, and nothing of it is
contained here.
"""

import mimetypes
import re
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

PAGE: Final = Path(__file__).with_name("site.html")
INDEX: Final = "index.html"
# Names with a hash of what they hold never hold anything else.
_HASHED: Final = re.compile(r"[.-](?=[A-Za-z0-9_]*\d)[A-Za-z0-9_]{8,}\.\w+$")
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_ASK_AGAIN: Final = "no-cache"
_TYPES: Final = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".wasm": "application/wasm",
    ".map": "application/json",
}


class SiteError(Exception):
    """There is no web interface in what was given; the message says why."""


def files(source: Path) -> dict[str, bytes]:
    """The files of a web interface by their path on the site, out of a folder, a .tgz or a .zip.

    The interface is where the uppermost index.html is. Raises SiteError where there is none.
    """
    try:
        found = dict(_read(source))
    except (OSError, tarfile.TarError, zipfile.BadZipFile) as problem:
        raise SiteError(f"{source} is neither a folder nor an archive (.tgz, .zip): {problem}") from problem
    pages = sorted((name for name in found if name.rpartition("/")[2] == INDEX), key=lambda name: name.count("/"))
    if not pages:
        raise SiteError(f"{source} holds no {INDEX}")
    root = pages[0].removesuffix(INDEX)
    return {name.removeprefix(root): data for name, data in found.items() if name.startswith(root)}


def publish(s3: Any, bucket: str, source: Path | None) -> int:
    """Puts an interface into the site's bucket, and takes out what another one left; how many files were written.

    Without one, the page that says what is here is put there, unless there is an interface already.
    """
    before = {
        entry["Key"]
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
        for entry in page.get("Contents", ())
    }
    if source is None:
        if INDEX in before:
            return 0
        wanted = {INDEX: PAGE.read_bytes()}
    else:
        wanted = files(source)
    # The page last: it names the others, which have to be there.
    for name in sorted(wanted, key=lambda name: (name == INDEX, name)):
        s3.put_object(Bucket=bucket, Key=name, Body=wanted[name], ContentType=_type(name), CacheControl=_cached(name))
    for name in sorted(before - wanted.keys()):
        s3.delete_object(Bucket=bucket, Key=name)
    return len(wanted)


def _read(source: Path) -> Iterator[tuple[str, bytes]]:
    if source.is_dir():
        for path in sorted(source.rglob("*")):
            if path.is_file():
                yield path.relative_to(source).as_posix(), path.read_bytes()
    elif zipfile.is_zipfile(source):
        with zipfile.ZipFile(source) as archive:
            for entry in archive.infolist():
                if not entry.is_dir():
                    yield _plain(entry.filename), archive.read(entry)
    else:
        with tarfile.open(source) as archive:
            for member in archive:
                content = archive.extractfile(member) if member.isfile() else None
                if content is not None:
                    yield _plain(member.name), content.read()


def _plain(name: str) -> str:
    return "/".join(part for part in name.split("/") if part not in ("", ".", ".."))


def _type(name: str) -> str:
    suffix = Path(name).suffix.lower()
    known = _TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"{known}; charset=utf-8" if known.startswith("text/") else known


def _cached(name: str) -> str:
    return _FOR_EVER if _HASHED.search(name) else _ASK_AGAIN
