"""Status, dates and retakes of a task, counted from its comments (docs/contract/tasks.md 6.3)."""

from collections.abc import Iterable, Sequence, Set
from functools import partial
from typing import Any, Final

from chalicelib.domain.commands import found
from chalicelib.domain.counters import durations
from chalicelib.domain.workflow import task_statuses
from chalicelib.events.journal import emit
from chalicelib.records.production import TASK_STATUS
from chalicelib.records.record import Record
from chalicelib.records.tasks import COMMENT, TASK
from chalicelib.store import homes, reads, reference
from chalicelib.store.changes import Changes, write

_STARTS: Final = "wip"


def thread_of(task: Record) -> list[Record]:
    """The comments of a task, oldest first (one query)."""
    return reads.query(COMMENT, homes.of(TASK, task), "object_id", ("^", f"{task.id}#"))


def recounted(task: Record, thread: Iterable[Record]) -> dict[str, Any]:
    """The same counted anew from the whole thread; a task without comments gets the default status (two reads)."""
    ordered = sorted(thread, key=lambda comment: str(comment["created_at"]))
    found = [(comment["created_at"], reference.find(TASK_STATUS, comment["task_status_id"])) for comment in ordered]
    steps = [(moment, status) for moment, status in found if status is not None]
    return {
        "retake_count": _retakes(steps),
        "real_start_date": next((moment for moment, status in steps if starts_work(status)), None),
        "end_date": _last(steps, "is_feedback_request"),
        "done_date": _last(steps, "is_done"),
        "last_comment_date": ordered[-1]["created_at"] if ordered else None,
        "task_status_id": (steps[-1][1] if steps else task_statuses.default_of(task)).id,
        "duration": durations.total(durations.time_on(task)),
    }


def recount(changes: Changes, task: Record, thread: Iterable[Record]) -> Record:
    """Counts a task anew inside a command; `thread` are its comments as the command leaves them."""
    changed = changes.update(task, **recounted(task, thread))
    emit(changes, "task:update", task["project_id"], task_id=task.id)
    return changed


def without(comments: Sequence[Record], gone: Set[str]) -> None:
    """Counts the tasks of comments anew that are about to go, without them; tasks that are `gone` are left alone."""
    ids = frozenset(comment.id for comment in comments)
    for task_id in {comment["object_id"] for comment in comments} - gone:
        write(partial(_without, task_id=task_id, ids=ids))


def _without(changes: Changes, task_id: str, ids: Set[str]) -> None:
    task = found(changes, TASK, task_id)
    if task is not None:
        recount(changes, task, [comment for comment in thread_of(task) if comment.id not in ids])


def _retakes(steps: Sequence[tuple[str, Record]]) -> int:
    """How many comments ask for a retake while the one before did not."""
    asked = [bool(status["is_retake"]) for _, status in steps]
    return sum(now and not before for before, now in zip([False, *asked], asked, strict=False))


def _last(steps: Sequence[tuple[str, Record]], mark: str) -> str | None:
    return next((moment for moment, status in reversed(steps) if status[mark]), None)


def starts_work(status: Record) -> bool:
    """Whether work on a task begins with a status."""
    return str(status["short_name"]).lower() == _STARTS
