"""A studio with an administrator, who registers webhooks that lead to a server on loopback; the stream by hand."""

from typing import Any

import pytest

from chalicelib.functions import outbox as function
from chalicelib.functions import stream
from chalicelib.records.fields import STUDIO
from chalicelib.records.production import API_EVENT
from chalicelib.records.record import Record
from chalicelib.records.webhooks import WEBHOOK
from chalicelib.store import keys, outbox, reads, reference, session
from tests.client import Api
from tests.receiver import Receiver
from tests.unit.outbox.conftest import later, loopback, receiver, wakes

__all__ = ["later", "loopback", "receiver", "wakes"]
Wakes = list[tuple[str, str]]


class Studio:
    """The app, what it wrote for the stream, and the functions that it would call."""

    def __init__(self, api: Api, receiver: Receiver, wakes: Wakes) -> None:
        self.api = api
        self.receiver = receiver
        self.wakes = wakes
        self._seen: set[str] = set()

    def register(self, **values: Any) -> dict[str, Any]:
        made = self.api.post("/data/webhooks", {"url": self.receiver.url, **values})
        assert made.status == 201, made.content
        registered: dict[str, Any] = made.json
        return registered

    def production(self, name: str) -> str:
        made = self.api.post("/data/projects", {"name": name})
        assert made.status == 201, made.content
        return str(made["id"])

    def events(self) -> list[Record]:
        """What was told since the last look, in the order of its writing."""
        with session.opened():
            homes = {STUDIO, "live", *reference.homes()}
            found = [event for home in homes for event in reads.query(API_EVENT, home) if event.id not in self._seen]
        self._seen |= {event.id for event in found}
        return sorted(found, key=lambda one: (one["created_at"], one.id))

    def carry(self, events: list[Record] | None = None) -> list[Record]:
        """Has the stream function carry on what was told; gives the events."""
        found = self.events() if events is None else events
        with session.opened():
            told = stream.handle({"Records": [added(event, number) for number, event in enumerate(found)]})
        assert told == {"batchItemFailures": []}
        return found

    def send(self) -> None:
        """Calls the queue function for everybody who was woken."""
        woken = list(dict.fromkeys(to for to, _ in self.wakes))
        self.wakes.clear()
        for destination in woken:
            with session.opened():
                function.handle_queue_event({"Records": [{"body": f'{{"{outbox.WORD}": "{destination}"}}'}]})

    def deliveries(self, webhook: dict[str, Any]) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = self.api.get(f"/data/webhooks/{webhook['id']}/deliveries").json
        return listed

    def stored(self, webhook: dict[str, Any]) -> Record:
        with session.opened():
            return reads.get(WEBHOOK, webhook["id"])


def added(event: Record, number: int = 0) -> dict[str, Any]:
    """An event as the table's stream tells it."""
    pk = keys.partition(event.home or STUDIO, API_EVENT)
    image = {"pk": {"S": pk}, "sk": {"S": event.id}, "doc": {"S": event.texts.doc}}
    return {"eventName": "INSERT", "dynamodb": {"SequenceNumber": str(number), "NewImage": image}}


@pytest.fixture
def studio(api: Api, receiver: Receiver, wakes: Wakes) -> Studio:
    made = Studio(api, receiver, wakes)
    made.events()
    return made
