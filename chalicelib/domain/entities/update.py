"""Changing an entity: who may change what, and how its metadata is merged (docs/contract/entities.md section 6)."""

from collections.abc import Mapping
from typing import Any

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.domain.crud import references
from chalicelib.domain.entities import versions
from chalicelib.domain.entities.columns import metadata
from chalicelib.domain.entities.kinds import kind_of
from chalicelib.domain.production import descriptors
from chalicelib.domain.workflow import entity_types
from chalicelib.errors import Invalid
from chalicelib.events.journal import emit
from chalicelib.records.entities import ENTITY
from chalicelib.records.record import Record
from chalicelib.records.validation import change_values
from chalicelib.store.changes import Changes, write


def may_change(caller: Caller, entity: Record, body: Mapping[str, Any]) -> None:
    """The manager of the project; the creator in its team; a supervisor of it, metadata of the own departments alone.

    Raises Invalid where others raise Forbidden: clients were told so always. Who is not in the team is Forbidden.
    """
    project = checks.project_of(entity)
    checks.see_project(caller, project)
    if caller.is_manager or entity["created_by"] == caller.id:
        return
    wanted = references.meant(entity, body)
    if not (caller.role == "supervisor" and wanted.keys() <= {"data"} and _leads(caller, project, entity, wanted)):
        raise Invalid("You may not change this.")


def _leads(caller: Caller, project: Record, entity: Record, wanted: Mapping[str, Any]) -> bool:
    """Whether a supervisor leads all columns that are changed; one without department leads every column."""
    if not caller.departments:
        return True
    data, old = wanted.get("data", {}), metadata(entity)
    own = {
        one["field_name"]
        for one in descriptors.of_project(project)
        if one["entity_type"] == kind_of(entity).name and caller.departments & set(one["departments"])
    }
    return isinstance(data, dict) and {name for name in data if name not in old or data[name] != old[name]} <= own


def change(caller: Caller, entity: Record, body: Mapping[str, Any], *, merge: bool = True) -> Record:
    """An entity with other values; unknown and protected ones are ignored.

    merge: `data` is merged into the old one, no key ever goes, and the history is kept; else it is replaced.
    Raises Invalid for a wrong value, and for what belongs to another production.
    """
    given = references.resolve(ENTITY, change_values(ENTITY, references.meant(entity, body)))
    references.refuse_to_leave(entity, given)
    if not isinstance(given.get("data") or {}, dict):
        raise Invalid("data is no object.", "data", "a JSON object")
    if given.get("parent_id") == entity.id or given.get("source_id") == entity.id:
        raise Invalid("An entity cannot be in itself.", "parent_id", "the id of another entity")
    given["type"] = entity_types.kind_name(given.get("entity_type_id", entity["entity_type_id"]))

    def command(changes: Changes) -> Record:
        old = changes.read(ENTITY, entity.id)
        values = {**given, "data": {**metadata(old), **(given.get("data") or {})}} if merge else given
        new = changes.update(old, **values)
        if merge:
            versions.keep(changes, caller, old, new)
        emit_entity_event(changes, new, "update")
        return new

    return write(command)


def emit_entity_event(changes: Changes, entity: Record, verb: str) -> None:
    """The event of an entity, by its kind: `shot:update` `{shot_id}`."""
    kind = kind_of(entity)
    emit(changes, f"{kind.word}:{verb}", entity["project_id"], **{kind.id_name: entity.id})
