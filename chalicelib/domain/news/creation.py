"""News: one for every posting, in the home of its production (docs/contract/tasks.md section 8).

News keep the date of their comment to the microsecond, so that a feed has an order inside a second; filters on dates
compare to the second, which is what clients were shown.
"""

from chalicelib.domain.dependents import lookup
from chalicelib.events.journal import emit
from chalicelib.records.record import Record
from chalicelib.records.tasks import NEWS
from chalicelib.store.changes import Changes


def create_news(changes: Changes, task: Record, comment: Record, change: bool) -> Record:
    """Adds the news of a comment to the command that posts it."""
    news = changes.create(
        NEWS,
        {
            "author_id": comment["person_id"],
            "comment_id": comment.id,
            "task_id": task.id,
            "change": change,
            "created_at": comment["created_at"],
            "task_status_id": comment["task_status_id"],
        },
    )
    payload = {"task_status_id": comment["task_status_id"], "task_type_id": task["task_type_id"]}
    emit(changes, "news:new", task["project_id"], news_id=news.id, **payload)
    return news


def follow_status(changes: Changes, comment: Record) -> None:
    """The news of a comment tell the status that it has now (one query)."""
    for news in lookup.of(comment, NEWS):
        changes.update(news, task_status_id=comment["task_status_id"], updated_at=news["updated_at"])
