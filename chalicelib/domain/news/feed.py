"""Feeds of news: of a production, of all that one is in, of an entity (docs/contract/tasks.md section 8).

A feed counts all that its filters let through, so a production's news are held in the container; what is read is what
came since, one query a production.
"""

import heapq
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.domain.crud.pagination import MOST_A_PAGE, whole_number
from chalicelib.domain.crud.time_range import TimeRange
from chalicelib.domain.entities.lookup import own_tasks
from chalicelib.domain.news import presentation
from chalicelib.domain.tasks.lists import shots_of_episode
from chalicelib.errors import Invalid
from chalicelib.records.fields import Kind
from chalicelib.records.record import Record
from chalicelib.records.tasks import NEWS, TASK
from chalicelib.records.validation import FALSE, TRUE
from chalicelib.store import keys, partitions, reads

_USUAL: Final = 50
_MOST_OF_AN_ENTITY: Final = 2000
_IDS: Final = ("task_type_id", "task_status_id", "person_id")


@dataclass(frozen=True)
class NewsQuery:
    """The filters of a feed; None where one does not filter. `shots` are those of the episode asked for."""

    span: TimeRange
    task_type_id: str | None
    task_status_id: str | None
    person_id: str | None
    shots: set[str] | None
    only_preview: bool

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "NewsQuery":
        """Reads them off a query; Invalid for what is no moment, no id, neither true nor false."""
        ids = {name: query.get(name, "").lower() or None for name in _IDS}
        for name, value in ids.items():
            if value and not keys.is_id(value):
                raise Invalid(f"{name}: {value!r} is not an id.", name, "an id")
        only_preview = query.get("only_preview", "").lower() or "false"
        if only_preview not in TRUE | FALSE:
            raise Invalid("only_preview is neither true nor false.", "only_preview", "true or false")
        return cls(TimeRange.of(query), **ids, shots=shots_of_episode(query), only_preview=only_preview in TRUE)

    def holds(self, news: Record) -> bool:
        """Whether news pass by themselves."""
        return (
            self.span.holds(news["created_at"])
            and self.person_id in (None, news["author_id"])
            and (self.task_status_id is None or (news["change"] and _status(news) == self.task_status_id))
            and not (self.only_preview and news["preview_file_id"] is None)
        )

    def holds_task(self, task: Record) -> bool:
        """Whether the task passes that news are about."""
        return self.task_type_id in (None, task["task_type_id"]) and (
            self.shots is None or task["entity_id"] in self.shots
        )


def of_production(project: Record, query: Mapping[str, str]) -> dict[str, Any]:
    """The news of a production: a page with `stats`, how many news tell of a change to each status."""
    return _page([project], query, None)


def of_all(caller: Caller, query: Mapping[str, str]) -> dict[str, Any]:
    """The news of the open productions the caller is in; to vendors, those of entities they work on."""
    seen = checks.assigned_entities(caller) if caller.is_vendor else None
    return _page(checks.projects_of(caller), query, seen)


def of_entity(entity: Record) -> dict[str, Any]:
    """The news of an entity's tasks, two thousand at most: one query a task, side by side."""
    home = keys.home_of_owner(entity["project_id"])
    queries = [partial(reads.query, NEWS, home, "task_id", ("^", f"{task.id}#")) for task in own_tasks(entity)]
    return _cut([one for part in reads.parallel(queries) for one in part], 1, _MOST_OF_AN_ENTITY)


def _page(projects: Iterable[Record], query: Mapping[str, str], entities: set[str] | None) -> dict[str, Any]:
    asked = NewsQuery.of(query)
    page, limit = _positive(query, "page", 1), _positive(query, "limit", _USUAL)
    homes = [keys.home_of_owner(project.id) for project in projects]
    found = [one for one in _held(NEWS, homes) if asked.holds(one)]
    if asked.task_type_id or asked.shots is not None or entities is not None:
        wanted = {
            task.id
            for task in _held(TASK, homes)
            if asked.holds_task(task) and (entities is None or task["entity_id"] in entities)
        }
        found = [one for one in found if one["task_id"] in wanted]
    stats = Counter(status for one in found if one["change"] and (status := _status(one)))
    return {**_cut(found, page, limit), "stats": stats}


def _positive(query: Mapping[str, str], name: str, default: int) -> int:
    number = whole_number(query, name, default)
    if not 1 <= number <= MOST_A_PAGE:
        raise Invalid(f"{name} is out of range.", name, f"a number from 1 to {MOST_A_PAGE}")
    return number


def _held(kind: Kind, homes: Sequence[str]) -> list[Record]:
    held = reads.parallel([partial(partitions.held, kind, home) for home in homes])
    return [record for one in held for record in one.records.values()]


def _cut(found: Sequence[Record], page: int, limit: int) -> dict[str, Any]:
    offset = (page - 1) * limit
    newest = heapq.nlargest(offset + limit, found, key=lambda one: (one["created_at"], one.id))
    return {
        "data": presentation.rows(newest[offset:]),
        "total": len(found),
        "nb_pages": -(-len(found) // limit),
        "limit": limit,
        "offset": offset,
        "page": page,
    }


def _status(news: Record) -> str | None:
    return news.get("task_status_id")
