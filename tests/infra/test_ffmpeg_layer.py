"""The layer with ffmpeg: movies work after a deployment, without anything that has to be found elsewhere."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from chalicelib.media import movies
from infra.aws import ffmpeg_layer, package, wheels
from infra.aws.package import Package


@pytest.fixture
def program(runnable: Package, tmp_path: Path) -> Path:
    """The program as Lambda unpacks it, with the rights that the zip tells."""
    with zipfile.ZipFile(runnable.layer) as opened:
        (entry,) = opened.infolist()
        made = Path(opened.extract(entry, tmp_path))
    made.chmod(entry.external_attr >> 16 & 0o777)
    return made


def test_it_holds_one_program_where_the_media_function_looks(packaged: Package) -> None:
    with zipfile.ZipFile(packaged.layer) as opened:
        assert [f"/opt/{name}" for name in opened.namelist()] == [movies.LAYER]
    assert ffmpeg_layer.size(packaged.layer) + sum(packaged.sizes.values()) < package.LAMBDA_LIMIT


def test_the_program_runs_by_itself_and_has_what_movies_need(program: Path) -> None:
    assert os.access(program, os.X_OK)
    assert ffmpeg_layer.is_static(program.read_bytes())
    assert not ffmpeg_layer.is_static(Path(sys.executable).resolve().read_bytes())
    assert not ffmpeg_layer.is_static(b"#!/bin/sh")
    film = program.with_name("film.mp4")
    source = ["-f", "lavfi", "-i", "color=c=red:size=64x36:rate=25:duration=0.2"]
    sound = ["-f", "lavfi", "-i", "anullsrc", "-shortest", "-c:v", "libx264", "-c:a", "aac"]
    subprocess.run([program, "-v", "error", *source, *sound, film], env={}, check=True)
    told = subprocess.run([program, "-hide_banner", "-filters"], env={}, capture_output=True, check=True, text=True)
    assert {"scale", "pad", "tile", "fps", "loop", "setparams", "aresample"} <= set(told.stdout.split())
    assert film.read_bytes()[4:8] == b"ftyp"


def test_the_media_function_alone_has_it_and_a_layer_of_ones_own_goes_before(
    template: dict[str, Any], functions: dict[str, Any]
) -> None:
    having = {name: one["Layers"] for name, one in functions.items() if "FfmpegLayer" in str(one.get("Layers"))}
    assert having == {"Media": [{"Fn::If": ["HasFfmpeg", {"Ref": "FfmpegLayerArn"}, {"Ref": "FfmpegLayer"}]}]}
    assert template["Resources"]["FfmpegLayer"]["Properties"]["ContentUri"] == "./ffmpeg-layer.zip"
    assert "imageio_ffmpeg" not in str(wheels.pinned(package.ROOT / "requirements.txt"))


def test_tests_run_with_the_same_program() -> None:
    pins = wheels.pinned(package.ROOT / "requirements-ffmpeg.txt")
    assert f"imageio-ffmpeg=={pins['imageio-ffmpeg']}" in (package.ROOT / "requirements-dev.txt").read_text().split()
