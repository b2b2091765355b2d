"""The working files of tasks (docs/contract/files.md section 4)."""

from chalicelib.records.files import WORKING_FILE
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.store import homes, reads


def of_task(task: Record) -> list[Record]:
    """The working files of a task, highest revision first: one query."""
    found = reads.query(WORKING_FILE, homes.of(TASK, task), "l1", ("=", task.id))
    return sorted(found, key=lambda one: (one["revision"] or 0, one["created_at"]), reverse=True)


def last_revisions(task: Record) -> dict[str, Record]:
    """The working file of the highest revision of each name: one query."""
    last: dict[str, Record] = {}
    for one in of_task(task):
        last.setdefault(one["name"] or "", one)
    return last
