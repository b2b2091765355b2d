"""The generic CRUD of subscriptions and notifications."""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.access.caller import Caller
from chalicelib.domain.crud.collection import Collection
from chalicelib.domain.notifications.creation import note_recipient
from chalicelib.errors import Invalid
from chalicelib.records import clock
from chalicelib.records.people import (
    NOTIFICATION,
    SUBSCRIPTION,
)
from chalicelib.records.record import Record
from chalicelib.store.changes import Changes


class Subscriptions(Collection):
    """Subscriptions of everybody."""

    kind = SUBSCRIPTION

    def changed_values(self, caller: Caller, record: Record, values: dict[str, Any]) -> dict[str, Any]:
        """It stays with a task or an entity, beside which it is kept."""
        del caller
        after = {**record, **values}
        if (record["task_id"] or record["entity_id"]) and not (after["task_id"] or after["entity_id"]):
            raise Invalid("A subscription is to a task or an entity.", "task_id", "the id of a task")
        return values


class Notifications(Collection):
    """Notifications of everybody."""

    kind = NOTIFICATION

    def new_values(self, caller: Caller, values: dict[str, Any]) -> dict[str, Any]:
        """Where it is unread, it is among what its person is told of."""
        del caller
        return {**values, **_unread(values, clock.now())}

    def changed_values(self, caller: Caller, record: Record, values: dict[str, Any]) -> dict[str, Any]:
        """Read, it is no longer among what its person is told of; unread again, it is."""
        del caller
        return {**values, **_unread({**record, **values}, record["created_at"])}

    def created(self, changes: Changes, caller: Caller, record: Record) -> None:
        """Its event; the task knows whom it told, so that it goes with the task."""
        super().created(changes, caller, record)
        note_recipient(changes, record)

    def changed(self, changes: Changes, caller: Caller, old: Record, new: Record) -> None:
        """The same of the task that it is about now."""
        super().changed(changes, caller, old, new)
        note_recipient(changes, new)


def _unread(values: Mapping[str, Any], since: str) -> dict[str, Any]:
    return {"unread_since": None if values.get("read") else since}


COLLECTIONS: Final[tuple[Collection, ...]] = (Subscriptions(), Notifications())
