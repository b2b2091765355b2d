"""Forced removal of tasks, with everything that hangs on them (docs/contract/tasks.md section 3, Delete)."""

from collections.abc import Sequence

from chalicelib.domain.dependents import removal
from chalicelib.records.record import Record


def remove_tasks(tasks: Sequence[Record]) -> None:
    """Takes tasks away with their comments (and attachments), news, notifications, previews, time spents,
    subscriptions, working files and the output files made of these.

    What hangs on a task goes first; the task last, in a transaction with its event `task:delete`. Cut off half-way, it
    is a task with less on it, and removing it again goes on. A comment that is posted meanwhile goes along.
    """
    for _ in removal.remove(tasks):
        pass
