"""Taking productions, entities, links and tasks from another Kitsu (docs/contract/interchange.md section 4)."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.domain.counters import castings
from chalicelib.domain.crud import references
from chalicelib.domain.entities import castable, casting_links, update
from chalicelib.domain.production.project_events import emit_project_event
from chalicelib.domain.production.projects import open_status
from chalicelib.domain.tasks import validation
from chalicelib.domain.workflow import entity_types, project_links
from chalicelib.errors import Invalid, NotFound
from chalicelib.events.journal import emit_for
from chalicelib.interchange.kitsu import entries
from chalicelib.interchange.kitsu.entries import Entry, Taking, Target
from chalicelib.records import clock
from chalicelib.records.entities import ENTITY, ENTITY_LINK, ENTITY_TYPE
from chalicelib.records.fields import STUDIO
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.store import chosen_ids, homes, keys, reads, reference
from chalicelib.store.changes import Changes, write

_RENAMED: Final = {"asset_type_id": "entity_type_id", "sequence_id": "parent_id"}
_INTO_DATA: Final = ("frame_in", "frame_out", "fps")
_ABOVE: Final = ("parent_id", "source_id")
_FOLLOWING: Final = ("preview_file_id", "entity_concept_links")


# -- productions -------------------------------------------------------------------------------------------------------
def production(caller: Caller, entry: Entry) -> Taking:
    """A production with what is set on it, from an administrator; its team stays as it is."""
    checks.administer(caller)
    record_id = entries.id_of(entry)
    known = reference.find(PROJECT, record_id)
    values = entries.values_of(PROJECT, {name: value for name, value in entry.items() if name != "team"}, known)
    if known is None:
        values = {"project_status_id": open_status().id, **values}
    command = partial(_write_production, values=values, record_id=record_id, known=known)
    return Taking(command, project_links.drop_rest, alone=True)


def _write_production(
    changes: Changes, values: Mapping[str, Any], record_id: str | None, known: Record | None
) -> Record:
    # Of two that would be the same home, the second sees the first: it looks as a part of the command.
    current = known or chosen_ids.holder(changes, PROJECT, STUDIO, record_id) if record_id else None
    if current is None:
        record = changes.create(PROJECT, dict(values), record_id)
    else:
        record = changes.update(changes.read(PROJECT, current.id), **{"updated_at": clock.now(), **values})
    emit_project_event(changes, record, entries.verb(record))
    project_links.drop(changes, record)
    return record


# -- entities ----------------------------------------------------------------------------------------------------------
def entity(caller: Caller, entry: Entry) -> Taking:
    """An asset, a shot, a sequence, or of another kind."""
    project = entries.project_of(caller, entry)
    known = entries.existing(caller, ENTITY, entry, project)
    given = {_RENAMED.get(name, name): value for name, value in entry.items()}
    into_data = {name: given[name] for name in _INTO_DATA if given.get(name) is not None}
    if into_data:
        given["data"] = {**(given.get("data") or {}), **into_data}
    given |= _kind_of(given)
    values = entries.values_of(ENTITY, given, known)
    moves = known is not None and known["project_id"] != project.id
    if known is not None and moves:
        values = _leaving_behind(known, values, keys.home_of_owner(project.id))
    references.refuse_strangers(ENTITY, values, keys.home_of_owner(project.id))
    kind_name = entity_types.kind_name(values.get("entity_type_id") or (known["entity_type_id"] if known else None))
    target = Target(ENTITY, {"project_id": project.id}, entries.id_of(entry), known)
    cast = entry.get("entities_out")
    follow_up = partial(_cast, caller, asset_ids=cast) if isinstance(cast, list) else None
    return Taking(partial(_write_entity, target=target, values={**values, "type": kind_name}), follow_up, alone=moves)


def _kind_of(given: Entry) -> dict[str, Any]:
    """The entity type by what the entry says it is, where shots, sequences and the like have another id elsewhere."""
    type_id, told = given.get("entity_type_id"), given.get("type")
    if told not in entity_types.TEMPORAL or not keys.is_id(type_id) or reference.find(ENTITY_TYPE, type_id):
        return {}
    return {"entity_type_id": entity_types.temporal(told).id}


def _leaving_behind(known: Record, values: Mapping[str, Any], home: str) -> dict[str, Any]:
    """The values of an entity that moves to another home: what it is in comes along if it is there already.

    Its picture and what is linked to it do follow, or are named until they are sent.
    """
    above = [name for name in _ABOVE if name not in values and known[name]]
    there = homes.of_ids(known[name] for name in above)
    left = {name: None for name in above if there[known[name]] != home}
    kept = {name: value for name, value in values.items() if name not in _FOLLOWING or value != known[name]}
    return {**kept, **left}


def _write_entity(changes: Changes, target: Target, values: Mapping[str, Any]) -> Record:
    record = target.store(changes, values)
    update.emit_entity_event(changes, record, entries.verb(record))
    return record


def _cast(caller: Caller, entity: Record, asset_ids: Sequence[Any]) -> None:
    """Lets an entity cast these and nothing else."""
    wanted = [asset.id for asset in reads.get_many(ENTITY, (one for one in asset_ids if keys.is_id(one)))]
    held = castings.held_by(entity)
    for one in held:
        if one["entity_out_id"] not in wanted:
            casting_links.remove_link(one)
    for asset_id in set(wanted) - {one["entity_out_id"] for one in held}:
        write(link(caller, {"entity_in_id": entity.id, "entity_out_id": asset_id}).command)


# -- links -------------------------------------------------------------------------------------------------------------
def link(caller: Caller, entry: Entry) -> Taking:
    """A link of a casting, found by what casts and what is cast."""
    entity = reads.get(ENTITY, str(entry.get("entity_in_id") or ""))
    checks.manage_project(caller, checks.project_of(entity))
    asset = reads.find(ENTITY, str(entry.get("entity_out_id") or ""))
    if asset is None or not castable.is_castable(caller, entity, asset):
        raise Invalid("There is no such entity to link.", "entity_out_id", "the id of an entity of that production")
    ids = {"entity_in_id": entity.id, "entity_out_id": asset.id}
    return Taking(partial(_write_link, given={**entry, **ids}, record_id=entries.id_of(entry)))


def _write_link(changes: Changes, given: Entry, record_id: str | None) -> Record:
    home = homes.of(ENTITY_LINK, given)
    holder = reads.holder(ENTITY_LINK, home, ENTITY_LINK.unique_together[0], given)
    known = changes.read(ENTITY_LINK, holder) if holder else None
    record = Target(ENTITY_LINK, given, record_id, known).store(changes, entries.values_of(ENTITY_LINK, given, known))
    castable.note_cast_elsewhere(
        changes, changes.read(ENTITY, record["entity_in_id"]), changes.read(ENTITY, record["entity_out_id"])
    )
    casting_links.emit_link_event(
        changes, record, entries.verb(record), "entity_in_id", "entity_out_id", "nb_occurences"
    )
    return record


# -- tasks -------------------------------------------------------------------------------------------------------------
def task(caller: Caller, entry: Entry) -> Taking:
    """A task with its assignees."""
    project = entries.project_of(caller, entry)
    known = entries.existing(caller, TASK, entry, project)
    values = entries.values_of(TASK, entry, known)
    validation.refuse_values(values)
    entity = reads.find(ENTITY, values.get("entity_id") or (known["entity_id"] if known else None) or "")
    if entity is None or entity["project_id"] != project.id:
        if entity is not None and known is not None and entity["project_id"] == known["project_id"] != project.id:
            raise NotFound("This task is on an entity that stays in its production.", {"id": known.id})
        raise Invalid("There is no such entity in that production.", "entity_id", "the id of an entity")
    moves = known is not None and known["project_id"] != project.id
    target = Target(TASK, {"project_id": project.id}, entries.id_of(entry), known)
    return Taking(partial(_write_task, target=target, values=values), alone=moves)


def _write_task(changes: Changes, target: Target, values: Mapping[str, Any]) -> Record:
    record = target.store(changes, values)
    emit_for(changes, record, entries.verb(record))
    return record
