"""The generic CRUD of time spent (docs/contract/tasks.md section 9)."""

from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.domain.counters import durations
from chalicelib.domain.crud.collection import Collection
from chalicelib.domain.people import presence
from chalicelib.domain.periods import EVER, Period, span
from chalicelib.errors import Forbidden, Invalid
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK, TIME_SPENT
from chalicelib.store import reads
from chalicelib.store.changes import Changes


def may_note(caller: Caller, task: Record, person_id: str | None) -> None:
    """Time access: time of an assignee, noted by that person, an admin or a manager of the production."""
    if not caller.is_admin:
        checks.see_project(caller, checks.project_of(task))
    if person_id not in task["assignees"] or not (caller.is_manager or caller.id == person_id):
        raise Forbidden("This time is not yours to note.")


class TimeSpents(Collection):
    """`/data/time-spents/`: for admins; taken away by those who may note it. Task durations follow."""

    kind = TIME_SPENT

    def may_delete(self, caller: Caller, record: Record) -> None:
        """Admins, and those with time access."""
        if not caller.is_admin:
            may_note(caller, reads.get(TASK, record["task_id"] or ""), record["person_id"])

    def list(self, caller: Caller, query: Mapping[str, str]) -> Any:
        """The list; `start_date` and `end_date` together keep the days between them, both included."""
        self.may_list(caller)
        period = span(query)
        return super().list(caller, query) if period is EVER else _Between(period).list(caller, query)

    def new_values(self, caller: Caller, values: dict[str, Any]) -> dict[str, Any]:
        """A duration above zero."""
        del caller
        return _checked(values)

    def changed_values(self, caller: Caller, record: Record, values: dict[str, Any]) -> dict[str, Any]:
        """A duration above zero; the task stays."""
        del caller
        if values.get("task_id", record["task_id"]) != record["task_id"]:
            raise Invalid("Time stays on its task.", "task_id", "the task it was noted on")
        return _checked(values)

    def created(self, changes: Changes, caller: Caller, record: Record) -> None:
        """Its event; the duration of the task, and when the person was last seen at work."""
        super().created(changes, caller, record)
        durations.recount(changes, record["task_id"], changed=record)
        presence.move_on(changes, record["person_id"], record["date"])

    def changed(self, changes: Changes, caller: Caller, old: Record, new: Record) -> None:
        """Its event, and the duration of the task."""
        super().changed(changes, caller, old, new)
        durations.recount(changes, new["task_id"], changed=new)

    def deleted(self, changes: Changes, caller: Caller, record: Record) -> None:
        """Its event, and the duration of the task."""
        super().deleted(changes, caller, record)
        durations.recount(changes, record["task_id"], gone={record.id})


class _Between(Collection):
    """The list of the days of a span."""

    kind = TIME_SPENT

    def __init__(self, period: Period) -> None:
        self._period = period

    def visible(self, caller: Caller, records: Iterable[Record]) -> Iterable[Record]:
        """The records of these days, in their order."""
        del caller
        first, last = self._period
        return sorted((one for one in records if first <= one["date"] <= last), key=lambda one: str(one["date"]))


def _checked(values: dict[str, Any]) -> dict[str, Any]:
    minutes = values.get("duration")
    if minutes is not None and minutes <= 0:
        raise Invalid("duration is not above zero.", "duration", "a number of minutes above zero")
    return values
