"""Registering webhooks: where they lead, what they are for, what their messages are signed with."""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.domain.webhooks import patterns, signing
from chalicelib.errors import Invalid
from chalicelib.events.journal import emit
from chalicelib.outgoing.addresses import LONGEST, NotAllowed, target_of
from chalicelib.records import clock
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record, shown
from chalicelib.records.webhooks import WEBHOOK
from chalicelib.store import keys, outbox, reference
from chalicelib.store.changes import Changes, write

MOST: Final = 50
_HOURS_FORMER: Final = 24
_LONGEST_NAME: Final = 80


def destination(webhook_id: str) -> str:
    """What the outbox calls a webhook."""
    return f"webhook:{webhook_id}"


def listed() -> list[Record]:
    """All webhooks, oldest first."""
    return sorted(reference.every(WEBHOOK).values(), key=lambda one: (one["created_at"], one.id))


def create(given: Mapping[str, Any]) -> Record:
    """A new webhook. given: url, name, project_id, events, active. Invalid for what is wrong, or where there are 50."""
    values = {**_checked(given), "secret": signing.new_secret()}
    if len(reference.every(WEBHOOK)) >= MOST:
        raise Invalid(f"There are {MOST} webhooks already.", "webhooks", "take away what nobody needs")

    def command(changes: Changes) -> Record:
        made = changes.create(WEBHOOK, values)
        _tell(changes, made, "new")
        return made

    return write(command)


def change(webhook: Record, given: Mapping[str, Any]) -> Record:
    """Changes a webhook; what is not given stays. Switched on, its messages of the last day go on."""
    values = _checked(given)
    if values.get("active"):
        values |= {"failing_since": None, "disabled_reason": None}

    def command(changes: Changes) -> Record:
        changed = changes.update(changes.read(WEBHOOK, webhook.id), **values)
        _tell(changes, changed, "update")
        return changed

    changed = write(command)
    if values.get("active") and not webhook["active"]:
        outbox.wake_soon(destination(webhook.id))
    return changed


def delete(webhook: Record) -> None:
    """Takes a webhook away; nothing more is sent. What was sent goes by itself in a month."""

    def command(changes: Changes) -> None:
        current = changes.read(WEBHOOK, webhook.id)
        changes.delete(current)
        _tell(changes, current, "delete")

    write(command)


def rotate_secret(webhook: Record) -> Record:
    """Gives a webhook a new secret; the one it had stays good for a day."""

    def command(changes: Changes) -> Record:
        current = changes.read(WEBHOOK, webhook.id)
        until = clock.shift(clock.now(), hours=_HOURS_FORMER)
        secret = {"secret": signing.new_secret(), "former_secret": current["secret"], "former_secret_until": until}
        changed = changes.update(current, **secret)
        _tell(changes, changed, "update")
        return changed

    return write(command)


def with_secret(webhook: Record) -> dict[str, Any]:
    """A webhook with its secret: for the answer to whoever made it or rotated the secret, and no other."""
    return shown(webhook, secret=webhook["secret"])


def _tell(changes: Changes, webhook: Record, verb: str) -> None:
    # Not tied to its production: whoever works there need not know who else listens.
    emit(changes, f"webhook:{verb}", webhook_id=webhook.id)


def _checked(given: Mapping[str, Any]) -> dict[str, Any]:
    values = dict(given)
    if "url" in values:
        _check_url(values["url"])
    if len(values.get("name") or "") > _LONGEST_NAME:
        raise Invalid("The name is too long.", "name", f"at most {_LONGEST_NAME} characters")
    if "events" in values:
        values["events"] = patterns.checked(values["events"])
    if values.get("project_id") is not None:
        project = reference.find(PROJECT, values["project_id"]) if keys.is_id(values["project_id"]) else None
        if project is None:
            raise Invalid("There is no such production.", "project_id", "the id of a production, or null for all")
        values["project_id"] = project.id
    return values


def _check_url(url: str) -> None:
    try:
        target_of(url)
    except NotAllowed as problem:
        raise Invalid(str(problem), "url", f"an https:// address of at most {LONGEST} characters") from problem
