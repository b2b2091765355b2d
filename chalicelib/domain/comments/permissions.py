"""From what a request says to what is posted: who may set which status, in whose name, when.

Source: docs/contract/tasks.md 6.1.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.domain.comments.posting import NewComment
from chalicelib.domain.files.attachments import Upload
from chalicelib.domain.workflow import task_statuses
from chalicelib.errors import Forbidden, NotFound
from chalicelib.records import clock
from chalicelib.records.people import PERSON
from chalicelib.records.production import TASK_STATUS
from chalicelib.records.record import Record
from chalicelib.store import reference


def new_comment(
    caller: Caller,
    status_id: str,
    text: str | None = "",
    checklist: Sequence[Mapping[str, Any]] | None = None,
    links: Sequence[str] | None = None,
    person_id: str | None = None,
    created_at: Any = None,
    uploads: Sequence[Upload] = (),
) -> NewComment:
    """What a caller asks to be posted; `person_id` and `created_at` are the managers' and ignored for others.

    Raises NotFound for an unknown status or person, Forbidden for a status that clients may not set. A date that
    cannot be read means now.
    """
    status = reference.get(TASK_STATUS, status_id)
    task_statuses.refuse(caller, status)
    author = reference.get(PERSON, person_id) if person_id and caller.is_manager else caller.person
    moment = _moment(created_at) if caller.is_manager else None
    return NewComment(status, author.id, text or "", list(checklist or ()), list(links or ()), moment, uploads)


def _moment(given: Any) -> str | None:
    try:
        return clock.parse(given) if isinstance(given, str) else None
    except (ValueError, OverflowError):
        return None


def may_post_among_many(caller: Caller, task: Record) -> bool:
    """Whether an entry of a list on this task is taken: managers' all, others' where they are assigned or lead."""
    try:
        checks.see_project(caller, checks.project_of(task))
    except (Forbidden, NotFound):
        return False
    return caller.is_manager or caller.id in task["assignees"] or checks.leads_task(caller, task)
