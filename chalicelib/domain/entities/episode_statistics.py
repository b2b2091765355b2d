"""What is done in the episodes of a show, and how often it had to be done again.

Source: docs/contract/entities.md section 10.
"""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any, Final, NamedTuple

from chalicelib.access.caller import Caller
from chalicelib.domain.entities.kinds import EPISODE, SEQUENCE
from chalicelib.records.entities import ENTITY
from chalicelib.records.production import TASK_STATUS
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.store import keys, partitions, reads, reference

Figures = dict[str, Any]
_ALL: Final = "all"
_OUTCOMES: Final = ("done", "retake", "other")


class _Work(NamedTuple):
    """A task, the episode that its entity is in, its status, and what it counts for."""

    episode_id: str
    task: Record
    status: Record
    frames: int
    drawings: int

    @property
    def takes(self) -> int:
        """How often it was sent back."""
        return self.task["retake_count"] or 0

    @property
    def groups(self) -> list[tuple[str, str]]:
        """The episodes and task types under which it counts: its own, and all of each."""
        task_type_id = self.task["task_type_id"]
        return [(above, below) for above in (self.episode_id, _ALL) for below in (task_type_id, _ALL)]


def by_status(caller: Caller, project: Record) -> dict[str, Any]:
    """Tasks by episode, task type and status: `{episode: {task type: {status: figures}}}`, `all` among the keys.

    figures: name and color of the status, count, frames, drawings. Vendors count their own tasks alone. What changed of
    the production's entities and tasks is two queries; the rest is one pass over its tasks.
    """
    found: dict[str, dict[str, dict[str, Figures]]] = {}
    for work in _work(caller, project):
        status = work.status
        for above, below in work.groups:
            figures = (
                found.setdefault(above, {})
                .setdefault(below, {})
                .setdefault(status.id, {"name": status["short_name"], "color": status["color"], **_nothing()})
            )
            _count(figures, work)
    return found


def by_take(caller: Caller, project: Record) -> dict[str, Any]:
    """Tasks by episode, task type and outcome, and how the outcomes came about take by take.

    `{episode: {task type: {max_retake_count, evolution, done, retake, other}}}`, `all` among the keys; `all` of `all`
    is always there. Calls as in `by_status`.
    """
    groups: dict[tuple[str, str], list[_Work]] = {(_ALL, _ALL): []}
    for work in _work(caller, project):
        for group in work.groups:
            groups.setdefault(group, []).append(work)
    found: dict[str, dict[str, Figures]] = {}
    for (above, below), works in groups.items():
        found.setdefault(above, {})[below] = _takes(works, with_evolution=above != _ALL)
    return found


def _work(caller: Caller, project: Record) -> Iterator[_Work]:
    home = keys.home_of_owner(project.id)
    queries = [partial(partitions.held, kind, home) for kind in (ENTITY, TASK)]
    entities, tasks = (held.records for held in reads.parallel(queries))
    statuses = reference.every(TASK_STATUS)
    episodes, sequences = EPISODE.type_ids(), SEQUENCE.type_ids()
    episode_of: dict[str, str] = {
        one.id: one["parent_id"]
        for one in entities.values()
        if one["entity_type_id"] in sequences
        and one["parent_id"] in entities
        and entities[one["parent_id"]]["entity_type_id"] in episodes
    }
    for task in tasks.values():
        entity, status = entities.get(task["entity_id"] or ""), statuses.get(task["task_status_id"] or "")
        if entity is None or status is None or not task["task_type_id"]:
            continue
        episode_id = episode_of.get(entity["parent_id"] or "")
        if episode_id is None or (caller.is_vendor and caller.id not in task["assignees"]):
            continue
        yield _Work(episode_id, task, status, entity["nb_frames"] or 0, task["nb_drawings"] or 0)


def _takes(works: Iterable[_Work], with_evolution: bool) -> Figures:
    works = list(works)
    outcomes = {outcome: _nothing() for outcome in _OUTCOMES}
    for work in works:
        _count(outcomes[_outcome(work)], work)
    most = max((work.takes for work in works), default=0)
    evolution = _evolution(works, most) if with_evolution else {}
    return {"max_retake_count": most, "evolution": evolution, **outcomes}


def _outcome(work: _Work) -> str:
    if work.status["is_done"]:
        return "done"
    return "retake" if work.status["is_retake"] else "other"


def _evolution(works: Iterable[_Work], most: int) -> Figures:
    """For each take what was sent back in it; of the rest what is done by now, and what is not (without its frames)."""
    found = {str(take): {outcome: _nothing() for outcome in _OUTCOMES} for take in range(1, most + 1)}
    for work in works:
        later = "done" if work.status["is_done"] else "other"
        for take in range(1, most + 1):
            outcome = "retake" if take <= work.takes else later
            _count(found[str(take)][outcome], work, with_frames=outcome != "other")
    return found


def _nothing() -> Figures:
    return {"count": 0, "frames": 0, "drawings": 0}


def _count(figures: Figures, work: _Work, with_frames: bool = True) -> None:
    figures["count"] += 1
    figures["frames"] += work.frames if with_frames else 0
    figures["drawings"] += work.drawings
