"""Signatures, receivers that mean harm, and those that nobody hears of any more."""

import base64
import hashlib
import hmac
import socket
import time
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.domain.webhooks import delivery
from chalicelib.outgoing import addresses, requests
from chalicelib.store import session
from chalicelib.store.outbox import Turn
from tests.receiver import Received, Receiver, answering, drip, flood
from tests.unit.outbox.conftest import Later
from tests.unit.people.conftest import PostOffice, post
from tests.unit.webhooks.conftest import Studio

__all__ = ["post"]


def signature(secret: str, got: Received) -> str:
    """What the receiver computes, by the words of Standard Webhooks."""
    signed = f"{got.headers['webhook-id']}.{got.headers['webhook-timestamp']}.".encode() + got.body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def tried(studio: Studio, webhook: dict[str, Any]) -> dict[str, Any]:
    """What came of one message to a webhook."""
    asked = studio.api.post(f"/actions/webhooks/{webhook['id']}/test").json
    studio.send()
    found: dict[str, Any] = studio.api.get(f"/data/webhooks/{webhook['id']}/deliveries/{asked['id']}").json
    return found


def test_each_attempt_is_signed(studio: Studio) -> None:
    webhook = studio.register()
    tried(studio, webhook)
    (got,) = studio.receiver.requests
    assert got.headers["webhook-signature"] == signature(webhook["secret"], got)
    assert abs(int(got.headers["webhook-timestamp"]) - time.time()) < 60


def test_a_former_secret_is_good_for_a_day(studio: Studio, later: Later) -> None:
    webhook = studio.register()
    new = studio.api.post(f"/actions/webhooks/{webhook['id']}/rotate-secret").json
    tried(studio, webhook)
    later(23.9 * 3600)
    tried(studio, webhook)
    later(0.2 * 3600)
    tried(studio, webhook)
    first, second, third = studio.receiver.requests
    for got in (first, second):
        both = [signature(new["secret"], got), signature(webhook["secret"], got)]
        assert got.headers["webhook-signature"].split(" ") == both
    assert third.headers["webhook-signature"] == signature(new["secret"], third)


Poison = Callable[[Receiver], Callable[[socket.socket], None]]
POISON: dict[str, tuple[Poison, str, int | None, str]] = {
    "never answers": (lambda to: lambda _: to.wait_over(), "pending", None, "in time"),
    "slow head": (lambda _: lambda one: drip(one, b"HTTP/1.1 200 OK\r\nX: "), "pending", None, "in time"),
    "slow body": (lambda _: lambda one: drip(one, b"HTTP/1.1 200 OK\r\n\r\n"), "delivered", 200, ""),
    "endless body": (lambda _: lambda one: flood(one, b"HTTP/1.1 200 OK\r\n\r\n"), "delivered", 200, ""),
    "huge head": (lambda _: lambda one: flood(one, b"HTTP/1.1 200 OK\r\nX: "), "pending", None, "large"),
    "closed": (lambda _: lambda one: one.close(), "pending", None, "closed"),
    "redirect": (lambda to: answering(302, Location=to.url), "pending", 302, ""),
    "failure": (lambda _: answering(500, b"x" * 100_000), "pending", 500, ""),
    "no HTTP": (lambda _: lambda one: one.sendall(b"220 mail.example.com\r\n"), "pending", None, "no HTTP"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", POISON)
def test_poison_is_survived_and_told(studio: Studio, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests.send, "__defaults__", (None, 0.25))
    poison, status, answered, problem = POISON[name]
    studio.receiver.behave = poison(studio.receiver)
    began = time.monotonic()
    found = tried(studio, studio.register())
    assert time.monotonic() - began < 5
    (attempt,) = found["attempts"]
    assert (found["status"], attempt["status"]) == (status, answered)
    assert problem in attempt["problem"]
    assert len(attempt["answer"]) <= 500
    assert len(studio.receiver.requests) == 1


def test_a_name_that_leads_inside_is_not_followed(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    webhook = studio.register(url="https://hooks.example.com/x")
    monkeypatch.setattr(addresses, "look_up", lambda *_: ["10.1.2.3"])
    found = tried(studio, webhook)
    assert "not a public address" in found["attempts"][0]["problem"]
    assert studio.receiver.requests == []


def test_a_slow_webhook_keeps_no_other_waiting(studio: Studio) -> None:
    """Each has its turn of its own; while one waits for an answer, others are sent to."""
    slow = Receiver()
    slow.behave = lambda _: slow.wait_over()
    first, second = studio.register(url=slow.url), studio.register()
    destination = f"webhook:{first['id']}"
    with session.opened():
        assert Turn.take(destination) is not None
    studio.carry()
    studio.send()
    assert {one["status"] for one in studio.deliveries(second)} == {"delivered"}
    assert {one["status"] for one in studio.deliveries(first)} == {"pending"}
    slow.close()


def test_it_is_noted_since_when_nothing_is_taken(studio: Studio) -> None:
    webhook = studio.register()
    studio.receiver.behave = answering(503)
    tried(studio, webhook)
    since = studio.stored(webhook)["failing_since"]
    assert since is not None
    tried(studio, webhook)
    assert studio.stored(webhook)["failing_since"] == since
    studio.receiver.behave = answering(200)
    tried(studio, webhook)
    assert studio.stored(webhook)["failing_since"] is None


def test_what_nobody_takes_for_days_is_switched_off_and_admins_are_told(
    studio: Studio, later: Later, post: PostOffice
) -> None:
    webhook = studio.register(name="AYON")
    studio.receiver.behave = answering(500)
    tried(studio, webhook)
    later(delivery.DAYS_OF_FAILURE * 86_400 - 60)
    tried(studio, webhook)
    assert studio.stored(webhook)["active"]
    later(120)
    tried(studio, webhook)
    stored = studio.stored(webhook)
    assert (stored["active"], stored["disabled_reason"][:19]) == (False, "No message was take")
    events = studio.carry()
    assert [one["name"] for one in events].count(delivery.DISABLED) == 1
    assert (post.last.recipient, "AYON" in post.last.subject) == ("admin@example.com", True)
    assert "127.0.0.1" in post.last.text
    assert "/hook" not in post.last.text
    studio.carry(events)
    assert len(post.letters) == 1
    again = studio.api.put(f"/data/webhooks/{webhook['id']}", {"active": True}).json
    assert (again["active"], again["failing_since"], again["disabled_reason"]) == (True, None, None)


def test_who_is_gone_for_good_is_not_asked_again(studio: Studio) -> None:
    webhook = studio.register()
    studio.receiver.behave = answering(410)
    found = tried(studio, webhook)
    assert found["status"] == "failed"
    assert not studio.stored(webhook)["active"]


def test_healthy_webhooks_are_not_written(studio: Studio) -> None:
    webhook = studio.register()
    tried(studio, webhook)
    version = studio.stored(webhook).version
    tried(studio, webhook)
    assert studio.stored(webhook).version == version == 1
