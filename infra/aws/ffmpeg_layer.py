"""The layer with ffmpeg, out of the wheel of imageio-ffmpeg: one static program, for the media function alone."""

import hashlib
import shutil
import zipfile
from pathlib import Path
from typing import Final

from infra.aws import archive, wheels
from infra.aws.runtime import LAMBDA, PackagingError, Runtime

NAME: Final = "ffmpeg-layer.zip"
# Where a layer's programs are found, as chalicelib/media/movies.py looks for it: /opt/bin/ffmpeg.
PROGRAM: Final = "bin/ffmpeg"
_BINARY: Final = "imageio_ffmpeg/binaries/ffmpeg-linux-*"
# A program that takes no library of the machine is in no need of one.
_ELF: Final = b"\x7fELF"
_INTERPRETER: Final = 3


def build(root: Path, out: Path, cache: Path, runtime: Runtime = LAMBDA) -> Path:
    """The zip of the layer in the folder `out`; made once per content. PackagingError where there is no such wheel."""
    requirements = root / "requirements-ffmpeg.txt"
    dependencies = wheels.collect(requirements, cache, runtime, unused=("bin",))
    kept = cache / f"{dependencies.name}-{hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:8]}-{NAME}"
    if not kept.exists():
        found = sorted(dependencies.glob(_BINARY))
        if len(found) != 1:
            raise PackagingError(f"{requirements.name} brings {len(found)} programs, not one")
        if not is_static(found[0].read_bytes()):
            raise PackagingError(f"{found[0].name} needs libraries of the machine that it runs on")
        part = kept.with_suffix(".part")
        archive.pack_program(found[0], PROGRAM, part)
        part.rename(kept)
    made = out / NAME
    shutil.copyfile(kept, made)
    return made


def size(layer: Path) -> int:
    """The bytes of a layer, unpacked."""
    with zipfile.ZipFile(layer) as opened:
        return sum(entry.file_size for entry in opened.infolist())


def is_static(program: bytes) -> bool:
    """Whether a program for 64-bit Linux runs without a loader: none of its segments names one."""
    if not program.startswith(_ELF) or program[4] != 2:
        return False
    start = int.from_bytes(program[32:40], "little")
    length, count = (int.from_bytes(program[place : place + 2], "little") for place in (54, 56))
    kinds = (int.from_bytes(program[start + length * one :][:4], "little") for one in range(count))
    return _INTERPRETER not in kinds
