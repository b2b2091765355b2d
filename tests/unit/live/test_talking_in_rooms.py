"""What clients say in review rooms reaches the others, by way of their sessions (domain/live/rooms.py)."""

import json
from typing import Any

from tests.access.studio import AccessStudio
from tests.client import Api
from tests.unit.live.client import Client, joined
from tests.unit.live.conftest import Queues


def say(client: Client, verb: str, world: AccessStudio, **data: Any) -> None:
    told = json.dumps([f"preview-room:{verb}", {"playlist_id": world.mine.records["playlist"].id, **data}])
    assert client.say(f"42/events,{told}").status == 200


def names(client: Client) -> list[str]:
    return [name.removeprefix("preview-room:") for name, _ in client.events()]


def test_what_one_says_the_others_hear(api: Api, queues: Queues, world: AccessStudio) -> None:
    one, other = joined(api, queues, "manager"), joined(api, queues, "artist")
    say(one, "join", world, current_frame=1)
    say(other, "join", world)
    assert names(one) == ["room-people-updated", "room-updated", "room-people-updated"]
    assert names(other) == ["room-people-updated", "room-updated"]
    say(one, "panzoom-changed", world, x=1)
    ((name, data),) = other.events()
    assert (name, data["x"]) == ("preview-room:panzoom-changed", 1)


def test_who_closes_the_connection_has_left(api: Api, queues: Queues, world: AccessStudio) -> None:
    one, other = joined(api, queues, "manager"), joined(api, queues, "artist")
    for client in (one, other):
        say(client, "join", world)
    other.heard()
    one.say("1")
    assert [data["people"] for _, data in other.events()] == [[world.people["artist"].id]]


def test_who_has_not_joined_the_events_says_nothing(api: Api, queues: Queues, world: AccessStudio) -> None:
    silent, other = Client(api, queues, api.tokens["manager"]), joined(api, queues, "artist")
    say(other, "join", world)
    other.heard()
    say(silent, "join", world)
    assert (silent.heard(), other.heard()) == ([], [])


def test_who_logged_out_says_nothing_more(api: Api, queues: Queues, world: AccessStudio) -> None:
    one, other = joined(api, queues, "manager"), joined(api, queues, "artist")
    for client in (one, other):
        say(client, "join", world)
    assert api.get("/auth/logout", user="manager").status == 200
    one.heard(), other.heard()
    say(one, "panzoom-changed", world, x=1)
    assert one.heard() == ["1"]
    # They hear that the one has left, and nothing of what it said.
    assert names(other) == ["room-people-updated"]
