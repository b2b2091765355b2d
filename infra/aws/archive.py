"""The package as a zip: the same bytes for the same content, and counted."""

import zipfile
from pathlib import Path
from typing import Final

# The earliest time a zip can hold; Lambda does not look at it.
_TIME: Final = (1980, 1, 1, 0, 0, 0)
_READABLE: Final = 0o100644 << 16
_EXECUTABLE: Final = 0o100755 << 16
# Modules and folders that are called otherwise than the packages they come with.
_PARTS: Final = {
    "pil": "pillow",
    "jwt": "pyjwt",
    "dateutil": "python_dateutil",
    "app": "chalicelib",
    "_cffi_backend": "cffi",
    "aaf2": "pyaaf2",
}


def unpack(archive: Path, folder: Path) -> None:
    """Unpacks a zip into a folder."""
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(folder)


def pack(folder: Path, archive: Path) -> None:
    """Zips a folder: files in the order of their names, without times or owners."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as opened:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _TIME)
                entry.external_attr = _READABLE
                entry.compress_type = zipfile.ZIP_DEFLATED
                opened.writestr(entry, path.read_bytes())


def pack_program(program: Path, name: str, archive: Path) -> None:
    """Zips one program, which may be run where it is unpacked, under a name."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as opened:
        entry = zipfile.ZipInfo(name, _TIME)
        entry.external_attr = _EXECUTABLE
        entry.compress_type = zipfile.ZIP_DEFLATED
        opened.writestr(entry, program.read_bytes())


def sizes(folder: Path) -> dict[str, int]:
    """The bytes under a folder by part, largest first: a dependency with its libraries and metadata is one part."""
    counted: dict[str, int] = {}
    for path in folder.rglob("*"):
        if path.is_file():
            part = _part(path.relative_to(folder).parts)
            counted[part] = counted.get(part, 0) + path.stat().st_size
    return dict(sorted(counted.items(), key=lambda entry: -entry[1]))


def _part(parts: tuple[str, ...]) -> str:
    top = parts[0]
    if top == "__pycache__":
        top = parts[-1].split(".")[0]
    name = top.split("-")[0].removesuffix(".py").removesuffix(".libs").lower()
    return _PARTS.get(name.split(".")[0], name)
