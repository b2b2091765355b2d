"""The comments and attachments of a whole production (docs/contract/tasks.md 6.6 and 6.9)."""

from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.access.caller import Caller
from chalicelib.access.comments import reads_whole
from chalicelib.domain.comments import presentation
from chalicelib.domain.counters import progress as counted
from chalicelib.domain.crud.pagination import Paging, latest_first
from chalicelib.domain.files import attachments
from chalicelib.domain.files.crud.attachments import full_forms
from chalicelib.records.files import ATTACHMENT_FILE
from chalicelib.records.record import Record
from chalicelib.records.tasks import COMMENT
from chalicelib.store import keys, partitions, reads


def comments(caller: Caller, project: Record, query: Mapping[str, str]) -> Any:
    """The comments of a production that the caller may read, last changed first; a page of them with `page`.

    Pages are cut by the time of the last change, and count what there is: whoever asks for one asks for the others too,
    so the container holds all of them from the first page on.
    """
    paging, home = Paging.of(query), keys.home_of_owner(project.id)
    there = _held(home) if paging.page is not None else reads.query(COMMENT, home)
    found = [comment for comment in there if reads_whole(caller, project, comment)]
    return latest_first(found, paging, lambda part: [presentation.with_relations(one) for one in part])


def _held(home: str) -> Iterable[Record]:
    return partitions.unrefreshed(COMMENT, home).refresh().records.values()


def attachments_of_task(task: Record) -> list[dict[str, Any]]:
    """The attachments of a task's comments in full form: one query, one read a hundred."""
    return full_forms(attachments.attached_to(counted.thread_of(task)))


def attachments_of_production(project: Record) -> list[dict[str, Any]]:
    """The attachments of all comments of a production in full form."""
    found = reads.query(ATTACHMENT_FILE, keys.home_of_owner(project.id))
    return full_forms([one for one in found if one["comment_id"]])
