"""The journal: every write leaves an event, in the transaction of its change (spec/production.md section 12)."""

from typing import Any

from chalicelib.records.production import API_EVENT
from chalicelib.records.record import Record
from chalicelib.store import session
from chalicelib.store.changes import Changes


def emit(changes: Changes, name: str, /, project_id: str | None = None, **data: Any) -> Record:
    """Adds an event to the changes of a command.

    project_id ties it to a production: it is added to the payload, and the event is found by it. Who caused it is the
    caller of the session.
    """
    payload = {**data, "project_id": project_id} if project_id else data
    values = {"name": name, "user_id": session.current().caller_id, "project_id": project_id, "data": payload}
    return changes.create(API_EVENT, values)


def emit_for(changes: Changes, record: Record, verb: str) -> Record:
    """The generic event of a record: `task-type:new` `{task_type_id}`, tied where the record has a production."""
    kind = record.kind
    return emit(changes, f"{kind.event_name}:{verb}", record.get("project_id"), **{kind.id_name: record.id})
