"""The generic CRUD of news: for admins (docs/contract/tasks.md section 7)."""

from typing import Any, Final

from chalicelib.access.caller import Caller
from chalicelib.domain.crud.collection import Collection
from chalicelib.errors import Invalid
from chalicelib.records.record import Record
from chalicelib.records.tasks import COMMENT, NEWS
from chalicelib.store import reads


class NewsRecords(Collection):
    """`/data/news/`."""

    kind = NEWS

    def new_values(self, caller: Caller, values: dict[str, Any]) -> dict[str, Any]:
        """News tell the status of their comment."""
        del caller
        return {**values, "task_status_id": _status_of(values.get("comment_id"))}

    def changed_values(self, caller: Caller, record: Record, values: dict[str, Any]) -> dict[str, Any]:
        """What a change writes; news stay with their task, whose production they live in."""
        del caller
        if values.get("task_id", record["task_id"]) != record["task_id"]:
            raise Invalid("News stay with their task.", "task_id", "the task they are about")
        if "comment_id" in values:
            return {**values, "task_status_id": _status_of(values["comment_id"])}
        return values


def _status_of(comment_id: str | None) -> str | None:
    comment = reads.find(COMMENT, comment_id) if comment_id else None
    return comment["task_status_id"] if comment else None


COLLECTIONS: Final[tuple[Collection, ...]] = (NewsRecords(),)
