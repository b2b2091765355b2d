"""The schedule: who is asked for a sign of life, and who is cleared away."""

import pytest

from chalicelib.domain.live import sessions, upkeep
from chalicelib.functions import live
from chalicelib.store import keys, reads, session
from tests.access.studio import AccessStudio
from tests.client import Api
from tests.unit.live.client import Client, joined
from tests.unit.live.conftest import Queues


def pass_by(monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    """Lets so much time pass, as far as the schedule sees it."""
    monkeypatch.setattr(upkeep, "SILENT_SECONDS", upkeep.SILENT_SECONDS - seconds)
    monkeypatch.setattr(upkeep, "_FAREWELL_SECONDS", upkeep._FAREWELL_SECONDS - seconds)


def items() -> int:
    """How many items there are of sessions, and of tokens that were logged out of."""
    return sum(len(page) for pk in (keys.LISTENING, keys.WAITING) for page in reads.pages(pk))


def test_everybody_is_asked(api: Api, queues: Queues) -> None:
    clients = [joined(api, queues, "admin"), joined(api, queues, "artist"), Client(api, queues)]
    live.look_after()
    assert [client.heard() for client in clients] == [["2"], ["2"], ["2"]]
    assert all(client.say("3").status == 200 for client in clients)


def test_the_silent_are_removed_with_their_queues(api: Api, queues: Queues, monkeypatch: pytest.MonkeyPatch) -> None:
    gone, stranger = joined(api, queues, "admin"), Client(api, queues)
    pass_by(monkeypatch, 600)
    assert upkeep.look_after() == 0
    assert (len(queues), items()) == (0, 0)
    assert all(client.say("3")["code"] == 1 for client in (gone, stranger))


def test_what_is_over_stays_for_a_moment(api: Api, queues: Queues, monkeypatch: pytest.MonkeyPatch) -> None:
    client = joined(api, queues, "admin")
    client.say("1")
    assert upkeep.look_after() == 0
    assert client.heard() == ["6"]
    pass_by(monkeypatch, 60)
    upkeep.look_after()
    assert (len(queues), items()) == (0, 0)


def test_it_ends_what_no_event_has_ended(api: Api, queues: Queues, monkeypatch: pytest.MonkeyPatch) -> None:
    client, other = joined(api, queues, "artist"), joined(api, queues, "admin")
    assert api.get("/auth/logout", user="artist").status == 200
    assert upkeep.look_after() == 1
    assert client.heard() == ["1"]
    assert other.heard() == ["2"]
    pass_by(monkeypatch, 60)
    upkeep.look_after()
    # The mark of the token is gone with the session.
    assert (len(queues), items()) == (1, 1)


def test_a_queue_that_cannot_be_removed_is_tried_again(
    api: Api, queues: Queues, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.store.sqs._SECONDS", 0.05)
    joined(api, queues, "admin")
    pass_by(monkeypatch, 600)
    queues.silent = True
    upkeep.look_after()
    assert (len(queues), items()) == (1, 1)
    queues.silent = False
    upkeep.look_after()
    assert (len(queues), items()) == (0, 0)


def test_what_a_function_left_undone_is_cleared_away(api: Api, queues: Queues, monkeypatch: pytest.MonkeyPatch) -> None:
    """A session whose queue never came to be, and one whose queue is gone already."""
    monkeypatch.setattr("chalicelib.store.sqs._SECONDS", 0.05)
    joined(api, queues, "admin")
    queues.drop()
    queues.silent = True
    api.get("/live", {"EIO": "4", "transport": "polling"}, user=None)
    queues.silent = False
    pass_by(monkeypatch, 600)
    upkeep.look_after()
    assert items() == 0


def test_who_vanishes_leaves_the_review_room(
    api: Api, queues: Queues, world: AccessStudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    playlist = {"playlist_id": world.mine.records["playlist"].id}
    gone, other = joined(api, queues, "manager"), joined(api, queues, "artist")
    for client in (gone, other):
        client.say(f'42/events,["preview-room:join",{{"playlist_id":"{playlist["playlist_id"]}"}}]')
    assert [len(data["people"]) for name, data in other.events() if name.endswith("room-people-updated")] == [2]
    found = sessions.find(gone.id)
    assert found is not None
    upkeep._remove(found)
    assert [data["people"] for _, data in other.events()] == [[world.people["artist"].id]]


def test_what_it_costs(api: Api, queues: Queues) -> None:
    for name in ("admin", "artist", "manager"):
        joined(api, queues, name)
    queues.asked.clear()
    with session.opened() as cost:
        upkeep.look_after()
    assert queues.asked == ["SendMessage"] * 3
    assert {"Query": 2, "GetItem": 1}.items() <= cost.calls.items()
    assert cost.calls["Query"] <= 3
