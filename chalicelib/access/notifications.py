"""Which notifications one may still know of: those of open productions one is in.

Source: docs/contract/people.md sections 1 and 10.
"""

from collections.abc import Iterable
from typing import Final

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.access.rules import of_record
from chalicelib.errors import NotFound
from chalicelib.records.people import NOTIFICATION
from chalicelib.records.record import Record
from chalicelib.store import homes, keys


def homes_seen(caller: Caller, task_ids: Iterable[str]) -> dict[str, str]:
    """Where those of these tasks live that the caller may hear of, by their ids.

    An id tells its home; those that came from elsewhere are looked up together, a hundred a read.
    """
    seen = {keys.home_of_owner(project.id) for project in checks.projects_of(caller)}
    return {task_id: home for task_id, home in homes.of_ids(task_ids).items() if home in seen}


def own(caller: Caller, notification: Record) -> None:
    """The person it tells, while they may know of its production; to others it is not there."""
    if notification["person_id"] != caller.id or not homes_seen(caller, [notification["task_id"]]):
        raise NotFound(f"You have no notification with the id {notification.id!r}.", {"id": notification.id})


owner: Final = of_record("the owner", NOTIFICATION, "notification_id", own, bots=False)
