"""Faces, logos and backgrounds (docs/contract/files.md section 7)."""

import io

import pytest
from PIL import Image

from chalicelib.records.files import PREVIEW_BACKGROUND_FILE
from chalicelib.records.people import ORGANISATION
from chalicelib.records.record import Record
from chalicelib.store import reads, reference
from tests.unit.files.conftest import UNKNOWN, Stage, Studio, create, picture, size_of


def organisation() -> Record:
    return next(iter(reference.every(ORGANISATION).values()))


@pytest.mark.parametrize("end", ["", ".png"])
@pytest.mark.parametrize("kind", ["persons", "organisations", "projects"])
def test_a_picture_is_fitted_into_a_square(api: Studio, stage: Stage, kind: str, end: str) -> None:
    record = {"persons": stage.people["user"], "organisations": organisation(), "projects": stage.project}[kind]
    path = f"/pictures/thumbnails/{kind}/{record.id}"
    assert api.get(path + end).status == 404
    sent = api.upload(path + end, "face.jpg", picture(80, 40, "JPEG"))
    assert (sent.status, sent.json) == (201, {"thumbnail_path": f"pictures/thumbnails/{kind}/{record.id}.png"})
    got = api.get(path + end)
    assert size_of(got.content) == (400, 400)
    assert got.headers["cache-control"] == "private, max-age=604800"
    assert api.get(path + end, headers={"If-None-Match": got.headers["etag"]}).status == 304
    image = Image.open(io.BytesIO(got.content))
    assert (image.getpixel((200, 20))[3], image.getpixel((200, 200))[3]) == (0, 255)  # type: ignore[index]
    assert stage.now(record)["has_avatar"] is True


def test_the_events_of_a_picture(api: Studio, stage: Stage) -> None:
    for kind, record in (
        ("persons", stage.people["user"]),
        ("projects", stage.project),
        ("organisations", organisation()),
    ):
        api.upload(f"/pictures/thumbnails/{kind}/{record.id}", "a.png", picture())
    assert [(one["name"], one["data"]) for one in stage.events()] == [
        ("person:set-thumbnail", {"person_id": stage.people["user"].id}),
        ("project:set-thumbnail", {"project_id": stage.project.id}),
        ("project:update", {"project_id": stage.project.id}),
        ("organisation:set-thumbnail", {"organisation_id": organisation().id}),
        ("organisation:update", {"organisation_id": organisation().id}),
    ]
    assert [one["name"] for one in stage.events() if one["project_id"]] == ["project:update"]


@pytest.mark.parametrize(("name", "data"), [("a.png", b"no picture"), ("a.gif", picture()), ("a", picture())])
def test_what_is_no_picture_is_refused(api: Studio, stage: Stage, name: str, data: bytes) -> None:
    path = f"/pictures/thumbnails/persons/{stage.people['user'].id}"
    assert api.upload(path, name, data).status == 400
    assert stage.now(stage.people["user"])["has_avatar"] is False


@pytest.mark.parametrize(
    ("kind", "who", "status"),
    [
        ("persons", "user", 201),
        ("persons", "manager", 403),
        ("organisations", "manager", 403),
        ("projects", "manager", 403),
        ("projects", None, 401),
    ],
)
def test_who_may_set_one(api: Studio, stage: Stage, kind: str, who: str | None, status: int) -> None:
    record = {"persons": stage.people["user"], "organisations": organisation(), "projects": stage.project}[kind]
    assert api.upload(f"/pictures/thumbnails/{kind}/{record.id}", "a.png", picture(), user=who).status == status


@pytest.mark.parametrize(("who", "status"), [("manager", 200), ("vendor", 200), ("stranger", 403), (None, 401)])
def test_who_sees_that_of_a_production(api: Studio, stage: Stage, who: str | None, status: int) -> None:
    path = f"/pictures/thumbnails/projects/{stage.project.id}"
    api.upload(path, "a.png", picture())
    assert api.get(f"{path}.png", user=who).status == status


@pytest.mark.parametrize("kind", ["persons", "organisations", "projects"])
@pytest.mark.parametrize("record_id", [UNKNOWN, "nothing"])
def test_unknown_ones_are_not_found(api: Studio, kind: str, record_id: str) -> None:
    path = f"/pictures/thumbnails/{kind}/{record_id}"
    assert api.get(f"{path}.png").status == 404
    assert api.upload(path, "a.png", picture(), user="user").status == 404


def hdr(width: int = 4, height: int = 2) -> bytes:
    """A flat HDR: half light everywhere."""
    pixels = bytes((128, 128, 128, 128)) * width * height
    return b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y %d +X %d\n" % (height, width) + pixels


@pytest.fixture
def background(api: Studio) -> Record:
    return create(PREVIEW_BACKGROUND_FILE, name="Sky")


def test_a_background_comes_back_and_has_a_small_picture(api: Studio, stage: Stage, background: Record) -> None:
    path = f"/pictures/preview-background-files/{background.id}"
    sent = api.upload(path, "Blue.Sky.HDR", hdr())
    assert (sent.status, sent["original_name"], sent["extension"]) == (201, "Blue.Sky", "hdr")
    got = api.get(f"{path}.hdr", user="client")
    assert got.content == hdr()
    assert got.headers["content-type"] == "image/vnd.radiance"
    assert got.headers["content-disposition"] == "inline; filename=Blue.Sky.hdr"
    assert api.get(f"{path}.png").status == 404
    small = api.get(f"/pictures/thumbnails/preview-background-files/{background.id}.png", user="vendor")
    assert size_of(small.content) == (300, 200)
    assert [one["name"] for one in stage.events()] == [
        "preview-background-file:update",
        "preview-background-file:add-file",
    ]


@pytest.mark.parametrize(("name", "data"), [("a.png", hdr()), ("a.hdr", b"no hdr"), ("a.hdr", hdr()[:-5])])
def test_what_is_no_hdr_takes_the_background_away(api: Studio, background: Record, name: str, data: bytes) -> None:
    assert api.upload(f"/pictures/preview-background-files/{background.id}", name, data).status == 400
    assert reads.find(PREVIEW_BACKGROUND_FILE, background.id) is None


def test_backgrounds_are_set_by_admins(api: Studio, background: Record) -> None:
    path = f"/pictures/preview-background-files/{background.id}"
    assert api.upload(path, "a.hdr", hdr(), user="manager").status == 403
    assert api.get(f"{path}.hdr").status == 404
    assert api.get(f"/pictures/thumbnails/preview-background-files/{background.id}.png").status == 404


def test_the_small_picture_of_a_background_is_made_and_never_sent(api: Studio, background: Record) -> None:
    """The reference breaks there; 405 is what the contract wants instead (docs/contract/files.md section 7)."""
    path = f"/pictures/thumbnails/preview-background-files/{background.id}.png"
    refused = api.upload(path, "a.png", picture())
    assert (refused.status, refused.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
