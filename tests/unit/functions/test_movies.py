"""The queue function and movies: a movie in two qualities, frames that are cut, what is said where none can be made.

Source: docs/contract/files.md 6.3.
"""

from pathlib import Path

import pytest

from chalicelib.domain.files import preparation
from chalicelib.functions import media
from chalicelib.media import keys, movies
from chalicelib.store import objects, queue, session
from tests.unit.files.conftest import Stage, Studio, change, size_of
from tests.unit.functions.test_media import event, told

pytestmark = pytest.mark.slow


def test_a_movie_is_prepared(api: Studio, stage: Stage, film: Path) -> None:
    change(stage.project, resolution="320x180", fps="25")
    sent = api.published("Shot.mov", film.read_bytes(), stage.comment_on(stage.animation))
    key = stage.preview(sent["id"])["upload"]["key"]
    media.handle_queue_event(event(told(key)))
    preview = stage.preview(sent["id"])
    assert (preview["status"], preview["extension"]) == ("ready", "mp4")
    assert (preview["width"], preview["height"], preview["duration"]) == (320, 180, 2.0)
    movie = api.fetched(f"/movies/originals/preview-files/{preview.id}.mp4")
    assert movie[4:8] == b"ftyp"
    assert preview["file_size"] == len(movie)
    assert api.fetched(f"/movies/low/preview-files/{preview.id}.mp4")[4:8] == b"ftyp"
    tile = api.fetched(f"/movies/tiles/preview-files/{preview.id}.png")
    assert size_of(tile) == (8 * 134, 7 * 100)
    assert size_of(api.fetched(f"/pictures/originals/preview-files/{preview.id}.png")) == (320, 180)


def test_a_movie_may_stay_as_it_is(api: Studio, stage: Stage, film: Path) -> None:
    preview = api.slot()
    api.send(preview, "Shot.mov", film.read_bytes(), query="?normalize=false")
    preparation.process(preview["id"], stage.preview(preview["id"])["upload"]["key"])
    for sort in ("originals", "low"):
        assert api.get(f"/movies/{sort}/preview-files/{preview['id']}.mp4").content == film.read_bytes()
    assert stage.preview(preview["id"])["width"] == 160


def test_a_function_that_is_faster_than_the_request_knows_what_was_asked_for(
    api: Studio, stage: Stage, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = objects.put

    def put_and_notify(key: str, data: bytes, *more: str) -> None:
        put(key, data, *more)
        if keys.uploaded(key) is not None:
            with session.opened():
                media.handle_queue_event(event(told(key)))

    monkeypatch.setattr(objects, "put", put_and_notify)
    row = api.slot()
    assert api.send(row, "film.mov", film.read_bytes(), query="?normalize=false").status == 201
    (added,) = stage.events("preview-file:add-file")
    assert added["user_id"] == stage.people["user"].id
    preview = stage.preview(row["id"])
    assert preview["status"] == "ready"
    assert keys.entry(preview["stored"], keys.LOW_MOVIE) is None


def test_the_resolution_of_the_entity_wins(api: Studio, stage: Stage, film: Path) -> None:
    change(stage.shot, data={"resolution": "401x225", "fps": "12,5"})
    sent = api.published("Shot.mov", film.read_bytes(), stage.comment_on(stage.animation))
    preparation.process(sent["id"], stage.preview(sent["id"])["upload"]["key"])
    preview = stage.preview(sent["id"])
    assert (preview["width"], preview["height"], preview["duration"]) == (402, 226, 2.0)


def test_frames_of_a_movie_are_cut_and_chosen(api: Studio, stage: Stage, film: Path) -> None:
    sent = api.published("Shot.mov", film.read_bytes())
    preparation.process(sent["id"], stage.preview(sent["id"])["upload"]["key"])
    path = f"/actions/preview-files/{sent['id']}"
    got = api.get(f"{path}/extract-frame", {"frame_number": 10}, user="manager")
    assert (got.status, got.headers["content-type"]) == (200, "image/png")
    assert api.get(f"{path}/extract-frame", {"frame_number": "ten"}).status == 400
    assert api.get(f"{path}/extract-frame", {"frame_number": 51}).status == 400
    assert api.get(f"{path}/extract-frame", user="supervisor").status == 403
    original = f"/pictures/originals/preview-files/{sent['id']}.png"
    before = api.get(original)
    assert api.put(f"{path}/set-main-preview", {"frame_number": 40}, user="user").status == 200
    after = api.get(original)
    assert before.content != after.content
    assert before.headers["etag"] != after.headers["etag"]
    assert size_of(api.get(f"{path}/extract-tile", user="client").content)[1] == 700


def test_without_ffmpeg_here_the_queue_cuts_frames(
    api: Studio, stage: Stage, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = api.published("Shot.mov", film.read_bytes())
    preparation.process(sent["id"], stage.preview(sent["id"])["upload"]["key"])
    with_ffmpeg = movies.program

    def served(body: str) -> None:
        monkeypatch.setattr(movies, "program", with_ffmpeg)
        media.handle_queue_event(event(body))
        monkeypatch.setattr(movies, "program", lambda: None)

    monkeypatch.setattr(queue, "send", served)
    monkeypatch.setattr(movies, "program", lambda: None)
    path = f"/actions/preview-files/{sent['id']}"
    assert api.get(f"{path}/extract-frame", {"frame_number": 3}).status == 200
    assert api.get(f"{path}/extract-frame", {"frame_number": 300}).status == 400
    assert api.get(f"{path}/extract-tile").status == 200
    before = stage.preview(sent["id"])["stored"]["files"][keys.ORIGINAL]
    assert api.put(f"{path}/set-main-preview", {"frame_number": 40}).status == 200
    assert stage.preview(sent["id"])["stored"]["files"][keys.ORIGINAL] != before


def test_a_broken_movie_says_why(api: Studio, stage: Stage, ffmpeg: str) -> None:
    sent = api.published("Shot.mp4", b"this is not a movie")
    preparation.process(sent["id"], stage.preview(sent["id"])["upload"]["key"])
    broken = stage.preview(sent["id"])
    assert (broken["status"], broken["width"], broken["duration"]) == ("broken", 0, 0)
    assert broken["failure"].startswith("The file is not a movie")
    assert "/tmp" not in broken["failure"]
    assert api.get(f"/movies/originals/preview-files/{broken.id}.mp4").status == 404


def test_without_ffmpeg_a_movie_is_broken_with_that_reason(
    api: Studio, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(movies, "program", lambda: None)
    sent = api.published("Shot.mp4", b"a movie, maybe")
    preparation.process(sent["id"], stage.preview(sent["id"])["upload"]["key"])
    assert "no ffmpeg" in stage.preview(sent["id"])["failure"]
