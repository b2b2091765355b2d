"""What was sent to a webhook, and what came of it: looked at, sent again, tried out."""

import json
import uuid
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from chalicelib.domain.crud.pagination import whole_number
from chalicelib.domain.webhooks.publishing import message_of
from chalicelib.domain.webhooks.registration import destination
from chalicelib.errors import Invalid, NotFound
from chalicelib.records import clock
from chalicelib.records.record import Record
from chalicelib.store import outbox, session
from chalicelib.store.outbox import Message

TEST: Final = "webhook:test"
_USUAL: Final = 50
_MOST: Final = 200


def listed(webhook: Record, query: Mapping[str, str]) -> list[dict[str, Any]]:
    """The deliveries of a webhook, newest first, without what was sent: one query.

    query: `limit` (50, 200 at most), `before` (the `created_at` of the last one that was read).
    """
    limit = whole_number(query, "limit", _USUAL)
    if not 0 < limit <= _MOST:
        raise Invalid("limit is out of bounds.", "limit", f"a number from 1 to {_MOST}")
    return [_shown(webhook, one) for one in outbox.newest(destination(webhook.id), limit, _before(query))]


def _before(query: Mapping[str, str]) -> str | None:
    try:
        return clock.parse(query["before"]) if query.get("before") else None
    except ValueError:
        raise Invalid("before is no moment.", "before", "the created_at of a delivery") from None


def one(webhook: Record, delivery_id: str) -> dict[str, Any]:
    """One delivery, with what is sent; NotFound where there is none, or none any more."""
    found = _found(webhook, delivery_id)
    return {**_shown(webhook, found), "body": json.loads(found.body)}


def replay(webhook: Record, delivery_id: str) -> dict[str, Any]:
    """Has a message sent again, with the same id and words; Invalid where the webhook is switched off."""
    _refuse_inactive(webhook)
    found = _found(webhook, delivery_id)
    return _asked_for(webhook, msgspec.structs.replace(found, status="pending", tries=0, next_attempt_at=clock.now()))


def test(webhook: Record) -> dict[str, Any]:
    """Has a message sent that says nothing, to try a webhook out; Invalid where it is switched off."""
    _refuse_inactive(webhook)
    event = {
        "id": str(uuid.uuid4()),
        "name": TEST,
        "created_at": clock.now(),
        "project_id": webhook["project_id"],
        "user_id": session.current().caller_id,
        "data": {"webhook_id": webhook.id},
    }
    return _asked_for(webhook, message_of(webhook, event))


def _asked_for(webhook: Record, message: Message) -> dict[str, Any]:
    outbox.save([message])
    outbox.wake_soon(message.destination)
    return _shown(webhook, message)


def _refuse_inactive(webhook: Record) -> None:
    if not webhook["active"]:
        raise Invalid("The webhook is switched off.", "active", "switch it on before")


def _found(webhook: Record, delivery_id: str) -> Message:
    found = outbox.find(destination(webhook.id), delivery_id.lower())
    if found is None:
        raise NotFound(f"There is no delivery {delivery_id!r} of this webhook.", {"id": delivery_id})
    return found


def _shown(webhook: Record, message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "webhook_id": webhook.id,
        "name": message.name,
        "status": message.status,
        "created_at": message.created_at,
        "next_attempt_at": message.next_attempt_at and clock.shown(message.next_attempt_at),
        "attempts": message.attempts,
        "type": "WebhookDelivery",
    }
