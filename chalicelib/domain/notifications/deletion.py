"""Taking notifications away once what they tell of is gone."""

from collections.abc import Sequence

from chalicelib.domain.jobs.job import enqueue, job
from chalicelib.records.people import NOTIFICATION
from chalicelib.records.record import Record
from chalicelib.store import bulk_deletion, reads
from chalicelib.store.changes import Changes


def delete_after(changes: Changes, notifications: Sequence[Record]) -> None:
    """Has notifications taken away once the transaction has held: they lead to what is gone by then."""
    if notifications:
        enqueue(changes, delete_notifications, notification_ids=[one.id for one in notifications])


@job("delete notifications")
def delete_notifications(notification_ids: Sequence[str]) -> None:
    """Takes notifications away; those that are gone already count as done."""
    bulk_deletion.remove(reads.get_many(NOTIFICATION, notification_ids))
