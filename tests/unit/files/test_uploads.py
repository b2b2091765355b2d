"""What becomes of an uploaded file (docs/contract/files.md 6.3)."""

import io
import time
from collections.abc import Callable

import pytest
from PIL import Image

from chalicelib.domain.files import derivation, formats, preparation, processing, uploads, waiting
from chalicelib.errors import Invalid
from chalicelib.records.files import PREVIEW_FILE
from chalicelib.store import objects, reads
from tests.unit.files.conftest import UNKNOWN, Stage, Studio, change, picture, size_of

VARIANTS = {
    "thumbnails": (150, 100),
    "thumbnails-square": (100, 100),
    "previews": (1200, 675),
    "originals": (64, 36),
}


def test_a_picture_is_ready_with_the_answer(api: Studio) -> None:
    preview = api.slot()
    sent = api.send(preview, "Turn Around.v2.PNG", picture())
    assert sent.status == 201
    row = sent.json
    assert (row["status"], row["extension"], row["original_name"]) == ("ready", "png", "Turn Around.v2")
    assert (row["width"], row["height"], row["duration"]) == (64, 36, 0)
    assert not {"stored", "upload", "failure", "unfinished", "error", "message"} & row.keys()


def test_its_variants_have_exactly_their_sizes(api: Studio) -> None:
    preview = api.published()
    for folder, size in VARIANTS.items():
        got = api.get(f"/pictures/{folder}/preview-files/{preview['id']}.png", user="client")
        assert (got.status, size_of(got.content)) == (200, size), folder
        assert got.headers["content-type"] == "image/png"


@pytest.mark.parametrize("name", ["turn.jpg", "turn.jpeg", "turn.JPE"])
def test_a_photograph_becomes_a_png(api: Studio, name: str) -> None:
    preview = api.published(name, picture(80, 50, "JPEG"))
    got = api.get(f"/pictures/originals/preview-files/{preview['id']}.png")
    assert Image.open(io.BytesIO(got.content)).format == "PNG"
    assert preview["file_size"] == len(got.content)


def test_a_second_upload_is_refused(api: Studio) -> None:
    preview = api.published()
    again = api.send(preview, "other.png", picture(10, 10))
    assert again.status == 400
    got = api.get(f"/pictures/originals/preview-files/{preview['id']}.png")
    assert size_of(got.content) == (64, 36)


def test_of_two_uploads_at_once_one_wins_and_the_other_leaves_nothing(
    api: Studio, stage: Stage, stored: Callable[[str], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    preview = api.slot()
    finish = processing.make_ready

    def late(*arguments: object) -> object:
        monkeypatch.setattr(processing, "make_ready", finish)
        assert api.send(preview, "first.png", picture(20, 20)).status == 201
        return finish(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(processing, "make_ready", late)
    assert api.send(preview, "second.png", picture(30, 30)).status == 400
    assert stage.preview(preview["id"])["original_name"] == "first"
    assert len(stored("previews/")) == 4


@pytest.mark.parametrize("name", ["tool.exe", "noextension", "page.html", ".png"])
def test_another_extension_takes_the_preview_away(api: Studio, stage: Stage, name: str) -> None:
    preview = api.slot()
    assert api.send(preview, name, b"MZ").status == 400
    assert reads.find(PREVIEW_FILE, preview["id"]) is None
    assert stage.now(stage.comment)["previews"] == []


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("text.png", b"not a picture"),
        ("empty.png", b""),
        ("cut.png", picture(300, 300)[:400]),
        ("cut.jpg", picture(300, 300, "JPEG")[:900]),
        ("movie.jpg", b"\x00\x00\x00\x18ftypmp42"),
    ],
)
def test_what_is_no_picture_breaks_the_preview_and_may_be_sent_again(
    api: Studio, stage: Stage, name: str, data: bytes
) -> None:
    preview = api.slot()
    refused = api.send(preview, name, data)
    assert refused.status == 400
    broken = stage.preview(preview["id"])
    assert broken["status"] == "broken"
    assert broken["failure"] == refused["message"]
    assert api.get(f"/pictures/thumbnails/preview-files/{preview['id']}.png").status == 404
    assert api.send(preview, "whole.png", picture()).json["status"] == "ready"


@pytest.mark.parametrize("extension", ["gif", "pdf", "obj", "zip", "psd", "sbbkp"])
def test_other_files_stay_as_they_are(api: Studio, extension: str) -> None:
    preview = api.published(f"Rock.{extension.upper()}", b"v 0 0 0\n")
    assert (preview["status"], preview["extension"], preview["file_size"]) == ("ready", extension, 8)
    got = api.get(f"/pictures/originals/preview-files/{preview['id']}.{extension}")
    assert got.content == b"v 0 0 0\n"
    assert api.get(f"/pictures/originals/preview-files/{preview['id']}.png").status == 404
    assert api.get(f"/pictures/thumbnails/preview-files/{preview['id']}.png").status == 404


def test_a_large_picture_is_left_to_the_queue(api: Studio, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "COST_IN_REQUEST", 1000)
    preview = api.published("large.png")
    assert (preview["status"], preview["original_name"]) == ("processing", "large")
    upload = stage.preview(preview["id"])["upload"]
    assert upload["key"].endswith(f"/{preview['id']}/large.png")
    assert objects.get(upload["key"]) == picture()


SENT = {"large.png": picture(), "Shot.mov": b"no movie"}


@pytest.mark.parametrize(("name", "status"), [("large.png", "ready"), ("Shot.mov", "broken")])
def test_no_job_waits_for_the_queue(
    api: Studio, stage: Stage, name: str, status: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The queue function works between two looks of the request."""
    preview, looks, sleep = api.slot(), [], time.sleep

    def works(seconds: float) -> None:
        # What waits for ffmpeg sleeps as well, for other times.
        if seconds != waiting.LOOK_EVERY:
            sleep(seconds)
            return
        looks.append(seconds)
        if len(looks) == 2:
            preparation.process(preview["id"], stage.preview(preview["id"])["upload"]["key"])

    monkeypatch.setattr(uploads, "COST_IN_REQUEST", 1000)
    monkeypatch.setattr(waiting.time, "sleep", works)
    assert api.send(preview, name, SENT[name], query="?no_job=true").json["status"] == status
    assert len(looks) == 2


@pytest.mark.parametrize("name", SENT)
def test_no_job_makes_nothing_in_the_request(api: Studio, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "COST_IN_REQUEST", 1000)
    monkeypatch.setattr(waiting, "WAIT_SECONDS", 0.1)
    for made in ("picture", "movie"):
        monkeypatch.setattr(derivation, made, lambda *_: pytest.fail("it was made in the request"))
    sent = api.send(api.slot(), name, SENT[name], query="?no_job=true")
    assert (sent.status, sent["status"]) == (201, "processing")


def test_a_movie_is_left_to_the_queue(api: Studio, stage: Stage) -> None:
    sent = api.send(api.slot(), "Shot.mov", b"moov", query="?normalize=false")
    assert (sent.status, sent["status"], sent["extension"]) == (201, "processing", "mp4")
    upload = stage.preview(sent["id"])["upload"]
    assert upload["normalize"] is False
    assert upload["person_id"] == stage.people["user"].id


def test_a_form_without_the_field_is_refused(api: Studio) -> None:
    preview = api.slot()
    assert api.post(f"/pictures/preview-files/{preview['id']}", {}, user="user").status == 400


@pytest.mark.parametrize(("who", "status"), [(None, 401), ("stranger", 403), ("supervisor", 201), ("vendor", 201)])
def test_who_may_send(api: Studio, who: str | None, status: int) -> None:
    preview = api.slot()
    assert api.upload(f"/pictures/preview-files/{preview['id']}", "a.png", picture(), user=who).status == status


@pytest.mark.parametrize("preview_id", [UNKNOWN, "nothing"])
def test_an_unknown_preview_is_not_found(api: Studio, preview_id: str) -> None:
    assert api.upload(f"/pictures/preview-files/{preview_id}", "a.png", picture()).status == 404


def test_the_first_of_a_revision_becomes_the_last_of_its_task(api: Studio, stage: Stage) -> None:
    first, second = api.slot(), api.slot()
    api.send(second, "b.png", picture())
    assert stage.now(stage.modeling)["last_preview_file_id"] is None
    api.send(first, "a.png", picture())
    assert stage.now(stage.modeling)["last_preview_file_id"] == first["id"]
    assert stage.now(stage.lama)["preview_file_id"] is None


def test_plain_files_are_never_the_last_of_a_task(api: Studio, stage: Stage) -> None:
    api.published("page.pdf", b"%PDF")
    assert stage.now(stage.modeling)["last_preview_file_id"] is None


def test_a_production_may_show_the_last_preview_by_itself(api: Studio, stage: Stage) -> None:
    change(stage.project, is_set_preview_automated=True)
    preview = api.published()
    assert stage.now(stage.lama)["preview_file_id"] == preview["id"]
    assert [one["data"] for one in stage.events("preview-file:set-main")] == [
        {"entity_id": stage.lama.id, "preview_file_id": preview["id"], "project_id": stage.project.id}
    ]
    assert [one["data"]["asset_id"] for one in stage.events("asset:update")] == [stage.lama.id]


def test_a_finished_upload_is_told(api: Studio, stage: Stage) -> None:
    preview = api.published()
    told = [one["name"] for one in stage.events()]
    assert told == [
        "preview-file:new",
        "comment:update",
        "preview-file:update",
        "comment:update",
        "preview-file:add-file",
    ]
    (added,) = stage.events("preview-file:add-file")
    assert added["user_id"] == stage.people["user"].id
    assert added["data"] == {
        "comment_id": stage.comment.id,
        "task_id": stage.modeling.id,
        "preview_file_id": preview["id"],
        "revision": 1,
        "extension": "png",
        "status": "ready",
        "position": 1,
        "width": 64,
        "height": 36,
        "duration": 0.0,
        "project_id": stage.project.id,
    }


def test_what_a_client_hears_of_a_preview_is_enough_to_show_it(api: Studio, stage: Stage) -> None:
    preview = api.published()
    (updated,) = stage.events("preview-file:update")
    shown = {name: preview[name] for name in ("task_id", "revision", "extension", "status", "width", "height")}
    assert {name: updated["data"][name] for name in shown} == shown
    assert updated["data"]["project_id"] == stage.project.id


def test_a_plain_file_is_told_without_an_update(api: Studio, stage: Stage) -> None:
    api.published("set.zip", b"PK")
    assert stage.events("preview-file:update") == []
    assert len(stage.events("preview-file:add-file")) == 1


def test_names_are_taken_apart() -> None:
    assert formats.parse("My.Shot.v2.JPEG") == ("My.Shot.v2", "jpeg")
    assert formats.parse("a.mkv").kept_as == "mp4"
    with pytest.raises(Invalid):
        formats.parse("archive.tar.bz2")
