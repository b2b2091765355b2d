"""The stage of the files, and movies made for the occasion."""

import subprocess
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


@pytest.fixture
def film(ffmpeg: str, tmp_path: Path) -> Path:
    """Two seconds at 25 frames, 160 x 120, without sound."""
    target = tmp_path / "film.mov"
    source = "testsrc=size=160x120:rate=25:duration=2"
    command = [ffmpeg, "-loglevel", "error", "-f", "lavfi", "-i", source, "-pix_fmt", "yuv420p", str(target)]
    subprocess.run(command, check=True)
    return target
