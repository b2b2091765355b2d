"""The work of the function that sends messages to other servers; a message of its queue names a destination.

It comes at least once, maybe twice, maybe to two functions at a time: of these one sends, the other leaves it to that.
"""

import json
from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from chalicelib.domain.jobs import apart
from chalicelib.domain.notifications import chat_services
from chalicelib.domain.outbox import rounds
from chalicelib.domain.webhooks import delivery, registration
from chalicelib.records import clock
from chalicelib.store import outbox

_WEBHOOK: Final = registration.destination("")


def handle_queue_event(event: dict[str, Any]) -> None:
    """Sends what is due to the destinations in an SQS event; raises where one failed, so that the queue wakes again."""
    told = [json.loads(message["body"]) for message in event.get("Records", ())]
    apart.every(
        (f"Sending to {one[outbox.WORD]}", partial(_serve, one[outbox.WORD], one.get("at", ""))) for one in told
    )


def _serve(destination: str, at: str) -> None:
    """at: the moment for which somebody asked to be woken; the queue cannot wait for hours, and a restart is early."""
    if at > clock.now():
        outbox.wake(destination, at)
    else:
        rounds.deliver(destination, sender_of(destination))


def sender_of(destination: str) -> rounds.Sender | None:
    """Who sends the messages to a destination; None where it is gone or switched off."""
    if destination.startswith(_WEBHOOK):
        return delivery.sender_of(destination.removeprefix(_WEBHOOK))
    return chat_services.SENDERS.get(destination)


def wake_left() -> None:
    """Wakes for what is due and nobody came for (one query a destination)."""
    moment = clock.now()
    for destination in _destinations():
        if (due := outbox.earliest(destination)) is not None and due < moment:
            outbox.wake(destination)


def _destinations() -> Iterator[str]:
    for webhook in registration.listed():
        if webhook["active"]:
            yield registration.destination(webhook.id)
    yield from chat_services.SENDERS
