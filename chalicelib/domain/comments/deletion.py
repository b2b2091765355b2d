"""Deleting a comment, with what belongs to it (docs/contract/tasks.md 6.8)."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from chalicelib.domain.commands import Known
from chalicelib.domain.counters import progress as counted
from chalicelib.domain.dependents import lookup, removal
from chalicelib.domain.files.previews import remove_previews
from chalicelib.domain.tasks import progress
from chalicelib.events.journal import emit
from chalicelib.records.files import PREVIEW_FILE
from chalicelib.records.record import Record
from chalicelib.records.tasks import COMMENT, NEWS
from chalicelib.store import reads
from chalicelib.store.changes import Changes, write

# Up to five items each; the rest of the transaction is the comment, its news, its task and their events.
_PREVIEWS_A_WRITE: Final = 15


def remove(task: Record, comment: Record) -> None:
    """Takes a comment away with its news, previews, notifications and attachments; its task is counted anew.

    Comment, news, previews and task go in one transaction; what only leads to the comment follows.
    """
    comment = _without_previews_beyond(comment)
    write(partial(_remove, known_task=Known(task), known_comment=Known(comment)))


def _without_previews_beyond(comment: Record) -> Record:
    """The comment without the previews that do not fit the transaction: those go before."""
    beyond = comment["previews"][_PREVIEWS_A_WRITE:]
    for start in range(0, len(beyond), _PREVIEWS_A_WRITE):
        write(partial(_remove_those, preview_ids=beyond[start : start + _PREVIEWS_A_WRITE]))
    return reads.get(COMMENT, comment.id) if beyond else comment


def _remove_those(changes: Changes, preview_ids: Sequence[str]) -> None:
    remove_previews(changes, reads.get_many(PREVIEW_FILE, preview_ids))


def _remove(changes: Changes, known_task: Known, known_comment: Known) -> None:
    task, comment = known_task.read(changes), known_comment.read(changes)
    changes.delete(comment)
    for news in lookup.of(comment, NEWS):
        changes.delete(news)
        emit(changes, "news:delete", task["project_id"], news, news_id=news.id)
    previews = reads.get_many(PREVIEW_FILE, comment["previews"])
    left = [one for one in counted.thread_of(task) if one.id != comment.id]
    before, task = task["task_status_id"], counted.recount(changes, task, left)
    if previews:
        remove_previews(changes, previews, with_comments=True)
    emit(changes, "comment:delete", task["project_id"], comment, comment_id=comment.id)
    if task["task_status_id"] != before:
        progress.emit_status_change(changes, task, before, task["task_status_id"], comment["person_id"])
    if comment.get("attached") or task.get("told"):
        removal.clear_after(changes, [comment])
