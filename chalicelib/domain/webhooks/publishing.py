"""From the stream into the outbox: a message for each webhook that an event is for."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from chalicelib.domain.webhooks.patterns import PERSONAL, matches
from chalicelib.domain.webhooks.registration import destination
from chalicelib.records import clock
from chalicelib.records.record import Record
from chalicelib.records.webhooks import WEBHOOK
from chalicelib.store import outbox, reference
from chalicelib.store.outbox import Message

_MOST_BYTES: Final = 65_536
_LONGEST_WORD: Final = 200


def publish(events: Sequence[Mapping[str, Any]]) -> None:
    """Has the webhooks told of events, each of them once, if the events come again.

    No webhooks: no calls. Else one read and one write a batch, and one message to the queue a webhook. Raises where
    the messages could not be kept; then the events have to come again.
    """
    active = [one for one in reference.every(WEBHOOK).values() if one["active"]] if events else []
    messages = [message_of(webhook, event) for event in events for webhook in active if _is_for(webhook, event)]
    for woken in outbox.add(messages):
        outbox.wake_soon(woken)


def _is_for(webhook: Record, event: Mapping[str, Any]) -> bool:
    if event["name"].startswith(PERSONAL) or webhook["project_id"] not in (None, _project_id(event)):
        return False
    return matches(webhook["events"], event["name"])


def message_of(webhook: Record, event: Mapping[str, Any]) -> Message:
    """The message to a webhook about an event; it has the id of the event, so that a receiver finds either by it."""
    return Message(
        id=event["id"],
        destination=destination(webhook.id),
        name=event["name"],
        body=body_of(event),
        created_at=clock.now(),
        next_attempt_at=clock.now(),
    )


def body_of(event: Mapping[str, Any]) -> str:
    """What a webhook is sent of an event: `type`, `timestamp` and `data` as Standard Webhooks names them, and the event
    as `/data/events/last` shows it. Of more than 64 KB the texts of the data are left out, and it says so."""
    moment = clock.shown(event["created_at"])
    told = {
        "type": event["name"],
        "timestamp": f"{moment}Z",
        "id": event["id"],
        "name": event["name"],
        "created_at": moment,
        "project_id": _project_id(event),
        "user_id": event.get("user_id"),
        "data": event.get("data"),
    }
    whole = json.dumps(told)
    return whole if len(whole) <= _MOST_BYTES else json.dumps({**told, "data": _short(told["data"]), "is_cut": True})


def _project_id(event: Mapping[str, Any]) -> str | None:
    """The production an event is about; events about a production itself are tied to none, and name it."""
    return event.get("project_id") or (event.get("data") or {}).get("project_id")


def _short(data: Any) -> dict[str, Any]:
    """What of a payload is short: its ids, and what a client fetches the rest by."""
    return {name: value for name, value in data.items() if len(json.dumps(value)) <= _LONGEST_WORD}
