"""Status, dates and counters of a task, as its comments drive them (docs/contract/tasks.md 6.3)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from chalicelib.domain.tasks import statuses
from chalicelib.events.journal import emit
from chalicelib.records import clock
from chalicelib.records.production import TASK_STATUS
from chalicelib.records.record import Record
from chalicelib.records.tasks import COMMENT, TASK, TIME_SPENT
from chalicelib.store import homes, reads, reference
from chalicelib.store.changes import Changes

_STARTS: Final = "wip"


def is_latest(task: Record, created_at: str) -> bool:
    """Whether a comment of that moment is the latest of a task, to the second."""
    last: str | None = task["last_comment_date"]
    return last is None or clock.shown(last) <= clock.shown(created_at)


def advanced(task: Record, status: Record, created_at: str) -> dict[str, Any]:
    """What the latest comment changes on its task; nothing is ever taken back."""
    changed: dict[str, Any] = {"task_status_id": status.id, "last_comment_date": created_at}
    if task["task_status_id"] == status.id:
        return changed
    now = clock.now()
    if status["is_retake"]:
        changed["retake_count"] = (task["retake_count"] or 0) + 1
    if status["is_feedback_request"]:
        changed["end_date"] = now
    if _starts(status) and task["real_start_date"] is None:
        changed["real_start_date"] = now
    if status["is_done"]:
        changed["done_date"] = now
    return changed


def thread_of(task: Record) -> list[Record]:
    """The comments of a task, oldest first (one query)."""
    return reads.query(COMMENT, homes.of(TASK, task), "l1", ("^", f"{task.id}#"))


def time_on(task: Record) -> list[Record]:
    """The time spent on a task, by day (one query)."""
    return reads.query(TIME_SPENT, homes.of(TASK, task), "l1", ("^", f"{task.id}#"))


def recounted(task: Record, thread: Iterable[Record]) -> dict[str, Any]:
    """The same counted anew from the whole thread; a task without comments gets the default status (two reads)."""
    ordered = sorted(thread, key=lambda comment: str(comment["created_at"]))
    found = [(comment["created_at"], reference.find(TASK_STATUS, comment["task_status_id"])) for comment in ordered]
    steps = [(moment, status) for moment, status in found if status is not None]
    return {
        "retake_count": _retakes(steps),
        "real_start_date": next((moment for moment, status in steps if _starts(status)), None),
        "end_date": _last(steps, "is_feedback_request"),
        "done_date": _last(steps, "is_done"),
        "last_comment_date": ordered[-1]["created_at"] if ordered else None,
        "task_status_id": (steps[-1][1] if steps else statuses.default_of(task)).id,
        "duration": total(time_on(task)),
    }


def recount(changes: Changes, task: Record, thread: Iterable[Record]) -> Record:
    """Counts a task anew inside a command; `thread` are its comments as the command leaves them."""
    changed = changes.update(task, **recounted(task, thread))
    emit(changes, "task:update", task["project_id"], task_id=task.id)
    return changed


def emit_status_change(
    changes: Changes, task: Record, before: str | None, after: str | None, author_id: str | None
) -> None:
    """Adds the event of another status; `author_id` wrote the comment behind it."""
    told = {"new_task_status_id": after, "previous_task_status_id": before, "person_id": author_id}
    emit(changes, "task:status-changed", task["project_id"], task_id=task.id, **told)


def total(time_spents: Iterable[Mapping[str, Any]]) -> float:
    """The minutes of these time spents."""
    return sum(spent["duration"] or 0 for spent in time_spents)


def _retakes(steps: Sequence[tuple[str, Record]]) -> int:
    """How many comments ask for a retake while the one before did not."""
    asked = [bool(status["is_retake"]) for _, status in steps]
    return sum(now and not before for before, now in zip([False, *asked], asked, strict=False))


def _last(steps: Sequence[tuple[str, Record]], mark: str) -> str | None:
    return next((moment for moment, status in reversed(steps) if status[mark]), None)


def _starts(status: Record) -> bool:
    return str(status["short_name"]).lower() == _STARTS
