"""Taking hours back that a person noted: on days off, or when the person goes.

Source: docs/contract/people.md sections 5 and 8.
"""

from functools import partial

from chalicelib.domain.counters import durations
from chalicelib.domain.dependents import places
from chalicelib.domain.periods import EVER, Period
from chalicelib.events.journal import emit
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK, TIME_SPENT
from chalicelib.store import reads
from chalicelib.store.changes import Changes, write


def clear_time(person_id: str, period: Period = EVER) -> None:
    """Deletes the time spents of a person in a period; without one, all of them.

    The durations of their tasks follow. Reads one query a production, side by side; one transaction a time spent.
    """
    condition = ("..", f"{person_id}#{period.first}", f"{person_id}#{period.last}")
    queries = [partial(reads.query, TIME_SPENT, home, "person_id", condition) for home in places.all_productions()]
    for found in reads.parallel(queries):
        for spent in found:
            write(partial(_remove, spent=spent))


def _remove(changes: Changes, spent: Record) -> None:
    current = reads.find(TIME_SPENT, spent.id)
    if current is None:
        return
    changes.delete(current)
    task = reads.find(TASK, current["task_id"] or "")
    project_id = task["project_id"] if task else None
    emit(changes, "time-spent:delete", project_id, current, time_spent_id=current.id)
    durations.recount(changes, current["task_id"], gone={current.id})
