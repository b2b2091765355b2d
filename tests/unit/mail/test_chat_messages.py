"""Notifications in Slack, Mattermost and Discord, by way of the outbox (docs/contract/people.md section 13)."""

import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.domain.notifications import discord
from chalicelib.domain.notifications.chat_services import SENDERS, tell, wanted_by
from chalicelib.domain.notifications.chat_texts import ChatText
from chalicelib.domain.notifications.slack import send_to_slack
from chalicelib.functions import outbox as function
from chalicelib.records.people import ORGANISATION
from chalicelib.store import outbox, reference, session
from chalicelib.store.outbox import Message
from tests.receiver import Receiver, answering
from tests.unit.mail.test_notifications import api, carried, stage
from tests.unit.outbox.conftest import wakes
from tests.unit.outgoing.conftest import loopback, receiver
from tests.unit.people.conftest import Configure, PostOffice
from tests.unit.tasks.stage import Stage, Studio, change

__all__ = ["api", "loopback", "receiver", "stage", "wakes"]
Wakes = list[tuple[str, str]]
TEXT = ChatText("Ada commented", "Less bounce.", "https://studio.example.com/")
PERSON, SERVER, CHANNEL = "111111111111111111", "222222222222222222", "333333333333333333"


def wants(stage: Stage, name: str, service: str, user: str, **more: Any) -> None:
    """Somebody switches a service on, and mails off."""
    values = {f"notifications_{service}_enabled": True, f"notifications_{service}_userid": user, **more}
    stage.people[name] = change(stage.people[name], **{"notifications_enabled": False, **values})
    session.current().stamp = None


class Chats:
    """The studio's chats: what was sent there, and what became of it."""

    def __init__(self, stage: Stage, receiver: Receiver, wakes: Wakes) -> None:
        self.stage = stage
        self.receiver = receiver
        self.wakes = wakes

    def set(self, **values: str) -> None:
        organisation = next(iter(reference.every(ORGANISATION).values()))
        change(organisation, **values)
        session.current().stamp = None

    def send(self) -> None:
        """Has the stream carry on what happened, and the queue function send what it left."""
        assert carried(self.stage) == {"batchItemFailures": []}
        woken = list(dict.fromkeys(to for to, _ in self.wakes))
        self.wakes.clear()
        for destination in woken:
            with session.opened():
                function.handle_queue_event({"Records": [{"body": json.dumps({outbox.WORD: destination})}]})

    def log(self, service: str) -> list[Message]:
        return outbox.newest(service, 10)


@pytest.fixture
def services(receiver: Receiver, configure: Configure) -> Iterator[Receiver]:
    """Slack and Discord, played by one server."""
    base = receiver.url.removesuffix("/hook")
    configure(SLACK_API=f"{base}/slack", DISCORD_API=f"{base}/discord", STAGE="local", OUTGOING_LOOPBACK="allowed")
    receiver.behave = answering(200, {"ok": True})
    discord._channels.clear()
    yield receiver
    discord._channels.clear()


@pytest.fixture
def chats(stage: Stage, services: Receiver, wakes: Wakes) -> Chats:
    return Chats(stage, services, wakes)


def test_slack_is_told_with_the_studios_token(api: Studio, stage: Stage, chats: Chats, post: PostOffice) -> None:
    chats.set(chat_token_slack="xoxb-1")
    wants(stage, "user", "slack", "U123")
    api.comment("wip", "Less <!channel> & more\nbounce.", user="manager")
    chats.send()
    (got,) = chats.receiver.requests
    assert (got.method, got.path) == ("POST", "/slack/chat.postMessage")
    assert got.headers["authorization"] == "Bearer xoxb-1"
    link = f"https://studio.example.com/productions/{stage.project.id}/assets/tasks/{stage.task.id}"
    assert got.json == {
        "channel": "U123",
        "text": "[Kitsu] WIP - Manager commented on Caminandes / Character / Lama / Modeling\n"
        f"> Less &lt;!channel&gt; &amp; more\n> bounce.\n{link}",
        "unfurl_links": False,
    }
    assert [one.status for one in chats.log("slack")] == ["delivered"]
    assert [letter for letter in post.letters if letter.recipient == "user@example.com"] == []


def test_mattermost_is_told_by_its_webhook(api: Studio, stage: Stage, chats: Chats) -> None:
    chats.set(chat_webhook_mattermost=chats.receiver.url)
    wants(stage, "user", "mattermost", "@ada", locale="fr_FR")
    api.comment("wip", user="manager")
    chats.send()
    (got,) = chats.receiver.requests
    assert (got.path, got.json["channel"]) == ("/hook", "@ada")
    assert got.json["text"].startswith("[Kitsu] WIP - Manager a commenté Caminandes / Character / Lama / Modeling\n")


class Discord:
    """Discord's answers, by path; counts nothing, knows one server with one member."""

    def __init__(self, receiver: Receiver) -> None:
        self.receiver = receiver
        self.answers: dict[str, tuple[int, Any]] = {
            "/discord/users/@me/guilds?limit=20": (200, [{"id": SERVER, "name": "Studio"}]),
            f"/discord/guilds/{SERVER}/members/search?limit=10&query=ada": (
                200,
                [
                    {"user": {"id": "444444444444444444", "username": "adam", "discriminator": "0"}},
                    {"user": {"id": PERSON, "username": "ada", "discriminator": "0001"}},
                ],
            ),
            "/discord/users/@me/channels": (200, {"id": CHANNEL}),
            f"/discord/channels/{CHANNEL}/messages": (200, {"id": "5"}),
        }
        receiver.behave = self.answer

    def answer(self, connection: socket.socket) -> None:
        status, body = self.answers.get(self.receiver.requests[-1].path, (404, {}))
        answering(status, body)(connection)


@pytest.mark.parametrize(("user", "asked"), [(PERSON, 2), ("Ada", 4), ("@ada", 4), ("ada#0001", 4)])
def test_discord_finds_people_by_id_and_name(services: Receiver, user: str, asked: int) -> None:
    Discord(services)
    for number in range(2):
        assert discord.send_to_discord("bot-1", user, TEXT).delivered
        assert len(services.requests) == asked + number
    assert services.requests[asked - 2].json == {"recipient_id": PERSON}
    assert {one.headers["authorization"] for one in services.requests} == {"Bot bot-1"}


def test_discord_is_told_by_the_bot(api: Studio, stage: Stage, chats: Chats) -> None:
    Discord(chats.receiver)
    chats.set(chat_token_discord="bot-1")
    wants(stage, "user", "discord", PERSON)
    api.comment("wip", "@everyone look", user="manager")
    chats.send()
    got = chats.receiver.requests[-1]
    assert got.path == f"/discord/channels/{CHANNEL}/messages"
    assert "\n> @everyone look\n" in got.json["content"]
    assert got.json["allowed_mentions"] == {"parse": []}


def test_a_channel_that_is_no_more_is_looked_for_anew(api: Studio, stage: Stage, chats: Chats) -> None:
    there = Discord(chats.receiver)
    chats.set(chat_token_discord="bot-1")
    wants(stage, "user", "discord", PERSON)
    api.comment("wip", user="manager")
    chats.send()
    there.answers[f"/discord/channels/{CHANNEL}/messages"] = (404, {})
    api.comment("wfa", user="manager")
    chats.send()
    assert [one.status for one in chats.log("discord")] == ["pending", "delivered"]
    assert discord._channels == {}


def test_nobody_of_that_name_is_told_nothing(services: Receiver) -> None:
    Discord(services)
    verdict = discord.send_to_discord("bot-1", "eve/../../x?y", TEXT)
    assert (verdict.delivered, verdict.again) == (False, False)
    assert services.requests[-1].path.endswith("query=eve%2F..%2F..%2Fx%3Fy")


@pytest.mark.parametrize(
    ("status", "body", "then"),
    [
        (200, {"ok": False, "error": "channel_not_found"}, "failed"),
        (200, {"ok": False, "error": "invalid_auth"}, "failed"),
        (200, {"ok": False, "error": "ratelimited"}, "pending"),
        (429, {"ok": False}, "pending"),
        (500, b"oops", "pending"),
        (200, b"<html>", "failed"),
        (302, b"", "failed"),
    ],
)
def test_what_slack_refuses(services: Receiver, status: int, body: Any, then: str) -> None:
    services.behave = answering(status, body)
    verdict = send_to_slack("xoxb-1", "U123", TEXT)
    assert (verdict.delivered, verdict.again) == (False, then == "pending")


def test_who_did_not_ask_for_it_is_not_told(api: Studio, stage: Stage, chats: Chats, post: PostOffice) -> None:
    chats.set(chat_token_slack="xoxb-1")
    wants(stage, "user", "slack", "")
    wants(stage, "vendor", "slack", "U1", notifications_slack_enabled=False)
    wants(stage, "supervisor", "mattermost", "eve")
    api.comment("wip", "@Supervisor Doe", user="manager")
    chats.send()
    assert (chats.receiver.requests, post.letters) == ([], [])


def test_what_is_not_for_somebody_is_not_told_there(api: Studio, stage: Stage, chats: Chats) -> None:
    chats.set(chat_token_slack="xoxb-1")
    for name in ("user", "vendor", "client"):
        wants(stage, name, "slack", f"U-{name}")
    api.comment("wip", "Make the logo bigger. @Client Doe", user="manager")
    stage.set(team=[one for one in stage.team if one != stage.people["vendor"].id])
    change(stage.task, assignees=[stage.people["user"].id])
    chats.send()
    assert sorted(one.json["channel"] for one in chats.receiver.requests) == ["U-client", "U-user"]


def test_an_event_that_comes_twice_is_one_message(api: Studio, stage: Stage, chats: Chats) -> None:
    chats.set(chat_token_slack="xoxb-1", chat_webhook_mattermost=chats.receiver.url)
    wants(stage, "user", "slack", "U1", notifications_enabled=True)
    wants(stage, "user", "mattermost", "ada")
    api.comment("wip", user="manager")
    for _ in range(3):
        chats.send()
    assert sorted(one.path for one in chats.receiver.requests) == ["/hook", "/slack/chat.postMessage"]


def test_token_and_wish_are_those_of_the_moment_of_sending(api: Studio, stage: Stage, chats: Chats) -> None:
    chats.receiver.behave = answering(503)
    chats.set(chat_token_slack="xoxb-1")
    wants(stage, "user", "slack", "U1")
    api.comment("wip", user="manager")
    chats.send()
    (message,) = chats.log("slack")
    assert "xoxb" not in message.body
    chats.set(chat_token_slack="xoxb-2")
    SENDERS["slack"].send(message)
    assert chats.receiver.requests[-1].headers["authorization"] == "Bearer xoxb-2"
    wants(stage, "user", "slack", "U1", notifications_slack_enabled=False)
    outcome = SENDERS["slack"].send(message)
    assert (outcome.delivered, outcome.again, len(chats.receiver.requests)) == (False, False, 2)


@pytest.mark.parametrize("token", ["xoxb-1\r\nX-Other: y", "xoxb-ü"])
def test_a_token_stays_within_its_header(api: Studio, stage: Stage, chats: Chats, token: str) -> None:
    chats.set(chat_token_slack=token)
    wants(stage, "user", "slack", "U1")
    api.comment("wip", user="manager")
    chats.send()
    assert chats.receiver.requests == []
    assert [one.status for one in chats.log("slack")] == ["failed"]


def test_an_address_within_is_not_called(api: Studio, stage: Stage, chats: Chats) -> None:
    chats.set(chat_webhook_mattermost="https://169.254.169.254/hooks/x")
    wants(stage, "user", "mattermost", "ada")
    api.comment("wip", user="manager")
    chats.send()
    (message,) = chats.log("mattermost")
    assert (message.status, "public" in message.attempts[0].problem) == ("failed", True)


def test_the_mail_service_keeps_no_chat_waiting(
    api: Studio, stage: Stage, chats: Chats, monkeypatch: pytest.MonkeyPatch, post: PostOffice
) -> None:
    chats.set(chat_token_slack="xoxb-1")
    wants(stage, "user", "slack", "U1", notifications_enabled=True)
    api.comment("wip", user="manager")
    monkeypatch.setattr("chalicelib.domain.notifications.mail.deliver_once", lambda *_, **__: 1 / 0)
    assert carried(stage)["batchItemFailures"]
    assert {to for to, _ in chats.wakes} == {"slack"}


def test_what_a_message_costs(api: Studio, stage: Stage, chats: Chats) -> None:
    """Besides what a letter reads of its task: a read and a write for all services together."""
    chats.set(chat_token_slack="xoxb-1", chat_webhook_mattermost=chats.receiver.url)
    wants(stage, "user", "slack", "U1")
    wants(stage, "user", "mattermost", "ada")
    user = stage.people["user"]
    facts = dict.fromkeys(("author", "author_name", "status", "task", "quote", "link"), "x")
    services = wanted_by(user)
    with session.opened() as cost:
        tell(services, "00000000-0000-4000-8000-000000000000", user, "comment", facts)
    assert cost.calls == {"GetItem": 1, "BatchGetItem": 1, "BatchWriteItem": 1}  # the first is the stamp
    assert len(chats.wakes) == 2
