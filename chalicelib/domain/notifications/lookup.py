"""Finding the notifications of a task or a comment.

A notification lives in the home of the person it tells. A task keeps who was ever told of anything about it (`told`),
so that its notifications are found by one small query a person.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Final

from chalicelib.records.people import NOTIFICATION, PERSON
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.store import keys, reads, reference

_PERSONS_AT_ONCE: Final = 60


def notifications_of(task: Record) -> list[str]:
    """The ids of the persons who were notified of something about a task."""
    return list(task.get("told") or ())


def with_told(task: Record, person_ids: Iterable[str]) -> list[str]:
    """`told` of the task once these persons are told, too."""
    return list(dict.fromkeys([*notifications_of(task), *person_ids]))


def of_tasks(tasks: Sequence[Record]) -> list[Record]:
    """All notifications about these tasks, read side by side."""
    looks = [
        partial(reads.query, NOTIFICATION, keys.home_of_owner(person_id), "l4", ("=", task.id))
        for task in tasks
        for person_id in notifications_of(task)
    ]
    return [record for part in reads.parallel(looks) for record in part]


def of_production(home: str) -> Iterator[list[Record]]:
    """All notifications about tasks of a production, so many persons at a time.

    Ids of tasks tell their home, so that an index leads to them; where the production has imported tasks, whose ids
    tell none, all that its people were told is looked through.
    """
    tasks = reads.pages(keys.partition(home, TASK))
    imported = {row.sk.S for page in tasks for row in page if keys.home_told_by(row.sk.S) != home}
    condition = None if imported else ("^", keys.id_prefix(home))
    persons = [keys.home_of_owner(person_id) for person_id in reference.every(PERSON)]
    for start in range(0, len(persons), _PERSONS_AT_ONCE):
        looks = [
            partial(reads.query, NOTIFICATION, person, "l4", condition)
            for person in persons[start : start + _PERSONS_AT_ONCE]
        ]
        told = [one for part in reads.parallel(looks) for one in part]
        yield [one for one in told if keys.home_told_by(one["task_id"]) == home or one["task_id"] in imported]


def of_comment(task: Record, comment_id: str) -> list[Record]:
    """The notifications of a comment and of its replies, read side by side."""
    looks = [
        partial(reads.query, NOTIFICATION, keys.home_of_owner(person_id), "l3", ("=", comment_id))
        for person_id in notifications_of(task)
    ]
    return [record for part in reads.parallel(looks) for record in part]
