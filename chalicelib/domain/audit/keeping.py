"""Keeping the audit: what the stream of the table tells, as it was written."""

import logging
from functools import partial
from typing import Any, Final

from chalicelib.domain.audit import items
from chalicelib.domain.audit.entries import Told, told_by
from chalicelib.domain.audit.forgetting import forget_person
from chalicelib.domain.jobs.job import enqueue, enqueue_later
from chalicelib.records.people import PERSON
from chalicelib.settings import current
from chalicelib.store.changes import Changes, write
from chalicelib.store.stream import Change, changes_in, come_again

_SECONDS_UNTIL_ANOTHER_LOOK: Final = 1200.0
_log = logging.getLogger("vulpes.audit")


def keep(stream_event: dict[str, Any]) -> dict[str, Any]:
    """Keeps the changes of a batch of the table's stream; delivery is at least once, and once more changes nothing.

    Gives Lambda's `batchItemFailures`: from the first change that cannot be read, all come again.
    """
    if not current().audit_days:
        return come_again(())
    told: list[Told] = []
    failures: list[Change] = []
    for change in changes_in(stream_event):
        try:
            if (one := told_by(change)) is not None:
                told.append(one)
        except Exception:
            _log.exception("The change of %s %s was not told; it comes again.", change.pk, change.sk)
            failures = [change]
            break
    items.put(told)
    for entry, _, _ in told:
        if entry.kind == PERSON.name and entry.action == "delete":
            write(partial(_forget, person_id=entry.record_id))
    return come_again(failures)


def _forget(changes: Changes, person_id: str) -> None:
    enqueue(changes, forget_person, person_id=person_id)
    # What they changed last may come later, by another way of the stream.
    enqueue_later(changes, forget_person, _SECONDS_UNTIL_ANOTHER_LOOK, person_id=person_id)
