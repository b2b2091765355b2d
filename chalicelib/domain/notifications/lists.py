"""What a person was told lately, and how much of it is unread (docs/contract/people.md section 13)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from chalicelib.access.caller import Caller
from chalicelib.access.notifications import homes_seen
from chalicelib.domain.crud.pagination import Paging, latest_first, truth
from chalicelib.domain.crud.time_range import TimeRange
from chalicelib.domain.dependents import productions
from chalicelib.domain.notifications import presentation, subscriptions
from chalicelib.errors import Invalid
from chalicelib.records.people import NOTIFICATION
from chalicelib.records.record import Record, plain
from chalicelib.records.tasks import TASK
from chalicelib.store import keys, reads

MOST: Final = 100
# Where filters leave some out, more than what is answered is read at a time.
_PAGE: Final = 400
_OF_TASK: Final = ("task_type_id", "task_status_id")


class _AboutTask(msgspec.Struct):
    task_id: str


_about_task: Final = msgspec.json.Decoder(_AboutTask).decode


@dataclass(frozen=True)
class NotificationQuery:
    """The filters of a list of notifications; None where one does not filter.

    `of_task` are fields of the task as it is now: its type and its present status. `watching` is whether the person
    subscribed to the task.
    """

    span: TimeRange
    sort: str | None
    read: bool | None
    of_task: Mapping[str, str]
    watching: bool | None

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "NotificationQuery":
        """Reads them off a query; Invalid for what is no moment or no id."""
        of_task = {name: query[name].lower() for name in _OF_TASK if query.get(name)}
        for name, value in of_task.items():
            if not keys.is_id(value):
                raise Invalid(f"{name}: {value!r} is not an id.", name, "an id")
        return cls(
            TimeRange.of(query), query.get("type") or None, _flag(query, "read"), of_task, _flag(query, "watching")
        )

    @property
    def leaves_out(self) -> bool:
        """Whether what is in the span may still not be asked for."""
        return bool(self.sort or self.read or self.of_task) or self.watching is not None

    def holds(self, notification: Record) -> bool:
        """Whether a notification itself passes."""
        return (
            self.span.holds(notification["created_at"])
            and self.sort in (None, notification["notification_type"])
            and self.read in (None, notification["read"])
        )


def _flag(query: Mapping[str, str], name: str) -> bool | None:
    return truth(query, name) if query.get(name) else None


def last(caller: Caller, query: Mapping[str, str]) -> list[dict[str, Any]]:
    """The last hundred notifications with these filters, newest first.

    Reads a person's notifications from the newest on until there are so many; unread ones by an index of their own.
    """
    asked = NotificationQuery.of(query)
    found: list[Record] = []
    for page in _pages(caller, asked):
        found += _chosen(caller, asked, page)
        if len(found) >= MOST:
            break
    found.sort(key=lambda one: str(one["created_at"]), reverse=True)
    return presentation.rows(caller, found[:MOST])


def _pages(caller: Caller, asked: NotificationQuery) -> Iterator[list[Record]]:
    by = "unread_since" if asked.read is False else "created_at"
    home = keys.home_of_owner(caller.id)
    size = _PAGE if asked.leaves_out else MOST
    for page in reads.pages_of(NOTIFICATION, home, by, asked.span.condition, descending=True, limit=size):
        yield reads.records_of(NOTIFICATION, page)


def _chosen(caller: Caller, asked: NotificationQuery, page: Sequence[Record]) -> list[Record]:
    """Those of a page that are asked for, and of what the caller may know; up to three reads a hundred tasks."""
    found = [one for one in page if asked.holds(one)]
    homes = homes_seen(caller, (one["task_id"] for one in found))
    wanted = set(homes)
    if asked.of_task:
        tasks = reads.get_many(TASK, homes)
        wanted &= {task.id for task in tasks if all(task[name] == value for name, value in asked.of_task.items())}
    if asked.watching is not None:
        watched = set(subscriptions.to_those(caller.id, homes))
        wanted = wanted & watched if asked.watching else wanted - watched
    return [one for one in found if one["task_id"] in wanted]


def unread_count(caller: Caller) -> int:
    """How many notifications the caller has not read: those that `last` finds with `read=false`, were it unlimited."""
    unread = reads.rows_of(NOTIFICATION, keys.home_of_owner(caller.id), "unread_since")
    told = [_about_task(row.doc.S).task_id for row in unread if row.doc is not None]
    seen = homes_seen(caller, told)
    return sum(task_id in seen for task_id in told)


def of_production(project: Record, query: Mapping[str, str]) -> Any:
    """Whatever anybody was told about the tasks of a production, last changed first; a page of it with `page`.

    Reads what its people were told, a query a person side by side.
    """
    found = [one for part in productions.notifications_of(keys.home_of_owner(project.id)) for one in part]
    return latest_first(found, Paging.of(query), lambda part: [plain(one) for one in part])
