"""Who is told of what happens to a task (docs/contract/tasks.md section 7)."""

from collections.abc import Iterable
from functools import partial

from chalicelib.records.entities import ENTITY
from chalicelib.records.people import PERSON, SUBSCRIPTION
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.store import homes, reads, reference


class TaskContext:
    """What a posting on a task needs to know besides the task: its entity, its production, its subscribers.

    Up to three reads: the entity and the subscriptions to the task side by side, then those to the sequence.
    """

    def __init__(self, task: Record) -> None:
        home = homes.of(TASK, task)
        look = partial(reads.query, SUBSCRIPTION, home, "task_id", ("=", task.id))
        entity, subscriptions = reads.parallel([partial(_entity, task["entity_id"]), look])
        self.entity: Record | None = entity[0] if entity else None
        self.project: Record = reference.get(PROJECT, task["project_id"] or "")
        if self.entity is not None and self.entity["parent_id"] and task["task_type_id"]:
            condition = ("=", f"{self.entity['parent_id']}#{task['task_type_id']}")
            subscriptions = subscriptions + reads.query(SUBSCRIPTION, home, "entity_id", condition)
        self.subscribers = [str(subscription["person_id"]) for subscription in subscriptions]

    def following(self, task: Record) -> list[str]:
        """Who is told of every comment: the assigned and the subscribers."""
        return self.admitted([*task["assignees"], *self.subscribers])

    def admitted(self, person_ids: Iterable[str]) -> list[str]:
        """Those of these persons who may know of the production."""
        return filter_recipients(self.project, person_ids)


def filter_recipients(project: Record, person_ids: Iterable[str]) -> list[str]:
    """Those of these persons who may know of a production, each once: nobody is told who left its team."""
    team = set(project["team"])
    return [one for one in dict.fromkeys(person_ids) if one in team or _is_admin(one)]


def _is_admin(person_id: str) -> bool:
    person = reference.find(PERSON, person_id)
    return person is not None and person["role"] == "admin"


def _entity(entity_id: str | None) -> list[Record]:
    found = reads.find(ENTITY, entity_id or "")
    return [found] if found else []
