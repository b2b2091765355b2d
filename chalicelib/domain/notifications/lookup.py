"""Finding the notifications of a task or a comment.

A notification lives in the home of the person it tells. A task keeps who was ever told of anything about it (`told`),
so that its notifications are found by one small query a person.
"""

from collections.abc import Iterable
from functools import partial
from typing import Final

from chalicelib.records.people import NOTIFICATION
from chalicelib.records.record import Record
from chalicelib.store import keys, reads

_PERSONS_AT_ONCE: Final = 60


def notifications_of(task: Record) -> list[str]:
    """The ids of the persons who were notified of something about a task."""
    return list(task.get("told") or ())


def with_told(task: Record, person_ids: Iterable[str]) -> list[str]:
    """`told` of the task once these persons are told, too."""
    return list(dict.fromkeys([*notifications_of(task), *person_ids]))


def of_comment(task: Record, comment_id: str) -> list[Record]:
    """The notifications of a comment and of its replies, read side by side."""
    queries = [
        partial(reads.query, NOTIFICATION, keys.home_of_owner(person_id), "task_id", ("=", task.id))
        for person_id in notifications_of(task)
    ]
    told = [record for part in reads.parallel(queries) for record in part]
    return [record for record in told if record["comment_id"] == comment_id]
