"""Storage keys: where in the bucket the files of records lie.

    uploads/<home>/<preview id>/<name>                    sent, waits for work; storing there starts the work
    previews/<home>/<preview id>/<generation>/<variant>   what answers are made of
    attachments/<home>/<attachment id>
    working/<home>/<working file id>/<generation>/file
    pictures/<persons|organisations|projects>/<id>.png, pictures/backgrounds/<id>/<file>
    playlists/<home>/<playlist id>/archives/<what is in it>.zip
    playlists/<home>/<playlist id>/parts/<what made it>-<frames>.mov, …/builds/<build job id>.mp4

A preview, and a working file, names what is stored of it in its kept field `stored`: `{"at": "previews/…/<id>",
"files": {variant: [generation, bytes]}}`. Files are never overwritten: work that runs twice writes two generations, and
the record names the one that counts.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

ORIGINAL: Final = "original.png"
PREVIEW: Final = "preview.png"
THUMBNAIL: Final = "thumbnail.png"
SQUARE: Final = "square.png"
MOVIE: Final = "movie.mp4"
LOW_MOVIE: Final = "low.mp4"
TILE: Final = "tile.png"
# A file that is kept as it was sent; the record knows its extension.
PLAIN: Final = "file"
BACKGROUND: Final = "file.hdr"
PICTURES: Final = (ORIGINAL, PREVIEW, THUMBNAIL, SQUARE)
UPLOADS: Final = "uploads/"
PLAYLISTS: Final = "playlists/"
IMPORTS: Final = "imports/"
ARCHIVES: Final = "archives"
PARTS: Final = "parts"
BUILDS: Final = "builds"

_UPLOAD = re.compile(r"uploads/[^/]+/([0-9a-f-]{36})/([^/]+)")
_PART = re.compile(r"playlists/[^/]+/[^/]+/parts/([0-9a-f]+)-(\d+)\.mov")
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_NAME: Final = 120


@dataclass(frozen=True, slots=True)
class Entry:
    """One stored file of a preview; the tag changes whenever the bytes do."""

    key: str
    size: int
    tag: str


@dataclass(frozen=True, slots=True)
class Generation:
    """Files that one piece of work stored of a preview: their folder, and the size of each."""

    at: str
    name: str
    sizes: Mapping[str, int]

    @property
    def keys(self) -> list[str]:
        """The keys of all of them."""
        return [variant(self.at, self.name, one) for one in self.sizes]

    def onto(self, stored: Mapping[str, Any] | None) -> dict[str, Any]:
        """`stored` of a preview with these files in the place of those of the same names."""
        before = (stored or {}).get("files", {})
        return {"at": self.at, "files": {**before, **{one: [self.name, size] for one, size in self.sizes.items()}}}


def folder(home: str, preview_id: str) -> str:
    """Where the files of a preview lie."""
    return f"previews/{home}/{preview_id}"


def generation() -> str:
    """A fresh name for the files of one piece of work."""
    return secrets.token_hex(5)


def variant(at: str, generation_: str, name: str) -> str:
    """The key of one file of a preview."""
    return f"{at}/{generation_}/{name}"


def entry(stored: Mapping[str, Any] | None, name: str) -> Entry | None:
    """The file of that name among what is stored of a preview; None where there is none."""
    found = (stored or {}).get("files", {}).get(name)
    if stored is None or found is None:
        return None
    made, size = found
    return Entry(variant(stored["at"], made, name), size, f"{made}-{name.partition('.')[0]}")


def of_stored(stored: Mapping[str, Any] | None) -> list[str]:
    """The keys of all files that are stored of a preview."""
    if not stored:
        return []
    return [variant(stored["at"], made, name) for name, (made, _) in stored["files"].items()]


def of_file(file: Mapping[str, Any]) -> list[str]:
    """The keys of every object of a preview or working file: what is stored, and what was sent and waits.

    Deletions take these away.
    """
    waiting = (file.get("upload") or {}).get("key")
    return [*of_stored(file.get("stored")), *([waiting] if waiting else [])]


def upload(home: str, preview_id: str, filename: str) -> str:
    """The key under which a file is sent; of its name, what is safe in a key."""
    stem, dot, extension = filename.rpartition(".")
    safe = _UNSAFE.sub("_", f"{stem[: _LONGEST_NAME - len(extension)]}{dot}{extension}").lstrip(".")
    return f"{UPLOADS}{home}/{preview_id}/{safe or 'file'}"


def uploaded(key: str) -> tuple[str, str] | None:
    """The preview id and the file name that the key of an upload tells; None for any other key."""
    found = _UPLOAD.fullmatch(key)
    return (found[1], found[2]) if found else None


def working_file(home: str, working_file_id: str) -> str:
    """Where the content of a working file lies."""
    return f"working/{home}/{working_file_id}"


def attachment(home: str, attachment_id: str) -> str:
    """The key of a file attached to a comment or a message."""
    return f"attachments/{home}/{attachment_id}"


def avatar(table: str, record_id: str) -> str:
    """The key of the picture of a person, a production or the studio."""
    return f"pictures/{table}s/{record_id}.png"


def background(record_id: str, name: str) -> str:
    """The key of a preview background (`file.hdr`) or of its picture (`thumbnail.png`)."""
    return f"pictures/backgrounds/{record_id}/{name}"


def of_playlist(home: str, playlist_id: str) -> str:
    """What the keys of all that is made of a playlist begin with."""
    return f"{PLAYLISTS}{home}/{playlist_id}/"


def archive(home: str, playlist_id: str, holds: str) -> str:
    """The key of a playlist's files in one archive; `holds` changes whenever its contents do."""
    return f"{of_playlist(home, playlist_id)}{ARCHIVES}/{holds}.zip"


def parts(home: str, playlist_id: str) -> str:
    """What the keys of the parts of a playlist's movies begin with."""
    return f"{of_playlist(home, playlist_id)}{PARTS}/"


def part(home: str, playlist_id: str, made_by: str, frames: int) -> str:
    """The key of the part of a clip; `made_by` changes whenever the part would."""
    return f"{parts(home, playlist_id)}{made_by}-{frames}.mov"


def told_of_part(key: str) -> tuple[str, int] | None:
    """What made a part, and its number of frames; None for any other key."""
    found = _PART.fullmatch(key)
    return (found[1], int(found[2])) if found else None


def build(home: str, playlist_id: str, build_job_id: str) -> str:
    """The key of the movie that a build made."""
    return f"{of_playlist(home, playlist_id)}{BUILDS}/{build_job_id}.mp4"


def rest_of_import(home: str, name: str) -> str:
    """What is left of an import that the queue function takes in."""
    return f"{IMPORTS}{home}/{name}"
