"""What clients of the event stream say, and what they are answered."""

import datetime
import json
from typing import Any

import pytest

from chalicelib.access import tokens
from chalicelib.domain.live import conversation, sessions
from chalicelib.domain.people import visitor_rate_limit
from chalicelib.records import clock
from chalicelib.records.people import PERSON
from chalicelib.store import json_services, keys, reads, session
from chalicelib.store.transport import Reply
from tests.access.studio import AccessStudio
from tests.client import ADMIN, PASSWORD, Api
from tests.unit.live.client import HANDSHAKE, Client, joined
from tests.unit.live.conftest import Queues


def told(client: Client) -> tuple[str, Any]:
    """The one packet that a client was told: up to its JSON, and that."""
    (packet,) = client.heard()
    head, mark, rest = packet.partition("{")
    return head, json.loads(mark + rest) if mark else None


def test_a_session_has_an_id_that_nobody_guesses_and_a_queue(api: Api, queues: Queues) -> None:
    one, other = Client(api, queues), Client(api, queues)
    assert len({one.id, other.id}) == 2
    assert all(len(client.id) == 22 for client in (one, other))
    assert queues.has(one.id)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({}, 0),
        ({"EIO": "4"}, 0),
        ({"EIO": "4", "transport": "websocket"}, 0),
        ({"transport": "polling"}, 5),
        ({"EIO": "3", "transport": "polling"}, 5),
        ({"EIO": "4", "transport": "polling", "sid": "x/../y"}, 1),
    ],
)
def test_a_handshake_that_is_none_is_refused_as_engine_io_does(
    api: Api, queues: Queues, query: dict[str, str], code: int
) -> None:
    messages = {0: "Transport unknown", 1: "Session ID unknown", 5: "Unsupported protocol version"}
    answered = api.get("/live", query, user=None)
    assert answered.status == 400
    assert (answered["code"], answered["message"]) == (code, messages[code])
    assert len(queues) == 0


def test_a_session_begins_with_a_get(api: Api, queues: Queues) -> None:
    for method in ("HEAD", "POST"):
        assert api.call(method, "/live", params=HANDSHAKE, user=None).status == 400
    assert len(queues) == 0


@pytest.mark.parametrize("session_id", ["A" * 22, "A", "A" * 500, "../x", "é", "a b"])
def test_an_unknown_session_is_told_so(api: Api, queues: Queues, session_id: str) -> None:
    answered = api.post("/live", raw=b"3", params={**HANDSHAKE, "sid": session_id}, user=None)
    assert (answered.status, answered["code"], answered["message"]) == (400, 1, "Session ID unknown")


def test_waiting_is_the_gateways(api: Api) -> None:
    answered = api.get(f"/live/{'A' * 22}", HANDSHAKE, user=None)
    assert answered.status == 405


def test_both_namespaces_of_gazu_are_joined_by_the_header_of_the_handshake(api: Api, queues: Queues) -> None:
    client = Client(api, queues, api.tokens["admin"])
    assert client.say("40", "40/events,").content == b"ok"
    first, second = client.heard()
    assert first.startswith('40{"sid":"')
    assert second.startswith('40/events,{"sid":"')


def test_the_token_may_come_with_the_packet_the_request_or_the_cookie(api: Api, queues: Queues) -> None:
    token = api.tokens["admin"]
    by_packet, by_header, by_cookie = (Client(api, queues) for _ in range(3))
    by_packet.say(f'40/events,{{"token":"{token}"}}')
    by_header.say("40/events,", token=token)
    by_cookie.say("40/events,", headers={"Cookie": f"access_token_cookie={token}"})
    at_the_handshake = Client(api, queues, Cookie=f"access_token_cookie={token}")
    at_the_handshake.say("40/events,")
    for client in (by_packet, by_header, by_cookie, at_the_handshake):
        assert told(client)[0] == "40/events,"


def test_what_the_packet_says_counts_before_what_came_earlier(api: Api, queues: Queues, world: AccessStudio) -> None:
    client = Client(api, queues, api.tokens["admin"])
    client.say(f'40/events,{{"token":"Bearer {api.tokens["artist"]}"}}')
    found = sessions.find(client.id)
    assert found is not None
    assert found.claims is not None
    assert found.claims.person_id == world.people["artist"].id


def test_who_brings_no_good_token_is_told_what_is_wrong(
    api: Api, queues: Queues, monkeypatch: pytest.MonkeyPatch
) -> None:
    long_ago = clock.moment() - datetime.timedelta(days=30)
    with monkeypatch.context() as patch:
        patch.setattr("time.time", long_ago.timestamp)
        expired = tokens.issue(reads.get(PERSON, api.people["admin"]["id"]))
    for token, why in (
        (None, "You are not signed in."),
        ("x", "This is not a valid token."),
        (expired, "Signature has expired"),
    ):
        client = Client(api, queues, token)
        assert client.say("40/events,").status == 200
        assert told(client) == ("44/events,", {"message": why})
        # The rest of the session goes on, and it may try again.
        client.say(f'40/events,{{"token":"{api.tokens["admin"]}"}}')
        assert told(client)[0] == "40/events,"


def test_a_token_that_was_logged_out_of_opens_nothing(api: Api, queues: Queues) -> None:
    client = Client(api, queues, api.tokens["admin"])
    assert api.get("/auth/logout").status == 200
    client.say("40/events,")
    assert told(client) == ("44/events,", {"message": "This token is no longer valid."})


def test_other_namespaces_are_not_there(api: Api, queues: Queues) -> None:
    client = Client(api, queues, api.tokens["admin"])
    client.say("40/other,")
    assert told(client) == ("44/other,", {"message": "Invalid namespace"})


@pytest.mark.parametrize("said", [b"bAQID", b'451-["x",{"_placeholder":true,"num":0}]', b"\xff", b"hello"])
def test_binary_data_and_what_is_no_payload_is_refused(api: Api, queues: Queues, said: bytes) -> None:
    client = joined(api, queues, "admin")
    query = {**HANDSHAKE, "sid": client.id}
    answered = api.post(
        "/live", raw=said, params=query, user=None, headers={"Content-Type": "application/octet-stream"}
    )
    assert (answered.status, answered["code"], answered["message"]) == (400, 3, "Bad request")
    assert client.say("3").status == 200


def test_a_payload_has_a_limit(api: Api, queues: Queues) -> None:
    client = joined(api, queues, "admin")
    assert client.say("42/events," + json.dumps(["x", "y" * 1_000_000])).status == 413
    assert client.say("42/events," + json.dumps(["x", "y" * 900_000])).status == 200


def test_an_event_is_acknowledged_where_somebody_waits_for_that(api: Api, queues: Queues) -> None:
    client = joined(api, queues, "admin")
    client.say('42/events,5["anything",{}]', '42/events,["anything",{}]')
    assert client.heard() == ["43/events,5[]"]


def test_who_closes_is_answered_and_gone(api: Api, queues: Queues) -> None:
    client = joined(api, queues, "admin")
    assert client.say("41/events,", "1").status == 200
    assert client.heard() == ["6"]
    assert client.say("3")["code"] == 1
    assert sessions.listening()[0] == []


def test_who_leaves_the_namespace_may_come_back(api: Api, queues: Queues) -> None:
    client = joined(api, queues, "admin")
    client.say("41/events,")
    assert sessions.listening()[0] == []
    client.say("40/events,")
    assert [one.id for one in sessions.listening()[0]] == [client.id]


def test_a_queue_that_is_not_there_yet_is_waited_for(api: Api, queues: Queues, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client(api, queues, api.tokens["admin"])
    kept, attempts = queues.send, []

    def late(*asked: Any) -> Any:
        attempts.append(asked)
        return (
            kept(*asked) if len(attempts) > 2 else Reply(400, b'{"__type": "com.amazonaws.sqs#QueueDoesNotExist"}', b"")
        )

    monkeypatch.setattr(json_services, "send", late)
    assert client.say("40/events,").status == 200
    assert (told(client)[0], len(attempts)) == ("40/events,", 3)


def test_a_session_whose_queue_is_gone_is_over(api: Api, queues: Queues, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversation, "_SECONDS_FOR_A_NEW_QUEUE", 0.01)
    client = joined(api, queues, "admin")
    queues.drop()
    assert client.say("40/events,")["code"] == 1
    assert sessions.listening()[0] == []


def test_a_sign_of_life_is_noted_once_a_minute(api: Api, queues: Queues, monkeypatch: pytest.MonkeyPatch) -> None:
    client = joined(api, queues, "admin")
    marks = []
    for seconds in (60, 60, 0):
        monkeypatch.setattr(conversation, "_FRESH_SECONDS", seconds)
        client.say("3")
        found = sessions.find(client.id)
        assert found is not None
        marks.append(found.seen)
    assert marks[0] == marks[1] < marks[2]


def test_strangers_open_so_many_sessions_and_no_more(api: Api, queues: Queues, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(visitor_rate_limit.MOST_FAILURES, "event stream", 2)  # type: ignore[arg-type]
    Client(api, queues)
    Client(api, queues)
    assert api.get("/live", HANDSHAKE, user=None).status == 429
    # Who brings a token is no stranger.
    Client(api, queues, api.tokens["admin"])


def test_a_queue_that_is_not_to_be_had_is_no_session(api: Api, queues: Queues, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.store.sqs._SECONDS", 0.05)
    queues.silent = True
    assert api.get("/live", HANDSHAKE, user=None).status == 503
    # By what is left of it the schedule finds a queue that was made after all.
    assert len(reads.rows(keys.WAITING)) == 1


def test_the_cost_of_opening_and_joining(api: Api, queues: Queues) -> None:
    from app import app

    # The people are held by then.
    joined(api, queues, "artist")
    queues.asked.clear()
    seen: list[session.Session] = []
    around = app._around
    app._around = lambda: _kept(around(), seen)
    try:
        client = Client(api, queues, api.tokens["artist"])
        client.say("40", "40/events,")
    finally:
        app._around = around
    assert [one.calls for one in seen] == [
        {"TransactWriteItems": 1},
        {"BatchGetItem": 2, "TransactWriteItems": 1},
    ]
    assert queues.asked == ["CreateQueue", "SendMessage"]


def _kept(manager: Any, seen: list[session.Session]) -> Any:
    class Kept:
        def __enter__(self) -> Any:
            seen.append(manager.__enter__())

        def __exit__(self, *problem: Any) -> Any:
            return manager.__exit__(*problem)

    return Kept()


def test_signing_in_again_is_needed_for_nothing(api: Api, queues: Queues) -> None:
    """A token that a script got a moment ago does, and so does a second one of the same person."""
    api.sign_in(ADMIN, PASSWORD, "again")
    assert joined(api, queues, "again").id != joined(api, queues, "admin").id
