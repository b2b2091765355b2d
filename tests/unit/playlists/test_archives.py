"""The files of a playlist in one archive, whatever their number and size (docs/contract/files.md 9.1)."""

import io
import json
import time
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.domain.dependents import productions
from chalicelib.domain.files import orphans, waiting
from chalicelib.domain.playlists import archives
from chalicelib.functions import media
from chalicelib.records.files import PLAYLIST
from chalicelib.records.people import ORGANISATION
from chalicelib.records.record import Record
from chalicelib.store import objects, queue, reference
from tests.unit.files.conftest import UNKNOWN, Stage, Studio, change, create, picture
from tests.unit.functions.test_media import event

Stored = Callable[[str], list[str]]


def playlist(stage: Stage, *previews: dict[str, Any] | None, **values: Any) -> Record:
    shots = [{"entity_id": stage.lama.id, "preview_file_id": one["id"] if one else UNKNOWN} for one in previews]
    return create(PLAYLIST, name="Dailies", project_id=stage.project.id, shots=shots, **values)


def path(made: Record) -> str:
    return f"/data/playlists/{made.id}/download/zip"


def contents(api: Studio, made: Record, user: str = "manager") -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(api.fetched(path(made), user=user))) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_every_file_of_a_revision_is_in_it_once(api: Studio, stage: Stage) -> None:
    first = api.published("turn.png", picture(64, 36))
    api.published("page.pdf", b"%PDF-1.4")
    later = api.published("last.png", picture(32, 32), stage.comment_on(stage.modeling))
    on_shot = api.published("board.png", comment=stage.comment_on(stage.animation))
    made = playlist(stage, first, on_shot, first, None)
    found = contents(api, made)
    assert list(found) == [
        "caminandes_character_lama_modeling_v1.png",
        "caminandes_character_lama_modeling_v1-2.pdf",
        "caminandes_sq01_sh010_animation_v1.png",
    ]
    assert found["caminandes_character_lama_modeling_v1-2.pdf"] == b"%PDF-1.4"
    assert list(contents(api, change(made, shots=[{"preview_file_id": later["id"]}]))) == [
        "caminandes_character_lama_modeling_v2.png"
    ]


def test_names_do_not_collide_and_stay_inside(api: Studio, stage: Stage) -> None:
    studio = next(iter(reference.every(ORGANISATION).values()))
    change(studio, use_original_file_name=True)
    first = api.published("Take.png")
    second = api.published("take.png", comment=stage.comment_on(stage.animation))
    change(stage.preview(second["id"]), original_name="../take")
    third = api.published("take.png", comment=stage.comment_on(stage.task(stage.shot, stage.modeling_type, "user")))
    assert list(contents(api, playlist(stage, first, second, third))) == ["Take.png", "_take.png", "take (2).png"]


def test_an_empty_playlist_is_an_empty_archive(api: Studio, stage: Stage) -> None:
    slot = api.slot()
    for made in (playlist(stage), playlist(stage, slot), change(playlist(stage), shots=None)):
        assert contents(api, made) == {}


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({}, "caminandes_dailies.zip"),
        ({"production_type": "tvshow"}, "caminandes_main_pack_dailies.zip"),
        ({"production_type": "tvshow", "name": "はる"}, "main_pack_dailies.zip"),
    ],
)
def test_it_is_named_after_production_episode_and_playlist(
    api: Studio, stage: Stage, values: dict[str, str], name: str
) -> None:
    change(stage.project, **values)
    got = api.get(path(playlist(stage)), user="supervisor")
    assert got.headers["content-disposition"] == f"attachment; filename={name}"
    assert got.headers["cache-control"] == "private, no-cache"


def test_asking_again_packs_nothing_again(
    api: Studio, stage: Stage, stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = playlist(stage, api.published())
    contents(api, made)
    (key,) = stored("playlists/")
    monkeypatch.setattr(archives, "_pack", lambda archive: pytest.fail("It is packed already."))
    contents(api, made)
    contents(api, change(made, name="Monday"))
    assert stored("playlists/") == [key]


def test_a_large_one_is_packed_by_the_queue_function(
    api: Studio, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    monkeypatch.setattr(archives, "MOST_BYTES_IN_REQUEST", 10)
    monkeypatch.setattr(waiting, "WAIT_SECONDS", 0.0)
    monkeypatch.setattr(queue, "send", sent.append)
    made = playlist(stage, api.published())
    got = api.get(path(made), user="manager")
    assert (got.status, got.headers["retry-after"]) == (503, "1")
    for _ in range(2):
        media.handle_queue_event(event(*sent))
    assert len(contents(api, made)) == 1
    # Nobody is there to be packed for.
    media.handle_queue_event(event(json.dumps({"archive": {"playlist_id": UNKNOWN}})))


def test_large_files_pass_in_parts(bucket: str, stored: Stored, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects, "_PART_BYTES", 5 * 2**20)
    data = bytes(range(256)) * 4096
    assert objects.put_chunks("large", iter([data] * 12)) == 12 * 2**20
    assert b"".join(objects.chunks("large")) == data * 12
    assert list(objects.chunks("nothing")) == []

    def broken() -> Any:
        yield from [data] * 11
        raise ValueError("cut off")

    with pytest.raises(ValueError, match="cut off"):
        objects.put_chunks("broken", broken())
    assert stored("") == ["large"]


def test_a_lost_object_leaves_the_rest(api: Studio, stage: Stage) -> None:
    first, second = api.published(), api.published("page.pdf", b"%PDF")
    lost = stage.preview(first["id"])["stored"]
    objects.delete([f"{lost['at']}/{generation}/{name}" for name, (generation, _) in lost["files"].items()])
    assert list(contents(api, playlist(stage, second)).values()) == [b"", b"%PDF"]


@pytest.mark.parametrize("how", ["playlist", "production"])
def test_it_goes_with_its_playlist(api: Studio, stage: Stage, stored: Stored, how: str) -> None:
    made = playlist(stage, api.published())
    contents(api, made)
    assert len(stored("playlists/")) == 1
    if how == "playlist":
        assert api.delete(f"/data/playlists/{made.id}", user="manager").status == 204
    else:
        list(productions.clear(stage.project))
    assert stored("playlists/") == []


def test_the_sweep_takes_old_ones(api: Studio, stage: Stage, stored: Stored, monkeypatch: pytest.MonkeyPatch) -> None:
    contents(api, playlist(stage, api.published()))
    orphans.collect(10)
    assert len(stored("playlists/")) == 1
    later = time.time() + orphans.ORPHAN_SECONDS + 60
    monkeypatch.setattr(orphans.time, "time", lambda: later)
    monkeypatch.setattr(orphans, "_PASS_DAYS", -1)
    orphans.collect(10)
    assert (stored("playlists/"), len(stored("previews/"))) == ([], 4)


@pytest.mark.parametrize(
    ("who", "status"), [("supervisor", 200), ("client", 403), ("user", 403), ("vendor", 403), (None, 401)]
)
def test_who_takes_it_along(api: Studio, stage: Stage, who: str | None, status: int) -> None:
    made = playlist(stage)
    assert api.get(path(made), user=who).status == status
    change(made, for_client=True)
    assert api.get(path(made), user="client").status == 200
    assert api.get(f"/data/playlists/{UNKNOWN}/download/zip", user="admin").status == 404
