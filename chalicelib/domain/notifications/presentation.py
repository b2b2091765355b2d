"""How a person is shown what they were told: with all that a client needs to show it.

Source: docs/contract/people.md section 13.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from chalicelib.access.caller import Caller
from chalicelib.access.notifications import homes_seen
from chalicelib.domain.entities import names
from chalicelib.domain.notifications import subscriptions, words
from chalicelib.records import clock
from chalicelib.records.entities import ENTITY
from chalicelib.records.people import NOTIFICATION
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record
from chalicelib.records.tasks import COMMENT, TASK
from chalicelib.store import reads, reference

Records = Mapping[str, Record]


def rows(caller: Caller, notifications: Sequence[Record]) -> list[dict[str, Any]]:
    """Notifications in full, in their order.

    Tasks, comments and subscriptions are read side by side, a hundred a read; then the entities, and what is above.
    """
    task_ids = {one["task_id"] for one in notifications}
    queries: list[Callable[[], dict[str, Any]]] = [
        partial(_by_id, TASK, task_ids),
        partial(_by_id, COMMENT, {one["comment_id"] for one in notifications if one["comment_id"]}),
        partial(subscriptions.to_those, caller.id, homes_seen(caller, task_ids)),
    ]
    tasks, comments, subscribed = reads.parallel(queries)
    entities = _by_id(ENTITY, {task["entity_id"] for task in tasks.values() if task["entity_id"]})
    around = _Around(tasks, comments, entities, names.ancestors_of(list(entities.values())), subscribed)
    return [around.row(caller, one) for one in notifications]


def _by_id(kind: Any, ids: Iterable[str]) -> dict[str, Record]:
    return {record.id: record for record in reads.get_many(kind, ids)}


class _Around:
    """What the notifications of a list speak of."""

    def __init__(
        self, tasks: Records, comments: Records, entities: Records, above: Records, subscribed: Mapping[str, str]
    ) -> None:
        self._tasks = tasks
        self._comments = comments
        self._entities = entities
        self._above = above
        self._subscribed = subscribed

    def row(self, caller: Caller, notification: Record) -> dict[str, Any]:
        """One notification in full; null where what it speaks of is gone."""
        task = self._tasks.get(notification["task_id"])
        return {
            "id": notification.id,
            "type": NOTIFICATION.name,
            "notification_type": notification["notification_type"],
            "author_id": notification["author_id"],
            "created_at": clock.shown(notification["created_at"]),
            "read": notification["read"],
            "change": notification["change"],
            "task_id": notification["task_id"],
            "task_type_id": task["task_type_id"] if task else None,
            "subscription_id": self._subscribed.get(notification["task_id"]),
            **self._of_comment(caller, notification, task),
            **self._of_place(task),
        }

    def _of_comment(self, caller: Caller, notification: Record, task: Record | None) -> dict[str, Any]:
        comment = self._comments.get(notification["comment_id"] or "")
        reply = words.reply_of(notification, comment)
        project = reference.find(PROJECT, task["project_id"]) if task else None
        texts = words.told(caller, project, notification, comment) if comment and project else {}
        return {
            "comment_id": notification["comment_id"],
            "comment_text": texts.get("comment"),
            "reply_text": texts.get("reply", ""),
            "task_status_id": comment["task_status_id"] if comment else None,
            "preview_file_id": next(iter(comment["previews"]), None) if comment else None,
            "mentions": comment["mentions"] if comment else [],
            "department_mentions": comment["department_mentions"] if comment else [],
            "reply_mentions": reply.get("mentions") or [],
            "reply_department_mentions": reply.get("department_mentions") or [],
        }

    def _of_place(self, task: Record | None) -> dict[str, Any]:
        entity = self._entities.get(task["entity_id"] or "") if task else None
        project = reference.find(PROJECT, task["project_id"]) if task else None
        return {
            "project_id": project.id if project else None,
            "project_name": project["name"] if project else "",
            "full_entity_name": names.full_name(entity, self._above) if entity else "",
            "episode_id": names.episode_id_of(entity, self._above) if entity else None,
            "entity_preview_file_id": entity["preview_file_id"] if entity else None,
        }
