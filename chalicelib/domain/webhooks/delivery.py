"""Sending the messages of a webhook, and switching one off that nobody answers."""

from typing import Final

from chalicelib.domain.outbox.rounds import Outcome, Outcomes, Verdict, attempt
from chalicelib.domain.webhooks import signing
from chalicelib.events.journal import emit
from chalicelib.outgoing import requests
from chalicelib.outgoing.requests import Reply
from chalicelib.records import clock
from chalicelib.records.record import Record
from chalicelib.records.webhooks import WEBHOOK
from chalicelib.store import reference
from chalicelib.store.changes import Changes, write
from chalicelib.store.outbox import Message

DAYS_OF_FAILURE: Final = 3
DISABLED: Final = "webhook:disable"
_GONE: Final = 410


class WebhookSender:
    """Sends messages as a webhook has it."""

    def __init__(self, webhook: Record) -> None:
        self._webhook = webhook

    def send(self, message: Message) -> Outcome:
        """Makes one attempt; any status of 200 to 299 means that the message was taken."""
        body = message.body.encode()
        headers = {"Content-Type": "application/json", "User-Agent": "Vulpes-Webhooks/1"}
        headers |= signing.headers(self._webhook, message.id, body)
        return attempt(lambda: _judged(requests.send("POST", self._webhook["url"], headers, body)))

    def note(self, outcomes: Outcomes) -> bool:
        """Notes since when nothing was taken; switches the webhook off after three days of it, or where it is gone."""
        taken = any(outcome.delivered for _, outcome in outcomes)
        is_gone = any(outcome.attempt.status == _GONE for _, outcome in outcomes)
        since = self._webhook["failing_since"]
        is_as_known = since is None if taken else since is not None and not _is_long_ago(since)
        if is_as_known and not is_gone:
            return True
        self._webhook = write(lambda changes: self._noted(changes, taken, is_gone))
        return bool(self._webhook["active"])

    def _noted(self, changes: Changes, taken: bool, is_gone: bool) -> Record:
        webhook = changes.read(WEBHOOK, self._webhook.id)
        if is_gone:
            return _disable(changes, webhook, "The receiver says that it is gone for good (410).")
        if taken:
            return changes.update(webhook, failing_since=None) if webhook["failing_since"] else webhook
        if webhook["failing_since"] is None:
            return changes.update(webhook, failing_since=clock.now())
        if _is_long_ago(webhook["failing_since"]):
            reason = f"No message was taken since {clock.shown(webhook['failing_since'])}."
            return _disable(changes, webhook, reason)
        return webhook


def sender_of(webhook_id: str) -> WebhookSender | None:
    """Who sends the messages of a webhook; None where it is gone or switched off."""
    webhook = reference.find(WEBHOOK, webhook_id)
    return WebhookSender(webhook) if webhook is not None and webhook["active"] else None


def _is_long_ago(moment: str) -> bool:
    return moment < clock.shift(clock.now(), days=-DAYS_OF_FAILURE)


def _judged(reply: Reply) -> Verdict:
    return Verdict(reply, delivered=200 <= reply.status < 300, again=reply.status != _GONE)


def _disable(changes: Changes, webhook: Record, reason: str) -> Record:
    if webhook["active"]:
        emit(changes, DISABLED, webhook_id=webhook.id, reason=reason)
    return changes.update(webhook, active=False, disabled_reason=reason)
