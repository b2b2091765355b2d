"""The journal: every write leaves an event, in the transaction of its change.

Source: docs/contract/production.md section 12.
"""

from typing import Any, Final

from chalicelib.records import clock
from chalicelib.records.fields import STUDIO
from chalicelib.records.production import API_EVENT
from chalicelib.records.record import Record
from chalicelib.store import homes, keys, reference, session
from chalicelib.store.changes import Changes
from chalicelib.store.entry import Entry

# The home of events that are told and not kept: no list reads it.
_LIVE: Final = "live"
_LIVE_SECONDS: Final = 3600


def emit(
    changes: Changes, name: str, project_id: str | None = None, subject: Record | None = None, /, **data: Any
) -> Record:
    """Adds an event to the changes of a command.

    project_id ties it to a production: it is added to the payload, and the event is found by it. Who caused it is the
    caller of the session. subject: the record it tells of, where that goes, or says itself who hears of it.
    """
    return changes.create(API_EVENT, _values(name, project_id, subject, data))


def _values(name: str, project_id: str | None, subject: Record | None, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "user_id": session.current().caller_id,
        "project_id": project_id,
        "data": {**data, "project_id": project_id} if project_id else data,
        "subject": subject_of(subject) if subject else None,
    }


def subject_of(record: Record) -> dict[str, Any] | None:
    """What an event keeps of the record it tells of; None for a kind that says nothing of who hears of it."""
    return {name: record[name] for name in record.kind.heard_by if name in record} or None


def emit_for(changes: Changes, record: Record, verb: str) -> Record:
    """The generic event of a record: `task-type:new` `{task_type_id}`, tied where the record has a production."""
    kind = record.kind
    return emit(changes, f"{kind.event_name}:{verb}", project_of(record), record, **{kind.id_name: record.id})


def project_of(record: Record) -> str | None:
    """The id of the production that a record names, or in whose home it lives."""
    if "project_id" in record or not record.kind.home.named:
        return record.get("project_id") or None
    return reference.production_homes().get(record.home or homes.of(record.kind, record))


def emit_unsigned(changes: Changes, record: Record, verb: str) -> Record:
    """The same where the contract records nobody as its cause (`user_id` null): the original asked for no sign-in."""
    return changes.update(emit_for(changes, record, verb), user_id=None)


def emit_live(
    changes: Changes, name: str, project_id: str | None = None, subject: Record | None = None, /, **data: Any
) -> None:
    """Adds an event that those who listen hear of and the journal does not keep (marked *live* in section 12)."""
    moment = clock.now()
    stamps = {"id": keys.new_id(API_EVENT, STUDIO), "created_at": moment, "updated_at": moment}
    event = Record(API_EVENT, {**stamps, **_values(name, project_id, subject, data)})
    expires = clock.epoch(moment) + _LIVE_SECONDS
    texts = event.texts
    changes.put(Entry(keys.partition(_LIVE, API_EVENT), event.id, doc=texts.doc, own=texts.own or None, ttl=expires))
