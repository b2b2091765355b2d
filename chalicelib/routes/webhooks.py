"""Webhooks: who else is told of events (docs/webhooks.md). No routes of the contract."""

from typing import Any, Final

import msgspec
from msgspec import UNSET, UnsetType

from chalicelib.access import rules
from chalicelib.access.checks import administer
from chalicelib.domain.webhooks import deliveries, registration
from chalicelib.http.answers import Answer, no_content
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.records.record import plain
from chalicelib.records.webhooks import WEBHOOK
from chalicelib.routes.answer_schemas import ID, TEXT, Shape, Shown, or_null


class NewWebhook(msgspec.Struct):
    """Where messages go, and of which events: all, unless told otherwise."""

    url: str
    name: str = ""
    project_id: str | None = None
    events: list[str] | None = None
    active: bool = True


class WebhookChange(msgspec.Struct):
    """What changes of a webhook; what is left out stays."""

    url: str | UnsetType = UNSET
    name: str | UnsetType = UNSET
    project_id: str | UnsetType | None = UNSET
    events: list[str] | UnsetType | None = UNSET
    active: bool | UnsetType = UNSET


area = Area("webhooks", "Other servers that are told of events.")
_about_one: Final = rules.of_record("admin", WEBHOOK, "webhook_id", rules.about(administer))
_ONE: Final = "/data/webhooks/{webhook_id}"
_ACTIONS: Final = "/actions/webhooks/{webhook_id}"
_SECRET: Final = Shown(WEBHOOK, more={"secret": TEXT})
_ATTEMPT: Final = {
    "type": "object",
    "properties": {
        "at": TEXT,
        "seconds": {"type": "number"},
        "status": {"type": ["integer", "null"]},
        "answer": TEXT,
        "problem": TEXT,
    },
}
_DELIVERY: Final[dict[str, Any]] = {
    "id": ID,
    "webhook_id": ID,
    "name": TEXT,
    "status": {"type": "string", "enum": ["pending", "delivered", "failed"]},
    "created_at": TEXT,
    "next_attempt_at": or_null(TEXT),
    "attempts": {"type": "array", "items": _ATTEMPT},
}
_QUERY: Final = {
    "limit": "At most so many, 50 unless told otherwise, 200 at most.",
    "before": "Those before this moment: the `created_at` of the last one that was read.",
}


@area.get("/data/webhooks", access=rules.admin, answer=Shown(WEBHOOK, many=True))
def list_webhooks(call: Call) -> list[Any]:
    """Lists the webhooks, oldest first."""
    del call
    return [plain(one) for one in registration.listed()]


@area.post("/data/webhooks", access=rules.admin, body=NewWebhook, answer=_SECRET, status=201)
def create_webhook(call: Call) -> Any:
    """Registers a webhook. The answer holds the secret of its signatures; no other one does."""
    return registration.with_secret(registration.create(msgspec.structs.asdict(call.body)))


@area.get(_ONE, access=_about_one, answer=Shown(WEBHOOK))
def read_webhook(call: Call) -> Any:
    """Reads a webhook."""
    return plain(call.subject)


@area.put(_ONE, access=_about_one, body=WebhookChange, answer=Shown(WEBHOOK))
def change_webhook(call: Call) -> Any:
    """Changes a webhook; switched on again, what waits for it is sent."""
    given = msgspec.structs.asdict(call.body)
    return plain(registration.change(call.subject, {name: one for name, one in given.items() if one is not UNSET}))


@area.delete(_ONE, access=_about_one, status=204)
def delete_webhook(call: Call) -> Answer:
    """Takes a webhook away."""
    registration.delete(call.subject)
    return no_content()


@area.post(f"{_ACTIONS}/rotate-secret", access=_about_one, answer=_SECRET)
def rotate_secret(call: Call) -> Any:
    """Gives a webhook a new secret, which the answer holds; the former one stays good for a day."""
    return registration.with_secret(registration.rotate_secret(call.subject))


@area.post(f"{_ACTIONS}/test", access=_about_one, answer=Shape(**_DELIVERY))
def send_test(call: Call) -> Any:
    """Sends a message that says nothing; its delivery tells what came of it."""
    return deliveries.test(call.subject)


@area.get(f"{_ONE}/deliveries", access=_about_one, query=_QUERY, answer=Shape.several(**_DELIVERY))
def list_deliveries(call: Call) -> list[Any]:
    """Lists what was sent to a webhook in the last month, newest first, and what came of it."""
    return deliveries.listed(call.subject, call.query)


@area.get(f"{_ONE}/deliveries/{{delivery_id}}", access=_about_one, answer=Shape(**_DELIVERY, body={"type": "object"}))
def read_delivery(call: Call) -> Any:
    """Reads one delivery, with what is sent."""
    return deliveries.one(call.subject, call.params["delivery_id"])


@area.post(f"{_ACTIONS}/deliveries/{{delivery_id}}/replay", access=_about_one, answer=Shape(**_DELIVERY))
def replay_delivery(call: Call) -> Any:
    """Sends a message once more, under the same id."""
    return deliveries.replay(call.subject, call.params["delivery_id"])
