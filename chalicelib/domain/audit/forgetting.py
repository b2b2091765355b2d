"""What becomes of the audit of somebody who is removed: nothing tells of them any more, nor that they did something."""

from collections.abc import Sequence

from chalicelib.domain.audit import items
from chalicelib.domain.jobs.job import job
from chalicelib.records.people import PERSON
from chalicelib.store import bulk_deletion, bulk_writing, keys, reads, reference
from chalicelib.store.wire import Row


@job("forget a person in the audit")
def forget_person(person_id: str) -> None:
    """Takes out of the audit what was told of a person who is gone, and their name from what they changed.

    What they changed stays, with nobody as its author. Cut off, it goes on with what is left the next time.
    """
    if reference.find(PERSON, person_id) is not None:
        return  # They were imported again under their old id.
    for page in reads.pages(keys.audit_of(person_id)):
        _drop([row for row in page if (entry := items.entry_in(row)) is not None and entry.action != "delete"])
    for month in [row.sk.S for page in reads.pages(keys.audit_months(person_id)) for row in page]:
        for page in reads.pages(keys.audit_in(person_id, month)):
            _let_go(page)
        bulk_deletion.delete([(keys.audit_months(person_id), month)])


def _drop(told: Sequence[Row]) -> None:
    """Takes entries away; what leads to them first, since it is found by them."""
    leading = [
        key
        for row in told
        if (entry := items.entry_in(row)) is not None and row.at is not None
        for key in items.leading_to(entry, row.at.S, row.sk.S)
    ]
    bulk_deletion.delete(leading)
    bulk_deletion.delete((row.pk.S, row.sk.S) for row in told)


def _let_go(leading: Sequence[Row]) -> None:
    """Takes the author out of the entries that these items lead to, and then the items away."""
    found = reads.items([items.place_led_to(row) for row in leading])
    entries = [(entry, row) for row in found.values() if (entry := items.entry_in(row)) is not None]
    for entry, _ in entries:
        entry.person_id = None
    bulk_writing.put(items.put_again(entry, row) for entry, row in entries)
    bulk_deletion.delete((row.pk.S, row.sk.S) for row in leading)
