"""The stage of the files and the movies of the media tests."""

from tests.unit.media.conftest import api, ffmpeg, film, filming, stage, stored

__all__ = ["api", "ffmpeg", "film", "filming", "stage", "stored"]
