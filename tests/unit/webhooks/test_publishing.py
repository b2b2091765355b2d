"""From an event to a message that was taken."""

import contextlib
import json
from typing import Any

import pytest

from chalicelib.domain.webhooks import publishing
from chalicelib.domain.webhooks.patterns import matches
from chalicelib.errors import Unavailable
from chalicelib.events.journal import emit
from chalicelib.functions import outbox as function
from chalicelib.functions import stream
from chalicelib.store import outbox, session
from chalicelib.store.changes import write
from chalicelib.store.stream import changes_in, come_again
from tests.unit.outbox.conftest import Later
from tests.unit.webhooks.conftest import Studio, added


def test_an_event_arrives_as_the_journal_has_it(studio: Studio) -> None:
    webhook = studio.register(name="AYON")
    project_id = studio.production("Caminandes")
    studio.carry()
    studio.send()
    told = {one.json["name"]: one for one in studio.receiver.requests}
    got = told["project:new"]
    journal = {one["id"]: one for one in studio.api.get("/data/events/last").json}
    body = got.json
    assert {name: body[name] for name in ("id", "created_at", "name", "user_id", "data")} == journal[body["id"]]
    assert body["project_id"] == body["data"]["project_id"] == project_id
    assert (body["type"], body["timestamp"]) == ("project:new", body["created_at"] + "Z")
    assert (got.headers["webhook-id"], got.headers["content-type"]) == (body["id"], "application/json")
    listed = studio.deliveries(webhook)
    assert {one["status"] for one in listed} == {"delivered"}
    assert [one["id"] for one in listed if one["name"] == "project:new"] == [body["id"]]


def test_a_webhook_gets_what_it_is_for(studio: Studio) -> None:
    here, there = studio.production("Here"), studio.production("There")
    studio.events()
    everything_ = studio.register()
    of_one = studio.register(project_id=here)
    of_types = studio.register(events=["task-type:*", "*:delete"])
    off = studio.register(active=False)
    studio.events()
    for project_id in (here, there):
        assert studio.api.put(f"/data/projects/{project_id}", {"description": "Words"}).status == 200
    assert studio.api.post("/data/task-types", {"name": "Grooming"}).status == 201
    studio.carry()
    studio.send()
    names = {hook["id"]: sorted(one["name"] for one in studio.deliveries(hook)) for hook in (everything_, of_one)}
    assert names[of_one["id"]] == ["project:update"]
    assert names[everything_["id"]] == ["project:update", "project:update", "task-type:new"]
    assert [one["name"] for one in studio.deliveries(of_types)] == ["task-type:new"]
    assert studio.deliveries(off) == []


@pytest.mark.parametrize(
    ("pattern", "name", "fits"),
    [
        ("*", "task:new", True), ("*:*", "task:new", True), ("task:*", "task:status-changed", True),
        ("task:*", "task-type:new", False), ("*:new", "asset:new", True), ("*:new", "asset:new-link", False),
        ("task:new", "task:new", True), ("task:new", "task:update", False),
    ],
)  # fmt: skip
def test_patterns(pattern: str, name: str, fits: bool) -> None:
    assert matches(["chat:joined", pattern], name) is fits


def test_what_is_for_one_person_is_for_no_webhook(studio: Studio) -> None:
    studio.register()
    studio.events()
    with session.opened():
        publishing.publish([{"id": "x", "name": "notification:new", "created_at": "2026-11-27T10:00:00", "data": {}}])
    assert studio.wakes == []


def test_without_webhooks_nothing_is_asked(studio: Studio) -> None:
    studio.production("Caminandes")
    events = [dict(one) for one in studio.events()]
    with session.opened():
        publishing.publish(events)
        with session.opened() as cost:
            publishing.publish(events)
    assert cost.calls == {"GetItem": 1}  # the stamp of the reference data, which listeners need as well


def test_what_publishing_costs(studio: Studio) -> None:
    studio.register()
    studio.register()
    for number in range(8):
        studio.production(f"P{number}")
    events = [dict(one) for one in studio.events()]
    with session.opened() as cost:
        publishing.publish(events)
    assert len(events) == 10
    assert cost.calls == {"GetItem": 1, "Query": 1, "BatchGetItem": 1, "BatchWriteItem": 1}
    assert len(studio.wakes) == 2


def test_an_event_that_comes_again_is_not_sent_again(studio: Studio) -> None:
    studio.register()
    events = studio.carry()
    studio.send()
    studio.carry(events)
    studio.send()
    assert len(studio.receiver.requests) == len(events) == 1


@pytest.mark.parametrize("problem", [Unavailable("The queue takes nothing."), SystemExit()])
def test_a_stream_function_that_wakes_nobody_loses_nothing(
    studio: Studio, monkeypatch: pytest.MonkeyPatch, problem: BaseException
) -> None:
    """The messages stand in the table: the sweep finds them. A queue that does not answer holds up no event."""
    studio.register()
    events = studio.events()

    def away(destination: str, at: str = "") -> None:
        raise problem

    with monkeypatch.context() as patch, contextlib.suppress(SystemExit):
        patch.setattr(outbox, "wake", away)
        studio.carry(events)
    assert (studio.wakes, studio.receiver.requests) == ([], [])
    with session.opened():
        function.wake_left()
    studio.send()
    assert len(studio.receiver.requests) == 1
    studio.carry(events)
    studio.send()
    assert len(studio.receiver.requests) == 1


def test_a_queue_function_that_dies_sends_again_under_the_same_id(
    studio: Studio, monkeypatch: pytest.MonkeyPatch, later: Later
) -> None:
    webhook = studio.register()
    studio.carry()
    woken = list(studio.wakes)

    def die(messages: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "save", die)
        patch.setattr(outbox.Turn, "give_up", lambda self: None)
        with pytest.raises(SystemExit):
            studio.send()
    assert studio.deliveries(webhook)[0]["status"] == "pending"
    later(26)
    studio.wakes.extend(woken)
    studio.send()
    first, second = studio.receiver.requests
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert studio.deliveries(webhook)[0]["status"] == "delivered"


def test_a_stream_that_cannot_tell_webhooks_still_tells_the_rest(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio.register()
    heard: list[str] = []
    monkeypatch.setattr(stream, "LISTENERS", {"webhook:new": lambda event: heard.append(event["name"])})
    monkeypatch.setattr(publishing, "publish", lambda events: 1 / 0)
    batch = {"Records": [added(one, number) for number, one in enumerate(studio.events())]}
    with session.opened():
        assert stream.handle(batch) == come_again(changes_in(batch))
    assert heard == ["webhook:new"]


def test_of_a_huge_event_the_ids_are_told(studio: Studio) -> None:
    webhook = studio.register(events=["preview-file:annotation-update"])
    studio.events()
    with session.opened():
        big = [{"time": 1, "drawing": {"objects": ["x" * 70_000]}}]
        write(lambda changes: emit(changes, "preview-file:annotation-update", preview_file_id="abc", annotations=big))
    studio.carry()
    studio.send()
    (delivery,) = studio.deliveries(webhook)
    body = studio.api.get(f"/data/webhooks/{webhook['id']}/deliveries/{delivery['id']}")["body"]
    assert (body["data"], body["is_cut"]) == ({"preview_file_id": "abc"}, True)
    assert studio.receiver.requests[-1].json == body
    assert len(json.dumps(body)) < 1000
