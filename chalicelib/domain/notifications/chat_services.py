"""Notifications where people chat: Slack, Mattermost, Discord (docs/contract/people.md sections 13 and 15).

The organisation has a service's token (or the address of its webhook), a person their id there and the wish. Messages
wait in the outbox as those of webhooks do, so that no service keeps another, or the mail, waiting; token and id are
read when they are sent (docs/chat-messages.md).
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from chalicelib.domain.notifications.chat_texts import ChatText
from chalicelib.domain.notifications.discord import send_to_discord
from chalicelib.domain.notifications.mattermost import send_to_mattermost
from chalicelib.domain.notifications.slack import send_to_slack
from chalicelib.domain.outbox.rounds import Outcome, Outcomes, Verdict, attempt, not_sent
from chalicelib.domain.people import organisation
from chalicelib.domain.people.mail import written
from chalicelib.records import clock
from chalicelib.records.people import PERSON
from chalicelib.records.record import Record
from chalicelib.store import outbox, reference
from chalicelib.store.outbox import Message


@dataclass(frozen=True)
class ChatService:
    """A service: what it is called in the fields of persons, the organisation's field, and how a message is sent."""

    name: str
    setting: str
    post: Callable[[str, str, ChatText], Verdict]

    def token(self) -> str:
        """The studio's token, or address, at the service; "" where it has none."""
        studio = organisation.find_organisation()
        return str(studio[self.setting] or "").strip() if studio else ""

    def user(self, person: Record) -> str:
        """What the service calls a person; "" where they do not want messages there."""
        wanted = person["active"] and not person["is_bot"] and person[f"notifications_{self.name}_enabled"]
        return str(person[f"notifications_{self.name}_userid"] or "").strip() if wanted else ""

    def send(self, message: Message) -> Outcome:
        """Makes one attempt at a message, if its person still wants it and the studio still has the service."""
        told = json.loads(message.body)
        person = reference.find(PERSON, told["person_id"])
        token, user = self.token(), self.user(person) if person else ""
        if not token or not user:
            return not_sent("Nobody wants it there any more.")
        return attempt(lambda: self.post(token, user, ChatText(**told["text"])))

    def note(self, outcomes: Outcomes) -> bool:
        """Nothing is noted: what a service refuses is in the log."""
        del outcomes
        return True


SERVICES: Final = (
    ChatService("slack", "chat_token_slack", send_to_slack),
    ChatService("mattermost", "chat_webhook_mattermost", send_to_mattermost),
    ChatService("discord", "chat_token_discord", send_to_discord),
)
SENDERS: Final = {service.name: service for service in SERVICES}


def wanted_by(person: Record) -> list[ChatService]:
    """The services at which a person wants to be told, and the studio can: no call."""
    return [service for service in SERVICES if service.user(person) and service.token()]


def tell(services: Sequence[ChatService], event_id: str, person: Record, letter: str, facts: Mapping[str, str]) -> None:
    """Has a person told at these services, in their language: a message each, once, if the event comes again.

    letter: the name of the letter of which the subject is told. One read, one write, a word to the queue a service.
    """
    if not services:
        return
    text = {"subject": written(person, letter, **facts).subject, "quote": facts["quote"], "link": facts["link"]}
    body, moment = json.dumps({"person_id": person.id, "text": text}), clock.now()
    known = {"id": event_id, "name": letter, "body": body, "created_at": moment, "next_attempt_at": moment}
    for woken in outbox.add([msgspec.convert({**known, "destination": one.name}, Message) for one in services]):
        outbox.wake_soon(woken)
