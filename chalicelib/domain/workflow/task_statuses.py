"""Statuses that the rules of tasks name: the default ones, the one for review.

Source: docs/contract/tasks.md sections 4 and 6.11.
"""

from typing import Final

from chalicelib.access.caller import Caller
from chalicelib.domain.workflow import entity_types
from chalicelib.errors import Forbidden, Invalid
from chalicelib.events.journal import emit_for
from chalicelib.records.entities import ENTITY
from chalicelib.records.fields import STUDIO
from chalicelib.records.production import TASK_STATUS
from chalicelib.records.record import Record
from chalicelib.store import reads, reference
from chalicelib.store.changes import Changes, write

REVIEW_NAME: Final = "To review"
_REVIEW_SHORT_NAME: Final = "pndng"
_REVIEW_COLOR: Final = "#f5f5f5"


def default(for_concept: bool) -> Record:
    """The status that a new task begins with; Invalid where the studio has no status at all."""
    statuses = sorted(reference.every(TASK_STATUS).values(), key=lambda status: str(status["created_at"]))
    wanted = (
        lambda status: status["is_default"] and bool(status["for_concept"]) == for_concept,
        lambda status: status["is_default"],
        lambda status: not status["archived"],
    )
    for holds in wanted:
        found = next(filter(holds, statuses), None)
        if found is not None:
            return found
    raise Invalid("The studio has no task status to begin with.")


def default_of(task: Record) -> Record:
    """The default status of a task: that for concepts on a concept (a read of its entity)."""
    entity = reads.find(ENTITY, task["entity_id"] or "")
    return default(is_concept(entity))


def is_concept(entity: Record | None) -> bool:
    """Whether an entity is a concept."""
    return entity is not None and entity_types.kind_name(entity["entity_type_id"]) == "Concept"


def refuse(caller: Caller, status: Record) -> None:
    """Status access: clients may set those meant for them, everybody else may set every one; raises Forbidden."""
    if caller.is_client and not status["is_client_allowed"]:
        raise Forbidden("Clients may not set this status.")


def for_review() -> Record:
    """The status of what is sent to review; made where the studio has none of that name."""
    return reference.named(TASK_STATUS, REVIEW_NAME) or write(_make_review)


def _make_review(changes: Changes) -> Record:
    values = {"name": REVIEW_NAME, "short_name": _REVIEW_SHORT_NAME, "color": _REVIEW_COLOR}
    holder = reads.holder(TASK_STATUS, STUDIO, ("short_name",), values)
    if holder is not None:
        return changes.read(TASK_STATUS, holder)
    status = changes.create(TASK_STATUS, values)
    emit_for(changes, status, "new")
    return status
