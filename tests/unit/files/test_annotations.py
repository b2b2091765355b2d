"""Drawings on previews (docs/contract/files.md 6.6)."""

import threading
from typing import Any

import pytest

from chalicelib.domain.files.annotations import merged
from chalicelib.store import session
from tests.unit.files.conftest import UNKNOWN, Stage, Studio, change

LINE = {"id": "line", "stroke": "#F00"}
CIRCLE = {"id": "circle", "radius": 4}


def at(time: float, *objects: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"time": time, "drawing": {"objects": list(objects)}, **more}


def ids(drawn: list[dict[str, Any]]) -> dict[float, list[str]]:
    return {one["time"]: [item["id"] for item in one["drawing"]["objects"]] for one in drawn}


def test_a_new_time_is_kept_with_everything_in_it() -> None:
    assert merged([], [at(0, LINE, width=640)], [], []) == [at(0, LINE, width=640)]


def test_at_a_known_time_only_new_objects_are_added() -> None:
    drawn = merged([at(0, LINE, width=640)], [at(0, {**LINE, "stroke": "#00F"}, CIRCLE, width=1)], [], [])
    assert drawn == [at(0, LINE, CIRCLE, width=640)]


def test_objects_without_an_id_get_one() -> None:
    (drawn,) = merged([], [at(4, {"type": "rect"}, {"type": "rect", "id": ""})], [], [])
    given = [item["id"] for item in drawn["drawing"]["objects"]]
    assert len(set(given)) == 2
    assert all(len(one) == 36 for one in given)


def test_updates_replace_what_is_there_and_move_it_to_the_end() -> None:
    changed = {**LINE, "stroke": "#0F0"}
    drawn = merged([at(0, LINE, CIRCLE)], [], [at(0, changed, {"id": "unknown"}), at(9, LINE)], [])
    assert drawn == [at(0, CIRCLE, changed)]


def test_deletions_come_last_and_empty_times_go() -> None:
    gone = [{"time": 0, "objects": ["line", "unknown"]}, {"time": 9, "objects": ["line"]}]
    assert merged([at(0, LINE)], [at(2, CIRCLE)], [], gone) == [at(2, CIRCLE)]
    assert merged([], [at(3)], [], []) == []


def test_what_is_given_is_not_changed() -> None:
    kept = [at(0, LINE)]
    merged(kept, [at(0, CIRCLE)], [at(0, {**LINE, "x": 1})], [{"time": 0, "objects": ["line"]}])
    assert kept == [at(0, LINE)]


@pytest.fixture
def path(api: Studio) -> str:
    return f"/actions/preview-files/{api.slot()['id']}/update-annotations"


def test_drawings_are_kept_and_told(api: Studio, stage: Stage, path: str) -> None:
    got = api.put(path, {"additions": [at(0, LINE)]}, user="client")
    assert (got.status, got["annotations"]) == (200, [at(0, LINE)])
    (told,) = stage.events("preview-file:annotation-update")
    assert told["data"] == {
        "preview_file_id": got["id"],
        "person_id": stage.people["client"].id,
        "updated_at": got["updated_at"],
        "project_id": stage.project.id,
    }


def test_nothing_drawn_is_an_empty_list(api: Studio, path: str) -> None:
    assert api.put(path, {})["annotations"] == []


def test_what_a_generic_write_left_there_does_no_harm(api: Studio, stage: Stage, path: str) -> None:
    change(stage.preview(path.split("/")[3]), annotations=["nonsense", {"drawing": {}, "time": 0}])
    assert api.put(path, {"additions": [at(1, LINE)]})["annotations"] == [at(1, LINE)]


@pytest.mark.parametrize(
    "body",
    [
        {"additions": {}},
        {"additions": ["x"]},
        {"additions": [{"drawing": {"objects": []}}]},
        {"additions": [{"time": "0", "drawing": {}}]},
        {"updates": [{"time": 0, "drawing": {"objects": ["x"]}}]},
        {"deletions": [{"time": 0}]},
    ],
)
def test_what_is_no_drawing_is_refused(api: Studio, path: str, body: dict[str, Any]) -> None:
    assert api.put(path, body).status == 400


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("manager", 200),
        ("supervisor", 200),
        ("client", 200),
        ("user", 403),
        ("vendor", 403),
        ("stranger", 403),
        (None, 401),
    ],
)
def test_who_may_draw(api: Studio, path: str, who: str | None, status: int) -> None:
    assert api.put(path, {"additions": [at(0, LINE)]}, user=who).status == status


def test_an_unknown_preview_is_not_found(api: Studio) -> None:
    assert api.put(f"/actions/preview-files/{UNKNOWN}/update-annotations", {}).status == 404


def test_people_who_draw_at_once_lose_nothing(api: Studio, stage: Stage, path: str) -> None:
    def draw(name: str) -> None:
        with session.opened():
            assert api.put(path, {"additions": [at(0, {"id": name})]}).status == 200

    threads = [threading.Thread(target=draw, args=(f"stroke-{number}",)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    drawn = stage.preview(path.split("/")[3])["annotations"]
    assert sorted(ids(drawn)[0]) == [f"stroke-{number}" for number in range(5)]
