"""The stage of the files, and movies made for the occasion."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from chalicelib.media import movies
from tests.unit.files.conftest import api, stage, stored

__all__ = ["api", "stage", "stored"]


@pytest.fixture
def ffmpeg() -> str:
    """The ffmpeg that the tests run with."""
    found = movies.program()
    assert found is not None, "requirements-dev.txt brings one"
    return found


Filming = Callable[..., Path]


@pytest.fixture
def filming(ffmpeg: str, tmp_path: Path) -> Filming:
    """Makes a movie: of a lavfi source, with further arguments of ffmpeg, under a name."""

    def make(source: str, *arguments: str, name: str = "film.mov") -> Path:
        target = tmp_path / name
        command = [ffmpeg, "-loglevel", "error", "-y", "-f", "lavfi", "-i", source, "-pix_fmt", "yuv420p"]
        subprocess.run([*command, *arguments, str(target)], check=True)
        return target

    return make


@pytest.fixture
def film(filming: Filming) -> Path:
    """Two seconds at 25 frames, 160 x 120, without sound."""
    return filming("testsrc=size=160x120:rate=25:duration=2")
