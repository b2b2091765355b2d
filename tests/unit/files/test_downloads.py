"""Stored files as browsers and scripts get them (docs/contract/files.md section 1 and 6.4)."""

import urllib.request
from typing import Any

import pytest

from chalicelib.records.people import ORGANISATION
from chalicelib.routes import stored_files
from chalicelib.store import objects, reference
from tests.unit.files.conftest import UNKNOWN, Stage, Studio, change, picture

PATH = "/pictures/originals/preview-files/{}.png"


@pytest.fixture
def linked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file is large enough for a redirect."""
    monkeypatch.setattr(stored_files, "LARGEST_DIRECT", 10)


def follow(reply: Any, **headers: str) -> Any:
    request = urllib.request.Request(reply.headers["location"], headers=headers)
    return urllib.request.urlopen(request)


def test_a_small_file_comes_with_the_answer(api: Studio) -> None:
    got = api.get(PATH.format(api.published()["id"]), user="user")
    assert got.status == 200
    assert got.headers["cache-control"] == "private, max-age=604800"
    assert got.headers["last-modified"].endswith(" GMT")
    assert got.content == picture()


def test_a_known_version_is_not_sent_nor_fetched(api: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    path = PATH.format(api.published()["id"])
    tag = api.get(path).headers["etag"]
    monkeypatch.setattr(objects, "get", lambda key: pytest.fail(f"{key} was fetched"))
    again = api.get(path, headers={"If-None-Match": tag})
    assert (again.status, again.content, again.headers["cache-control"]) == (304, b"", "private, max-age=604800")


def test_a_range_of_it_is_sent(api: Studio) -> None:
    path = PATH.format(api.published()["id"])
    part = api.get(path, headers={"Range": "bytes=1-3"})
    assert (part.status, part.content) == (206, b"PNG")
    assert part.headers["content-range"] == f"bytes 1-3/{len(picture())}"
    assert api.get(path, headers={"Range": "bytes=99999-"}).status == 416


def test_a_head_tells_the_size_without_the_bytes(api: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    path = PATH.format(api.published()["id"])
    monkeypatch.setattr(objects, "get", lambda key: pytest.fail(f"{key} was fetched"))
    got = api.call("HEAD", path)
    assert (got.status, got.content, got.headers["content-type"]) == (200, b"", "image/png")
    assert got.headers["accept-ranges"] == "bytes"


@pytest.mark.usefixtures("linked")
def test_a_large_file_is_fetched_from_the_bucket(api: Studio) -> None:
    got = api.get(PATH.format(api.published()["id"]), user="user")
    assert (got.status, got.headers["cache-control"]) == (302, "private, max-age=1800")
    with follow(got) as answer:
        assert answer.read() == picture()
        assert answer.headers["Content-Type"] == "image/png"
        assert answer.headers["Cache-Control"] == "private, max-age=604800"
    with follow(got, Range="bytes=1-3") as part:
        assert (part.status, part.read()) == (206, b"PNG")


@pytest.mark.usefixtures("linked")
def test_a_large_download_keeps_its_name(api: Studio) -> None:
    got = api.get(f"/pictures/originals/preview-files/{api.published()['id']}/download")
    with follow(got) as answer:
        assert answer.headers["Content-Disposition"] == "attachment; filename=caminandes_character_lama_modeling_v1.png"


@pytest.mark.usefixtures("linked")
def test_a_head_of_a_large_file_is_answered_here(api: Studio) -> None:
    assert api.call("HEAD", PATH.format(api.published()["id"])).status == 200


def name_of(api: Studio, preview: dict[str, Any]) -> str:
    got = api.get(f"/pictures/originals/preview-files/{preview['id']}/download")
    return str(got.headers["content-disposition"]).partition("filename=")[2].strip('"')


def test_downloads_have_telling_names(api: Studio, stage: Stage) -> None:
    comment = stage.comment_on(stage.animation)
    first, second = api.published(comment=comment), api.published("page.pdf", b"%PDF", comment)
    assert name_of(api, first) == "caminandes_sq01_sh010_animation_v1.png"
    assert name_of(api, second) == "caminandes_sq01_sh010_animation_v1-2.pdf"


def test_the_studio_may_want_the_names_files_were_sent_under(api: Studio) -> None:
    preview = api.published("Été (final).v2.png")
    studio = next(iter(reference.every(ORGANISATION).values()))
    change(studio, use_original_file_name=True)
    got = api.get(f"/pictures/originals/preview-files/{preview['id']}/download")
    assert "filename*=UTF-8''%C3%89t%C3%A9%20%28final%29.v2.png" in got.headers["content-disposition"]


def test_originals_are_there_by_their_extension_alone(api: Studio) -> None:
    picture_id, plain_id = api.published()["id"], api.published("page.pdf", b"%PDF")["id"]
    original = "/pictures/originals/preview-files/"
    assert api.get(f"{original}{picture_id}.PNG").status == 200
    for name in ("jpg", "gif", "mp4"):
        assert api.get(f"{original}{picture_id}.{name}").status == 404
    assert api.get(f"{original}{plain_id}.pdf").headers["content-type"] == "application/pdf"
    assert api.get(f"{original}{plain_id}.obj").status == 404


def test_a_picture_has_no_movie(api: Studio) -> None:
    preview_id = api.published()["id"]
    for path in ("originals/preview-files/{}.mp4", "low/preview-files/{}.mp4", "originals/preview-files/{}/download"):
        assert api.get(f"/movies/{path.format(preview_id)}").status == 404
    assert api.get(f"/movies/tiles/preview-files/{preview_id}.png").status == 404
    assert api.get(f"/actions/preview-files/{preview_id}/extract-frame").status == 404
    assert api.get(f"/actions/preview-files/{preview_id}/extract-tile").status == 400


@pytest.mark.parametrize(
    ("who", "status"), [("manager", 200), ("client", 200), ("vendor", 403), ("stranger", 403), (None, 401)]
)
def test_who_sees_pictures(api: Studio, stage: Stage, who: str | None, status: int) -> None:
    preview_id = api.published(comment=stage.comment_on(stage.animation))["id"]
    for folder in ("thumbnails", "thumbnails-square", "previews", "originals"):
        assert api.get(f"/pictures/{folder}/preview-files/{preview_id}.png", user=who).status == status


def test_a_vendor_sees_what_is_on_the_entity_they_work_on(api: Studio) -> None:
    assert api.get(PATH.format(api.published()["id"]), user="vendor").status == 200


def test_the_picture_of_a_shared_entity_is_for_everybody(api: Studio, stage: Stage) -> None:
    preview_id = api.published()["id"]
    change(stage.lama, is_shared=True, preview_file_id=preview_id)
    assert api.get(PATH.format(preview_id), user="stranger").status == 200
    assert api.get(f"/pictures/thumbnails/preview-files/{preview_id}.png", user="stranger").status == 200
    assert api.get(f"/pictures/previews/preview-files/{preview_id}.png", user="stranger").status == 403


@pytest.mark.parametrize("preview_id", [UNKNOWN, "nothing"])
def test_what_is_unknown_is_not_found(api: Studio, preview_id: str) -> None:
    assert api.get(PATH.format(preview_id)).status == 404
    assert api.get(f"/movies/low/preview-files/{preview_id}.mp4").status == 404


def test_a_lost_object_is_not_found(api: Studio, stage: Stage) -> None:
    preview_id = api.published()["id"]
    objects.delete(found.key for found in objects.listed("previews/"))
    assert api.get(PATH.format(preview_id)).status == 404


def test_a_thumbnail_costs_two_reads(api: Studio) -> None:
    path = f"/pictures/thumbnails/preview-files/{api.published()['id']}.png"
    assert api.get(path, user="user").status == 200
    assert api.cost == 2
