"""Taking records from another Kitsu, under their old ids (docs/contract/interchange.md section 4).

An entry that the sender may not write is left out silently; a wrong one refuses the request, what was written before it
stays. Each entry is a transaction.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.domain.counters import castings
from chalicelib.domain.crud import references
from chalicelib.domain.entities import casting_links, update
from chalicelib.domain.production.project_events import emit_project_event
from chalicelib.domain.production.projects import open_status
from chalicelib.domain.tasks import validation
from chalicelib.domain.workflow import entity_types, project_links
from chalicelib.errors import Forbidden, Invalid, NotFound
from chalicelib.events.journal import emit_for
from chalicelib.records import clock
from chalicelib.records.entities import ENTITY, ENTITY_LINK
from chalicelib.records.fields import Kind, datetime
from chalicelib.records.files import PREVIEW_FILE
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.records.validation import creation_values, value_of
from chalicelib.store import chosen_ids, homes, keys, reads, reference
from chalicelib.store.changes import Changes, write

Entry = Mapping[str, Any]
_RENAMED: Final = {"asset_type_id": "entity_type_id", "sequence_id": "parent_id"}
_INTO_DATA: Final = ("frame_in", "frame_out", "fps")
_STAMPS: Final = ("created_at", "updated_at")


def productions(caller: Caller, sent: Any) -> list[Record]:
    """Takes productions with what is set on them, from an administrator; teams stay as they are."""
    return _taken(caller, sent, _production)


def entities(caller: Caller, sent: Any) -> list[Record]:
    """Takes assets, shots, sequences and the other kinds; the answer is those that were taken."""
    return _taken(caller, sent, _entity)


def links(caller: Caller, sent: Any) -> list[Record]:
    """Takes links of castings, found by what casts and what is cast."""
    return _taken(caller, sent, _link)


def tasks(caller: Caller, sent: Any) -> list[Record]:
    """Takes tasks with their assignees."""
    return _taken(caller, sent, _task)


def _taken(caller: Caller, sent: Any, take: Callable[[Caller, Entry], Record]) -> list[Record]:
    if not isinstance(sent, list) or not all(isinstance(entry, Mapping) for entry in sent):
        raise Invalid("What is imported is no list of records.", "body", "a list of records")
    taken = []
    for entry in sent:
        try:
            taken.append(take(caller, entry))
        except (Forbidden, NotFound):
            continue
    return taken


# -- productions -------------------------------------------------------------------------------------------------------
def _production(caller: Caller, entry: Entry) -> Record:
    checks.administer(caller)
    record_id = _id(entry)
    known = reference.find(PROJECT, record_id)
    values = _values(PROJECT, {name: value for name, value in entry.items() if name != "team"}, known)
    if known is None:
        values = {"project_status_id": open_status().id, **values}
    record = write(partial(_write_production, values=values, record_id=record_id, known=known))
    project_links.drop_rest(record)
    return record


def _write_production(
    changes: Changes, values: Mapping[str, Any], record_id: str | None, known: Record | None
) -> Record:
    record = _write(changes, PROJECT, values, record_id, known)
    emit_project_event(changes, record.id, _verb(record))
    project_links.drop(changes, record)
    return record


# -- entities ----------------------------------------------------------------------------------------------------------
def _entity(caller: Caller, entry: Entry) -> Record:
    project = _project(caller, entry)
    known = _existing(caller, ENTITY, entry, project)
    given = {_RENAMED.get(name, name): value for name, value in entry.items()}
    into_data = {name: given[name] for name in _INTO_DATA if given.get(name) is not None}
    if into_data:
        given["data"] = {**(given.get("data") or {}), **into_data}
    if reads.find(PREVIEW_FILE, str(given.get("preview_file_id") or "")) is None:
        given.pop("preview_file_id", None)
    values = _values(ENTITY, given, known)
    references.refuse_strangers(ENTITY, values, keys.home_of_owner(project.id))
    kind_name = entity_types.kind_name(values.get("entity_type_id") or (known["entity_type_id"] if known else None))
    record = write(partial(_write_entity, values={**values, "type": kind_name}, record_id=_id(entry), known=known))
    if isinstance(entry.get("entities_out"), list):
        _cast(caller, record, entry["entities_out"])
    return record


def _write_entity(changes: Changes, values: Mapping[str, Any], record_id: str | None, known: Record | None) -> Record:
    record = _write(changes, ENTITY, values, record_id, known)
    update.emit_entity_event(changes, record, _verb(record))
    return record


def _cast(caller: Caller, entity: Record, asset_ids: Sequence[Any]) -> None:
    """Lets an entity cast these and nothing else."""
    wanted = [asset.id for asset in reads.get_many(ENTITY, (one for one in asset_ids if keys.is_id(one)))]
    held = castings.held_by(entity)
    for link in held:
        if link["entity_out_id"] not in wanted:
            casting_links.remove_link(link)
    for asset_id in set(wanted) - {link["entity_out_id"] for link in held}:
        _link(caller, {"entity_in_id": entity.id, "entity_out_id": asset_id})


# -- links -------------------------------------------------------------------------------------------------------------
def _link(caller: Caller, entry: Entry) -> Record:
    entity = reads.get(ENTITY, str(entry.get("entity_in_id") or ""))
    checks.manage_project(caller, checks.project_of(entity))
    asset = reads.find(ENTITY, str(entry.get("entity_out_id") or ""))
    if asset is None or (asset["project_id"] != entity["project_id"] and not asset["is_shared"]):
        raise Invalid("There is no such entity to link.", "entity_out_id", "the id of an entity of that production")
    ids = {"entity_in_id": entity.id, "entity_out_id": asset.id}
    return write(partial(_write_link, given={**entry, **ids}, record_id=_id(entry)))


def _write_link(changes: Changes, given: Entry, record_id: str | None) -> Record:
    home = homes.of(ENTITY_LINK, given)
    holder = reads.holder(ENTITY_LINK, home, ENTITY_LINK.unique_together[0], given)
    known = changes.read(ENTITY_LINK, holder) if holder else None
    record = _write(changes, ENTITY_LINK, _values(ENTITY_LINK, given, known), record_id, known)
    casting_links.emit_link_event(changes, record, _verb(record), "entity_in_id", "entity_out_id", "nb_occurences")
    return record


# -- tasks -------------------------------------------------------------------------------------------------------------
def _task(caller: Caller, entry: Entry) -> Record:
    project = _project(caller, entry)
    known = _existing(caller, TASK, entry, project)
    values = _values(TASK, entry, known)
    validation.refuse_values(values)
    entity = reads.find(ENTITY, values.get("entity_id") or (known["entity_id"] if known else None) or "")
    if entity is None or entity["project_id"] != project.id:
        raise Invalid("There is no such entity in that production.", "entity_id", "the id of an entity")
    return write(partial(_write_task, values=values, record_id=_id(entry), known=known))


def _write_task(changes: Changes, values: Mapping[str, Any], record_id: str | None, known: Record | None) -> Record:
    record = _write(changes, TASK, values, record_id, known)
    emit_for(changes, record, _verb(record))
    return record


# -- what they have in common ------------------------------------------------------------------------------------------
def _project(caller: Caller, entry: Entry) -> Record:
    """The production of an entry, of which the sender is a manager."""
    project = reference.get(PROJECT, str(entry.get("project_id") or ""))
    checks.manage_project(caller, project)
    return project


def _existing(caller: Caller, kind: Kind, entry: Entry, project: Record) -> Record | None:
    """The record that has the id of an entry already; one of another production stays there."""
    record_id = _id(entry)
    known = reads.find(kind, record_id) if record_id else None
    if known is not None and known["project_id"] != project.id:
        checks.manage_project(caller, checks.project_of(known))
        raise Invalid(f"{known.id} is of another production.", "id", "an id of this production, or a new one")
    return known


def _id(entry: Entry) -> str | None:
    given = entry.get("id")
    if given is not None and not keys.is_id(given):
        raise Invalid(f"{given!r} is not an id.", "id", "an id")
    return given.lower() if given else None


def _values(kind: Kind, given: Entry, known: Record | None) -> dict[str, Any]:
    """The values of an entry that records of the kind keep; of a new one those that are required are there."""
    told = {
        field.asked_as: given[field.asked_as]
        for field in kind.fields
        if field.asked_as in given and not (field.derived or field.computed or field.internal or field.secret)
    }
    stamps = {name: value_of(datetime(name), told[name]) for name in _STAMPS if told.get(name) is not None}
    if known is None:
        values = creation_values(kind, told)
    else:
        named = {name: value for name, value in told.items() if value is not None and name not in ("id", *_STAMPS)}
        values = {name: value_of(kind.by_name[name], value) for name, value in named.items()}
    return {**references.resolve(kind, values), **stamps}


def _write(
    changes: Changes, kind: Kind, values: Mapping[str, Any], record_id: str | None, known: Record | None
) -> Record:
    home = homes.of(kind, values)
    if known is None and record_id is not None:
        # Somebody else may import the same: the command that begins again finds what it lost the race to.
        known = chosen_ids.holder(changes, kind, home, record_id)
        # A link is known by its ends: another one that has the id is not this one.
        if known is not None and kind is ENTITY_LINK:
            raise chosen_ids.taken(record_id)
    if known is None:
        return changes.create(kind, dict(values), record_id)
    return changes.update(changes.read(kind, known.id), **{"updated_at": clock.now(), **values})


def _verb(record: Record) -> str:
    """What an event says of a record that a command has written: whether it was stored before."""
    return "update" if record.version else "new"
