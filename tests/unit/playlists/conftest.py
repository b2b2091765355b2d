"""The stage of the files, with a playlist of its two entities."""

from tests.unit.media.conftest import api, ffmpeg, film, filming, stage, stored

__all__ = ["api", "ffmpeg", "film", "filming", "stage", "stored"]
