"""The generic collection of news: for admins (spec/tasks.md section 7)."""

from typing import Any

from chalicelib.access.caller import Caller
from chalicelib.domain.collection.base import Collection
from chalicelib.errors import Invalid
from chalicelib.records.record import Record
from chalicelib.records.tasks import NEWS


class NewsRecords(Collection):
    """`/data/news/`."""

    kind = NEWS

    def changed_values(self, caller: Caller, record: Record, values: dict[str, Any]) -> dict[str, Any]:
        """What a change writes; news stay with their task, whose production they live in."""
        del caller
        if values.get("task_id", record["task_id"]) != record["task_id"]:
            raise Invalid("News stay with their task.", "task_id", "the task they are about")
        return values
