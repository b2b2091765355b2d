"""Review rooms: who hears what of whom (docs/live-rooms.md)."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib.access.tokens import Claims
from chalicelib.domain.live import rooms
from chalicelib.domain.live.rooms import PEOPLE, STATE, Message
from chalicelib.records import clock
from chalicelib.store import keys, reads, session
from tests.access.studio import AccessStudio
from tests.unit.tasks.stage import change


@dataclass(frozen=True)
class Tab:
    """A browser tab of somebody."""

    id: str
    claims: Claims | None


class Review:
    """People at the playlist of a production."""

    def __init__(self, world: AccessStudio) -> None:
        self.world = world
        self.playlist_id = world.mine.records["playlist"].id

    def tab(self, name: str, number: int = 1) -> Tab:
        return Tab(f"{name} {number}", Claims(self.world.people[name].id, "token", "person", None))

    def says(self, who: Tab | str, verb: str, **data: Any) -> list[Message]:
        tab = self.tab(who) if isinstance(who, str) else who
        return rooms.take(tab, f"preview-room:{verb}", {"playlist_id": self.playlist_id, **data})

    def people(self, *names: str) -> list[str]:
        return [self.world.people[name].id for name in names]


@pytest.fixture
def review(world: AccessStudio) -> Review:
    return Review(world)


def to(messages: list[Message], name: str) -> dict[str, dict[str, Any]]:
    """What each session hears under a name."""
    return {one.session_id: one.data for one in messages if one.name == name}


def is_there() -> bool:
    return bool(reads.rows(keys.LIVE_ROOMS))


def test_who_opens_a_playlist_hears_who_is_in_the_room(review: Review) -> None:
    (told,) = review.says("manager", "open-playlist")
    assert told == Message(
        "manager 1", PEOPLE, {"playlist_id": review.playlist_id, "id": review.playlist_id, "people": []}
    )
    heard = to(review.says("artist", "join"), PEOPLE)
    assert {one: data["people"] for one, data in heard.items()} == dict.fromkeys(
        ["artist 1", "manager 1"], review.people("artist")
    )


def test_the_first_one_says_what_is_shown(review: Review) -> None:
    review.says("manager", "join", current_frame=12, is_playing=False)
    shown = to(review.says("artist", "join", current_frame=99), STATE)
    assert list(shown) == ["artist 1"]
    assert shown["artist 1"] == {
        "playlist_id": review.playlist_id,
        "id": review.playlist_id,
        "people": review.people("manager", "artist"),
        "current_frame": 12,
        "is_playing": False,
    }


def test_what_changes_is_laid_over_what_is_shown_and_told_to_all(review: Review) -> None:
    review.says("manager", "join", current_frame=12, is_playing=False)
    review.says("artist", "join")
    review.says("leader", "open-playlist")
    shown = to(review.says("artist", "room-updated", is_playing=True), STATE)
    assert set(shown) == {"manager 1", "artist 1"}
    assert (shown["manager 1"]["current_frame"], shown["manager 1"]["is_playing"]) == (12, True)


@pytest.mark.parametrize("verb", rooms.REPEATED)
def test_what_one_says_all_hear_as_it_was_said(review: Review, verb: str) -> None:
    for name in ("manager", "artist", "client"):
        review.says(name, "join")
    said = {"preview_file_id": "some", "data": {"x": [1, 2.5]}}
    heard = to(review.says("client", verb, **said), f"preview-room:{verb}")
    assert set(heard) == {"manager 1", "artist 1", "client 1"}
    assert all(data == {"playlist_id": review.playlist_id, **said} for data in heard.values())


@pytest.mark.parametrize("verb", [*rooms.REPEATED, "room-updated", "leave", "close-playlist"])
def test_who_is_not_in_the_room_says_nothing_there(review: Review, verb: str) -> None:
    review.says("manager", "join", current_frame=1)
    review.says("artist", "open-playlist")
    heard = [one for one in review.says("artist", verb, current_frame=2) if one.name != PEOPLE]
    assert heard == []
    assert to(review.says("client", "join"), STATE)["client 1"]["current_frame"] == 1


def test_a_room_without_people_is_forgotten(review: Review) -> None:
    review.says("manager", "join", current_frame=12)
    review.says("manager", "leave")
    assert not is_there()
    assert "current_frame" not in to(review.says("artist", "join"), STATE)["artist 1"]


def test_who_leaves_goes_on_to_hear_while_the_playlist_is_open(review: Review) -> None:
    review.says("manager", "open-playlist")
    review.says("manager", "join", current_frame=12)
    assert to(review.says("manager", "leave"), PEOPLE)["manager 1"]["people"] == []
    assert is_there()
    assert set(to(review.says("artist", "join"), PEOPLE)) == {"artist 1", "manager 1"}
    review.says("manager", "close-playlist")
    assert set(to(review.says("artist", "leave"), PEOPLE)) == set()


def test_somebody_with_two_tabs_is_one_person(review: Review) -> None:
    first, second = review.tab("manager"), review.tab("manager", 2)
    for tab in (first, second):
        review.says(tab, "join")
    heard = to(review.says("artist", "join"), PEOPLE)
    assert set(heard) == {"manager 1", "manager 2", "artist 1"}
    assert heard["artist 1"]["people"] == review.people("manager", "artist")
    assert to(review.says(first, "leave"), PEOPLE)["artist 1"]["people"] == review.people("manager", "artist")
    assert to(review.says(second, "leave"), PEOPLE)["artist 1"]["people"] == review.people("artist")


def test_who_vanishes_leaves_all_rooms(review: Review) -> None:
    review.says("manager", "join")
    review.says("artist", "join")
    assert to(rooms.left(review.tab("artist")), PEOPLE) == {
        "manager 1": {
            "playlist_id": review.playlist_id,
            "id": review.playlist_id,
            "people": review.people("manager"),
        }
    }
    assert rooms.left(review.tab("artist")) == []
    assert rooms.left(review.tab("manager")) == []
    assert not is_there()


@pytest.mark.parametrize("name", ["vendor", "hired", "inactive"])
def test_who_may_not_see_the_playlist_does_not_get_in(review: Review, name: str) -> None:
    review.says("manager", "join")
    for verb in ("open-playlist", "join", "room-updated", "add-annotation"):
        assert review.says(name, verb) == []


def test_the_playlist_of_another_production_is_closed(review: Review) -> None:
    review.playlist_id = review.world.theirs.records["playlist"].id
    assert review.says("manager", "join") == []
    assert review.says("admin", "join") != []


def test_clients_are_shown_what_is_for_them(review: Review) -> None:
    change(review.world.mine.records["playlist"], for_client=False)
    assert review.says("client", "join") == []


def test_who_is_taken_out_of_the_team_hears_nothing_more(review: Review) -> None:
    for name in ("manager", "artist"):
        review.says(name, "join")
    project = review.world.mine.project
    change(project, team=[one for one in project["team"] if one != review.world.people["artist"].id])
    assert set(to(review.says("manager", "add-annotation"), "preview-room:add-annotation")) == {"manager 1"}
    assert review.says("artist", "add-annotation") == []
    assert to(review.says("manager", "room-updated", x=1), STATE)["manager 1"]["people"] == review.people("manager")


@pytest.mark.parametrize("data", [None, [], "x", {}, {"playlist_id": 7}, {"playlist_id": "x"}])
def test_what_names_no_playlist_is_nothing(review: Review, data: Any) -> None:
    assert rooms.take(review.tab("manager"), "preview-room:join", data) == []


def test_what_is_too_large_is_nothing(review: Review) -> None:
    assert review.says("manager", "join", text="x" * 70_000) == []
    assert not is_there()


def test_nobody_and_unknown_words_are_nothing(review: Review) -> None:
    assert review.says(Tab("stranger", None), "join") == []
    assert review.says("manager", "shout") == []


def test_all_who_join_at_once_are_in_the_room(review: Review) -> None:
    names = ["admin", "manager", "supervisor", "leader", "artist", "assigned", "client", "mate"]

    def join(name: str) -> list[Message]:
        with session.opened():
            return review.says(name, "join", first=name)

    with ThreadPoolExecutor(len(names)) as pool:
        told = list(pool.map(join, names))
    shown = {data["first"] for messages in told for data in to(messages, STATE).values()}
    assert len(shown) == 1
    people = to(review.says("manager", "room-updated"), STATE)["manager 1"]["people"]
    assert sorted(people) == sorted(review.people(*names))


def test_a_room_that_time_has_ended_is_a_new_one(review: Review, monkeypatch: pytest.MonkeyPatch) -> None:
    review.says("manager", "join", current_frame=12)
    later = clock.shift(clock.now(), hours=13)
    monkeypatch.setattr(rooms.clock, "now", lambda: later)
    joined = review.says("artist", "join")
    assert to(joined, PEOPLE)["artist 1"]["people"] == review.people("artist")
    assert "current_frame" not in to(joined, STATE)["artist 1"]


def test_what_it_costs(review: Review) -> None:
    review.says("manager", "join")
    review.says("artist", "join")
    for verb, most in (("panzoom-changed", 2), ("room-updated", 4), ("join", 5)):
        with session.opened() as here:
            review.says("artist", verb)
        assert here.call_count <= most, (verb, here.calls)
