"""A letter to administrators about a webhook that was switched off."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from chalicelib.domain.people.mail import deliver_once
from chalicelib.records.people import PERSON
from chalicelib.records.webhooks import WEBHOOK
from chalicelib.store import reference

_EFFECT: Final = "letter about a webhook"


def tell_admins(event: Mapping[str, Any]) -> None:
    """Mails the administrators that a webhook was switched off, and why; each once, if the event comes again.

    Of its address the host alone is told: what follows it may be a secret. Raises NotSent where a letter may go out
    later.
    """
    webhook = reference.find(WEBHOOK, event["data"]["webhook_id"])
    if webhook is None:
        return
    host = urlsplit(webhook["url"]).hostname or ""
    facts = {"webhook": webhook["name"] or host, "host": host, "quote": event["data"]["reason"]}
    for person in reference.every(PERSON).values():
        if person["role"] == "admin" and person["active"] and person["email"] and not person["is_bot"]:
            deliver_once(_EFFECT, f"{event['id']}:{person.id}", person, "webhook_disabled", **facts)
