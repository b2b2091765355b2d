"""One movie of a playlist: begun by a request, built by the queue function (docs/contract/files.md 9.1)."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.dependents import productions
from chalicelib.domain.files import orphans, storage
from chalicelib.domain.playlists import build_jobs, building
from chalicelib.events.carrying import carry
from chalicelib.functions import media
from chalicelib.functions.event_listeners import LISTENERS
from chalicelib.media import joining, keys, movies
from chalicelib.records import clock
from chalicelib.records.files import BUILD_JOB, PLAYLIST, PREVIEW_FILE
from chalicelib.records.record import Record
from chalicelib.store import objects, queue, session
from chalicelib.store.changes import write
from tests.unit.files.conftest import UNKNOWN, Stage, Studio, change, create
from tests.unit.functions.test_media import event
from tests.unit.mail.test_notifications import added
from tests.unit.media.conftest import Filming
from tests.unit.media.test_joining import TONE, colour, decoded, pictured, shade, shades
from tests.unit.people.conftest import Configure, PostOffice, configure, post

pytestmark = pytest.mark.slow
__all__ = ["configure", "post"]
Stored = Callable[[str], list[str]]


class Cinema:
    """Playlists of clips, and the queue between the requests and the function."""

    def __init__(self, api: Studio, stage: Stage, filming: Filming, sent: list[str]) -> None:
        self.api = api
        self.stage = stage
        self.filming = filming
        self.sent = sent
        self.number = self.films = 0

    def clip(self, name: str, data: bytes | None = None, **more: Any) -> Record:
        """A preview of the shot whose movie shows a colour, or which holds some bytes that are no movie."""
        film = self.film(name, **more)
        if data is not None:
            film.write_bytes(data)
        return self.keep(film)

    def film(self, name: str, tone: bool = False, **more: Any) -> Path:
        self.films += 1
        return self.filming(colour(name, **more) + (TONE if tone else ""), name=f"clip-{self.films}.mp4")

    def picture(self, name: str, size: tuple[int, int] = (64, 36), data: bytes | None = None) -> Record:
        """A preview of the shot that is a picture of one colour, or which holds some bytes that are none."""
        return self.keep(data or pictured(name, size), keys.ORIGINAL)

    def keep(self, film: Path | bytes, name: str = keys.MOVIE) -> Record:
        self.number += 1
        values = {"task_id": self.stage.animation.id, "revision": self.number, "width": 64, "height": 36}
        held: Any = ({}, {name: film}) if isinstance(film, Path) else ({name: film}, {})
        preview = create(PREVIEW_FILE, name=f"take {self.number}", status="ready", extension="mp4", **values)
        return change(preview, stored=storage.put_files(preview, *held).onto(None))

    def playlist(self, *clips: Record, **values: Any) -> Record:
        return create(PLAYLIST, name="Dailies", project_id=self.stage.project.id, shots=self.shots(*clips), **values)

    def shots(self, *clips: Record) -> list[dict[str, str]]:
        return [{"entity_id": self.stage.shot.id, "preview_file_id": clip.id} for clip in clips]

    def begin(self, playlist: Record, query: str = "") -> Any:
        got = self.api.get(f"/data/playlists/{playlist.id}/build/mp4{query}", user="manager")
        assert got.status == 200, got.content
        return got.json

    def work(self) -> None:
        """The queue function does what it was asked for, until nothing is left."""
        while self.sent:
            with session.opened():
                media.handle_queue_event(event(self.sent.pop(0)))

    def built(self, playlist: Record, query: str = "") -> Any:
        """A build that has ended."""
        job = self.begin(playlist, query)
        self.work()
        return self.api.get(f"/data/playlists/{playlist.id}/jobs/{job['id']}", user="manager").json

    def movie(self, build: dict[str, Any]) -> Path:
        target = self.filming(colour("red"), name="fetched.mp4")
        path = f"/data/playlists/{build['playlist_id']}/jobs/{build['id']}/build/mp4"
        target.write_bytes(self.api.fetched(path, user="supervisor"))
        return target


@pytest.fixture
def cinema(api: Studio, stage: Stage, filming: Filming, monkeypatch: pytest.MonkeyPatch) -> Cinema:
    sent: list[str] = []
    monkeypatch.setattr(queue, "send", sent.append)
    change(stage.project, resolution="", fps="25")
    return Cinema(api, stage, filming, sent)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The parts that are made, as they are."""
    parts: list[Path] = []
    for name in ("make_part", "make_still_part"):
        make = getattr(joining, name)

        def noted(source: Path, *rest: Any, make: Callable[..., int] = make) -> int:
            parts.append(source)
            return make(source, *rest)

        monkeypatch.setattr(joining, name, noted)
    return parts


def test_the_clips_become_one_movie(cinema: Cinema, stage: Stage, ffmpeg: str) -> None:
    red, blue = cinema.clip("red", seconds=1), cinema.clip("blue", size="36x36", rate="50")
    playlist = cinema.playlist(blue, red, blue)
    begun = cinema.begin(playlist)
    assert (begun["status"], begun["ended_at"], begun["job_type"], begun["error"]) == ("running", None, "movie", None)
    cinema.work()
    job = f"/data/playlists/{playlist.id}/jobs/{begun['id']}"
    ended = cinema.api.get(job, user="manager").json
    assert (ended["status"], ended["error"], len(ended["ended_at"])) == ("succeeded", None, 19)
    got = cinema.api.get(f"{job}/build/mp4", user="supervisor")
    stamp = ended["created_at"].replace("-", "").replace(":", "").replace("T", "_")
    assert got.headers["content-disposition"] == f"attachment; filename={stamp}_caminandes_dailies.mp4"
    film = cinema.movie(ended)
    assert decoded(ffmpeg, film)[0] == 45
    assert [shade(film, number) for number in (1, 10, 11, 35, 36, 45)] == ["blue"] * 2 + ["red"] * 2 + ["blue"] * 2
    (told,) = stage.events("build-job:new")
    assert told["user_id"] == stage.people["manager"].id
    shared = {"build_job_id": begun["id"], "playlist_id": playlist.id, "project_id": stage.project.id}
    assert told["data"] == {**shared, "created_at": begun["created_at"]}
    (told,) = stage.events("build-job:update")
    assert (told["user_id"], told["data"]) == (None, {**shared, "status": "succeeded"})
    assert cinema.api.get(f"/data/projects/{stage.project.id}/build-jobs").json == [ended]


@pytest.mark.parametrize(("resolution", "size"), [("160x101", (160, 102)), ("x100", (178, 100)), ("", (64, 36))])
def test_it_is_as_large_as_the_production_or_the_first_clip(
    cinema: Cinema, stage: Stage, resolution: str, size: tuple[int, int]
) -> None:
    change(stage.project, resolution=resolution, fps="12,5")
    told = movies.probe(cinema.movie(cinema.built(cinema.playlist(cinema.clip("red")))))
    assert (told.width, told.height, told.fps) == (*size, 12.5)


def test_another_build_makes_only_what_changed(cinema: Cinema, stored: Stored, made: list[Path]) -> None:
    red, blue, white = cinema.clip("red"), cinema.clip("blue"), cinema.clip("white")
    playlist = cinema.playlist(red, blue)
    cinema.built(playlist)
    assert len(made) == 2
    playlist = change(playlist, shots=cinema.shots(blue, white))
    film = cinema.movie(cinema.built(playlist))
    assert len(made) == 3
    assert [shade(film, number) for number in (1, 20)] == ["blue", "white"]
    # The part that nobody needs any more went.
    assert len([key for key in stored("playlists/") if "/parts/" in key]) == 2
    cinema.built(playlist)
    assert len(made) == 3
    cinema.built(playlist, "?full=true")
    assert len(made) == 5


def test_another_shape_is_other_parts(cinema: Cinema, stage: Stage, made: list[Path]) -> None:
    playlist = cinema.playlist(cinema.clip("red"))
    cinema.built(playlist)
    change(stage.project, fps="12")
    cinema.built(playlist)
    assert len(made) == 2


def test_what_cannot_be_read_is_named_and_the_rest_is_built(cinema: Cinema, stage: Stage) -> None:
    broken, lost, red = cinema.clip("blue", b"this is no movie"), cinema.clip("blue"), cinema.clip("red")
    objects.delete(keys.of_file(lost))
    ended = cinema.built(cinema.playlist(broken, red, lost))
    assert ended["status"] == "succeeded"
    first, second = ended["error"].split("\n")
    assert first.startswith("SQ01 / SH010 (revision 1): The file is not a movie")
    assert second == "SQ01 / SH010 (revision 2): The file of the movie is lost."
    assert shade(cinema.movie(ended), 1) == "red"
    ended = cinema.built(cinema.playlist(broken))
    assert (ended["status"], "SH010" in ended["error"]) == ("failed", True)
    refused = cinema.api.get(f"/data/playlists/{ended['playlist_id']}/jobs/{ended['id']}/build/mp4", user="manager")
    assert refused.status == 400
    assert [one["data"]["status"] for one in stage.events("build-job:update")] == ["succeeded", "failed"]


def test_without_a_movie_there_is_nothing_to_build(cinema: Cinema, ffmpeg: str) -> None:
    picture = cinema.picture("red")
    for shots in (None, [], cinema.shots(picture), [{"entity_id": UNKNOWN, "preview_file_id": UNKNOWN}]):
        bare = change(cinema.playlist(), shots=shots)
        refused = cinema.api.get(f"/data/playlists/{bare.id}/build/mp4", user="manager")
        assert (refused.status, refused.json["data"]["field"]) == (400, "shots")
    none = create(PREVIEW_FILE, name="being made", status="processing", task_id=cinema.stage.animation.id)
    ended = cinema.built(cinema.playlist(none, cinema.clip("red"), none))
    assert decoded(ffmpeg, cinema.movie(ended))[0] == 10


def test_pictures_among_them_are_shown_for_a_moment(cinema: Cinema, ffmpeg: str, made: list[Path]) -> None:
    wide, tall = cinema.picture("blue", (128, 72)), cinema.picture("lime", (20, 90))
    playlist = cinema.playlist(wide, cinema.clip("red"), tall)
    film = cinema.movie(cinema.built(playlist))
    # The movie tells size and rate, wherever it stands.
    told = movies.probe(film)
    assert (told.width, told.height, told.fps, joining.STILL_SECONDS) == (64, 36, 25.0, 2.0)
    assert decoded(ffmpeg, film) == (110, pytest.approx(4.4, abs=0.03))
    shades = [shade(film, number) for number in (1, 50, 51, 60, 61, 110)]
    assert shades == ["blue", "blue", "red", "red", "green", "green"]
    assert [shade(film, 80, at) for at in ((2, 18), (62, 18))] == ["black", "black"]
    cinema.built(change(playlist, shots=cinema.shots(tall, cinema.clip("red"), wide)))
    assert len(made) == 4


def test_pictures_that_cannot_be_read_are_named(cinema: Cinema) -> None:
    broken, lost = cinema.picture("blue", data=b"no picture"), cinema.picture("blue")
    objects.delete(keys.of_file(lost))
    ended = cinema.built(cinema.playlist(broken, cinema.clip("red"), lost))
    assert (ended["status"], ended["error"].split("\n")) == (
        "succeeded",
        [
            "SQ01 / SH010 (revision 1): The file is not a whole PNG or JPEG picture.",
            "SQ01 / SH010 (revision 2): The file of the picture is lost.",
        ],
    )


def test_sixty_mixed_entries_in_their_order(cinema: Cinema, ffmpeg: str, made: list[Path]) -> None:
    colours = {"red": "red", "lime": "green", "blue": "blue", "white": "white"}
    sorts: list[dict[str, Any]] = [
        {},
        {"size": "128x72", "rate": "50", "tone": True},
        {"size": "40x80", "rate": "12"},
        {"size": "36x36", "rate": "24000/1001", "tone": True},
    ]
    films = {
        (name, number): cinema.film(name, seconds=1, **how) for name in colours for number, how in enumerate(sorts)
    }
    takes = [(cinema.keep(film), [colours[name]] * 25) for (name, _), film in films.items()]
    takes += [(cinema.picture(name, (90, 30)), [colours[name]] * 50) for name in colours]
    # Each of the twenty stands there three times, never beside its likes.
    shown = [takes[7 * number % 20] for number in range(60)]
    entries = [preview for preview, _ in shown]
    expected = [one for _, frames in shown for one in frames]
    playlist = cinema.playlist(*entries)
    ended = cinema.built(playlist)
    assert (ended["status"], ended["error"], len(made)) == ("succeeded", None, 20)
    film = cinema.movie(ended)
    assert decoded(ffmpeg, film) == (len(expected), pytest.approx(len(expected) / 25, abs=0.03))
    assert shades(ffmpeg, film) == expected
    # One goes, one comes: one part is made.
    cinema.built(change(playlist, shots=cinema.shots(*entries[1:], cinema.picture("red"))))
    assert len(made) == 21


def test_a_run_without_time_hands_on(cinema: Cinema, made: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "SECONDS_TO_BEGIN", -1.0)
    broken = cinema.clip("blue", b"this is no movie")
    playlist = cinema.playlist(cinema.clip("red"), broken, cinema.clip("blue"))
    job = cinema.begin(playlist)
    runs = 0
    while cinema.sent:
        runs += 1
        media.handle_queue_event(event(cinema.sent.pop(0)))
    # One for each clip, one that joins; what cannot be read is not tried again.
    assert (runs, len(made)) == (4, 3)
    ended = cinema.api.get(f"/data/playlists/{playlist.id}/jobs/{job['id']}", user="manager").json
    assert (ended["status"], "not a movie" in ended["error"]) == ("succeeded", True)


def test_a_message_that_comes_twice_does_nothing_more(cinema: Cinema, stage: Stage, stored: Stored) -> None:
    playlist = cinema.playlist(cinema.clip("red"))
    cinema.begin(playlist)
    cinema.sent *= 2
    cinema.work()
    assert len(stage.events("build-job:update")) == 1
    assert len(stored("playlists/")) == 2


def test_a_build_that_is_taken_away_meanwhile_leaves_no_movie(
    cinema: Cinema, stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    playlist = cinema.playlist(cinema.clip("red"))
    job = cinema.begin(playlist)
    join = joining.join

    def joined_too_late(*arguments: Any) -> None:
        cinema.api.delete(f"/data/playlists/{playlist.id}/jobs/{job['id']}", user="manager")
        join(*arguments)

    monkeypatch.setattr(joining, "join", joined_too_late)
    cinema.work()
    assert [key for key in stored("playlists/") if "/builds/" in key] == []


def test_a_movie_that_does_not_fit_is_said_to_be_too_large(cinema: Cinema, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = building.shutil.disk_usage("/")._replace(free=10)
    monkeypatch.setattr(building.shutil, "disk_usage", lambda _: usage)
    ended = cinema.built(cinema.playlist(cinema.clip("red")))
    assert (ended["status"], "too large" in ended["error"]) == ("failed", True)


def test_what_fails_again_and_again_ends(cinema: Cinema, monkeypatch: pytest.MonkeyPatch) -> None:
    playlist = cinema.playlist(cinema.clip("red"))
    job = cinema.begin(playlist)
    monkeypatch.setattr(joining, "join", lambda *_: 1 / 0)
    monkeypatch.setattr(queue, "give_back", lambda *_: None)
    (body,) = cinema.sent
    for attempt in (1, 2, 3):
        with pytest.raises(ZeroDivisionError):
            media.handle_queue_event(event(body, attempt=attempt))
    ended = cinema.api.get(f"/data/playlists/{playlist.id}/jobs/{job['id']}", user="manager").json
    assert (ended["status"], ended["error"]) == ("failed", "Building the movie failed 3 times.")


def test_what_nobody_finishes_ends(cinema: Cinema, monkeypatch: pytest.MonkeyPatch) -> None:
    playlist = cinema.playlist(cinema.clip("red"))
    old = cinema.begin(playlist)
    now = clock.now
    monkeypatch.setattr(clock, "now", lambda: clock.shift(now(), hours=build_jobs.STUCK_HOURS + 1))
    new = cinema.begin(playlist)
    build_jobs.give_up_stuck()
    states = {one["id"]: one["status"] for one in map(build_jobs.show, build_jobs.of_playlist(playlist))}
    assert states == {old["id"]: "failed", new["id"]: "running"}


def test_a_build_goes_with_its_movie(cinema: Cinema, stage: Stage, stored: Stored) -> None:
    playlist = cinema.playlist(cinema.clip("red"))
    other = cinema.playlist()
    ended = cinema.built(playlist)
    assert cinema.api.delete(f"/data/playlists/{other.id}/jobs/{ended['id']}", user="manager").status == 404
    path = f"/data/playlists/{playlist.id}/jobs/{ended['id']}"
    assert cinema.api.delete(path, user="manager").status == 204
    assert cinema.api.get(path, user="manager").status == 404
    assert [key for key in stored("playlists/") if "/builds/" in key] == []
    assert len(stage.events("build-job:delete")) == 1


@pytest.mark.parametrize("how", ["playlist", "production"])
def test_everything_goes_with_the_playlist(cinema: Cinema, stage: Stage, stored: Stored, how: str) -> None:
    playlist = cinema.playlist(cinema.clip("red"))
    cinema.built(playlist)
    for _ in range(60):
        create(BUILD_JOB, playlist_id=playlist.id)
    assert len(stored("playlists/")) == 2
    if how == "playlist":
        assert cinema.api.delete(f"/data/playlists/{playlist.id}", user="manager").status == 204
        assert len(stage.events("build-job:delete")) == 61
    else:
        list(productions.clear(stage.project))
    assert (stored("playlists/"), build_jobs.of_playlist(playlist)) == ([], [])


def test_the_sweep_takes_what_nobody_names(cinema: Cinema, stored: Stored, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, gone = cinema.playlist(cinema.clip("red")), cinema.playlist(cinema.clip("blue"))
    cinema.built(kept)
    cinema.built(gone)
    left = stored(f"playlists/{kept.home}/{kept.id}/")
    write(lambda changes: changes.delete(changes.read(PLAYLIST, gone.id)))
    write(lambda changes: [changes.delete(one) for one in build_jobs.of_playlist(gone)])
    later = time.time() + orphans.ORPHAN_SECONDS + 60
    monkeypatch.setattr(orphans.time, "time", lambda: later)
    orphans.collect(10)
    assert sorted(stored("playlists/")) == sorted(left)


def test_who_asked_is_told_by_mail(cinema: Cinema, stage: Stage, post: PostOffice, configure: Configure) -> None:
    configure(SITE_URL="https://studio.example.com")
    ended = cinema.built(cinema.playlist(cinema.clip("red"), cinema.clip("blue", b"no movie")))
    cinema.built(cinema.playlist(cinema.clip("blue", b"no movie")))
    for _ in range(2):
        events = stage.events("build-job:update")
        with session.opened():
            carry({"Records": [added(one, number) for number, one in enumerate(events)]}, LISTENERS)
    (letter,) = post.letters
    assert (letter.recipient, letter.subject) == (
        "manager@example.com",
        "[Kitsu] Caminandes: the movie of Dailies is there",
    )
    path = f"/api/data/playlists/{ended['playlist_id']}/jobs/{ended['id']}/build/mp4"
    assert f"https://studio.example.com{path}" in letter.text
    assert "SQ01 / SH010" in letter.text


def test_who_builds_follows_and_takes_along(cinema: Cinema) -> None:
    playlist = cinema.playlist(cinema.clip("red"))
    ended = cinema.built(playlist)
    change(playlist, for_client=True)
    job = f"/data/playlists/{playlist.id}/jobs/{ended['id']}"
    wanted = {
        f"/data/playlists/{playlist.id}/build/mp4": {"manager"},
        job: {"manager", "client"},
        f"{job}/build/mp4": {"manager", "supervisor", "client"},
    }
    for path, passing in wanted.items():
        for who in ("manager", "supervisor", "client", "user", "vendor", "stranger"):
            assert cinema.api.get(path, user=who).status == (200 if who in passing else 403), (path, who)
    assert cinema.api.get(f"/data/playlists/{playlist.id}/jobs/{UNKNOWN}").status == 404
