"""Access rules of saved searches: to others than their owner they are not there.

Source: docs/contract/people.md section 11.
"""

from chalicelib.access.caller import Caller
from chalicelib.access.rules import of_record
from chalicelib.errors import NotFound
from chalicelib.records.people import SEARCH_FILTER, SEARCH_FILTER_GROUP
from chalicelib.records.record import Record


def own(caller: Caller, saved: Record) -> None:
    """Its owner alone."""
    if saved["person_id"] != caller.id:
        raise NotFound(f"You have no {saved.kind.name} with the id {saved.id!r}.", {"id": saved.id})


def own_or_administer(caller: Caller, saved: Record) -> None:
    """Its owner, and admins."""
    if not caller.is_admin:
        own(caller, saved)


filter_owner = of_record("the owner", SEARCH_FILTER, "filter_id", own, bots=False)
filter_owner_or_admin = of_record("the owner, or admin", SEARCH_FILTER, "filter_id", own_or_administer, bots=False)
group_owner = of_record("the owner", SEARCH_FILTER_GROUP, "filter_group_id", own, bots=False)
