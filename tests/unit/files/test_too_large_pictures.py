"""Pictures that are small as files and huge as pictures: refused by their heads, wherever they come in."""

from typing import Any

import pytest
from PIL import ImageFile

from chalicelib.domain.files import preparation, uploads
from chalicelib.records.files import PREVIEW_BACKGROUND_FILE
from chalicelib.store import objects
from tests.unit.files.conftest import Stage, Studio, create
from tests.unit.media import bombs

SAYS = [*bombs.TOO_LARGE]


@pytest.fixture(autouse=True)
def _nothing_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    def decoding(image: Any) -> None:
        pytest.fail(f"a picture of {image.size} was decoded")

    monkeypatch.setattr(ImageFile.ImageFile, "load", decoding)


def name_of(data: bytes) -> str:
    return "small.png" if data.startswith(b"\x89PNG") else "small.jpg"


@pytest.mark.parametrize("query", ["", "?no_job=true"])
@pytest.mark.parametrize("says", SAYS)
def test_a_preview_is_broken_with_the_limit(api: Studio, stage: Stage, says: str, query: str) -> None:
    preview, data = api.slot(), bombs.TOO_LARGE[says]
    refused = api.send(preview, name_of(data), data, query=query)
    assert refused.status == 400
    assert says.strip() in refused["message"]
    broken = stage.preview(preview["id"])
    assert (broken["status"], broken["failure"]) == ("broken", refused["message"])


@pytest.mark.parametrize("says", SAYS)
def test_in_the_queue_it_is_broken_too(api: Studio, stage: Stage, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that was sent straight to the bucket."""
    monkeypatch.setattr(uploads, "COST_IN_REQUEST", 0)
    data = bombs.TOO_LARGE[says]
    preview = api.published("small.png")
    key = stage.preview(preview["id"])["upload"]["key"]
    objects.put(key, data)
    preparation.process(preview["id"], key)
    broken = stage.preview(preview["id"])
    assert broken["status"] == "broken"
    assert says.strip() in broken["failure"]


@pytest.mark.parametrize("says", SAYS)
@pytest.mark.parametrize("kind", ["persons", "projects"])
def test_a_face_is_refused(api: Studio, stage: Stage, says: str, kind: str) -> None:
    record = stage.project if kind == "projects" else stage.people["user"]
    data = bombs.TOO_LARGE[says]
    refused = api.upload(f"/pictures/thumbnails/{kind}/{record.id}", name_of(data), data)
    assert refused.status == 400
    assert "more than" in refused["message"]
    assert stage.now(record)["has_avatar"] is False


def test_a_request_decodes_less_than_the_queue(api: Studio, stage: Stage) -> None:
    data = bombs.png(9_000, 9_000, 1, 0)
    refused = api.upload(f"/pictures/thumbnails/projects/{stage.project.id}", "logo.png", data)
    assert "50,000,000 in all" in refused["message"]
    assert api.published("map.png", data)["status"] == "processing"


@pytest.mark.parametrize("data", [bombs.gif(frames=3_000), bombs.gif(40_000, 10)])
def test_a_gif_that_browsers_would_choke_on_is_broken(api: Studio, stage: Stage, data: bytes) -> None:
    preview = api.slot()
    assert api.send(preview, "loop.gif", data).status == 400
    assert "more than" in stage.preview(preview["id"])["failure"]


@pytest.mark.parametrize("size", ["-Y 50000 +X 10", "-Y 20000 +X 20000"])
def test_a_background_is_refused(api: Studio, size: str) -> None:
    background = create(PREVIEW_BACKGROUND_FILE, name="Sky")
    data = f"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n{size}\n".encode() + bytes(100)
    refused = api.upload(f"/pictures/preview-background-files/{background.id}", "sky.hdr", data)
    assert refused.status == 400
    assert "more than" in refused["message"]
