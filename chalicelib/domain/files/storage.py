"""Stored objects of records: written side by side, taken away without harm where that fails."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from chalicelib.media import keys
from chalicelib.records.files import PREVIEW_FILE
from chalicelib.records.record import Record
from chalicelib.store import homes, objects, reads


def content_type(name: str) -> str:
    """The content type of a file by its name or extension; what nobody shows inline is bytes."""
    extension = name.rpartition(".")[2].lower()
    known = {"png": "image/png", "mp4": "video/mp4", "pdf": "application/pdf", "hdr": "image/vnd.radiance"}
    return known.get(extension, "application/octet-stream")


def put_files(preview: Record, made: Mapping[str, bytes], files: Mapping[str, Path] | None = None) -> keys.Generation:
    """Stores files of a preview, bytes and files of this machine, as a generation of their own."""
    on_disk = files or {}
    sizes = {name: len(data) for name, data in made.items()}
    sizes |= {name: path.stat().st_size for name, path in on_disk.items()}
    # What a preview has stays where it lies, also where the preview has moved to another production.
    at = (preview.get("stored") or {}).get("at") or keys.folder(homes.of(PREVIEW_FILE, preview), preview.id)
    stored = keys.Generation(at, keys.generation(), sizes)
    puts: list[Callable[[], None]] = []
    for name, data in made.items():
        key = keys.variant(stored.at, stored.name, name)
        puts.append(partial(objects.put, key, data, content_type(name)))
    for name, path in on_disk.items():
        key = keys.variant(stored.at, stored.name, name)
        puts.append(partial(objects.put_file, key, str(path), content_type(name)))
    reads.parallel(puts)
    return stored


def replaced(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> list[str]:
    """The keys of files that the old state names and the new one does not."""
    still = set(keys.of_stored(new))
    return [key for key in keys.of_stored(old) if key not in still]
