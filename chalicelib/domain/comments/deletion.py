"""Deleting a comment, with what belongs to it (docs/contract/tasks.md 6.8)."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from chalicelib.domain.comments import attachments
from chalicelib.domain.files import storage
from chalicelib.domain.files.previews import remove_previews
from chalicelib.domain.jobs.known import Known
from chalicelib.domain.jobs.side_effects import follow
from chalicelib.domain.news.creation import of_comment as news_of_comment
from chalicelib.domain.notifications.lookup import of_comment as notifications_of_comment
from chalicelib.domain.tasks import progress
from chalicelib.events.journal import emit
from chalicelib.records.files import PREVIEW_FILE
from chalicelib.records.record import Record
from chalicelib.records.tasks import COMMENT
from chalicelib.store import bulk_deletion, reads
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
    for news in news_of_comment(comment):
        changes.delete(news)
        emit(changes, "news:delete", task["project_id"], news_id=news.id)
    previews = reads.get_many(PREVIEW_FILE, comment["previews"])
    left = [one for one in progress.thread_of(task) if one.id != comment.id]
    before, task = task["task_status_id"], progress.recount(changes, task, left)
    if previews:
        remove_previews(changes, previews, with_comments=True)
    emit(changes, "comment:delete", task["project_id"], comment_id=comment.id)
    if task["task_status_id"] != before:
        progress.emit_status_change(changes, task, before, task["task_status_id"], comment["person_id"])
    attached = attachments.attached_to([comment])
    led_to = [*notifications_of_comment(task, comment.id), *attached]
    if led_to:
        follow(changes, partial(_forget, led_to, attached), "notifications and attachments of a comment that go")


def _forget(records: Sequence[Record], attached: Sequence[Record]) -> None:
    bulk_deletion.remove(records)
    storage.discard(attachments.key_of(one) for one in attached)
