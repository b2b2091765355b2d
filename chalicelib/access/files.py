"""Access rules of working files and output files (docs/contract/files.md sections 1, 4 and 5).

`call.subject` is the working file, or what output files are made for: an entity, or an instance where it stands.
"""

from typing import NamedTuple

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.access.rules import Asked, Rule, load, of_record
from chalicelib.errors import NotFound
from chalicelib.records.entities import ASSET_INSTANCE, ENTITY
from chalicelib.records.fields import Kind
from chalicelib.records.files import OUTPUT_FILE, WORKING_FILE
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.store import reads


class OutputTarget(NamedTuple):
    """What output files are made for: an entity; or an instance of the asset `entity`, and where that stands."""

    entity: Record
    instance: Record | None = None
    temporal: Record | None = None


# -- working files -----------------------------------------------------------------------------------------------------
def see_working_file(caller: Caller, file: Record) -> None:
    """Who may read the task; without one, the entity."""
    task, entity = task_of(file), reads.find(ENTITY, file["entity_id"] or "")
    if task is not None:
        checks.see_task(caller, task)
    elif entity is not None:
        checks.see_entity(caller, entity)
    else:
        checks.administer(caller)


def act_on_working_file(caller: Caller, file: Record) -> None:
    """Who may act on the task; a file without one is for admins."""
    task = task_of(file)
    if task is None:
        checks.administer(caller)
    else:
        checks.act_on_task(caller, task)


def task_of(file: Record) -> Record | None:
    """The task of a working file."""
    return reads.find(TASK, file["task_id"] or "")


def working_file_reader() -> Rule:
    """Task access."""
    return of_record("task access", WORKING_FILE, "working_file_id", see_working_file)


def working_file_actor() -> Rule:
    """Task action."""
    return of_record("task action", WORKING_FILE, "working_file_id", act_on_working_file)


# -- output files ------------------------------------------------------------------------------------------------------
def see_production(caller: Caller, entity: Record) -> None:
    """Project access, to the production of an entity."""
    checks.see_project(caller, checks.project_of(entity))


def entity_member() -> Rule:
    """Project access, about an entity; `call.subject` is the entity."""
    return of_record("project access", ENTITY, "entity_id", see_production)


def outputs_of_entity() -> Rule:
    """Entity access, to make output files of an entity."""

    def check(call: Asked) -> None:
        entity = load(ENTITY, call.params["entity_id"])
        checks.see_entity(call.caller, entity)
        call.subject = OutputTarget(entity)

    return Rule("entity access", check)


def outputs_member() -> Rule:
    """Project access, about an entity as what output files are made for."""

    def check(call: Asked) -> None:
        entity = load(ENTITY, call.params["entity_id"])
        see_production(call.caller, entity)
        call.subject = OutputTarget(entity)

    return Rule("project access", check)


def outputs_of_instance() -> Rule:
    """Entity access to the asset of an instance, to make output files of it where it stands."""

    def check(call: Asked) -> None:
        call.subject = _standing(call)
        checks.see_entity(call.caller, call.subject.entity)

    return Rule("entity access", check)


def instance_member() -> Rule:
    """Project access, about an instance."""

    def check(call: Asked) -> None:
        instance = load(ASSET_INSTANCE, call.params["asset_instance_id"])
        asset = load(ENTITY, instance["asset_id"])
        see_production(call.caller, asset)
        call.subject = OutputTarget(asset, instance)

    return Rule("project access", check)


def standing_instance_member() -> Rule:
    """Project access, about an instance where it stands."""

    def check(call: Asked) -> None:
        call.subject = _standing(call)
        see_production(call.caller, call.subject.entity)

    return Rule("project access", check)


def _standing(call: Asked) -> OutputTarget:
    """The instance, its asset and what it stands in, as the path names them: a read, and one of both entities."""
    instance = load(ASSET_INSTANCE, call.params["asset_instance_id"])
    asked = call.params["temporal_entity_id"].lower()
    found = {entity.id: entity for entity in reads.get_many(ENTITY, (instance["asset_id"], asked))}
    asset, temporal = found.get(instance["asset_id"]), found.get(asked)
    if asset is None or temporal is None or temporal["project_id"] != asset["project_id"]:
        raise NotFound(f"There is no entity with the id {asked!r} here.", {"temporal_entity_id": asked})
    return OutputTarget(asset, instance, temporal)


# -- either ------------------------------------------------------------------------------------------------------------
def entity_of(file: Record) -> Record | None:
    """The entity of a working or output file; of an instance's file, the instance's asset."""
    entity = reads.find(ENTITY, file["entity_id"] or "")
    if entity is not None or file.kind is not OUTPUT_FILE:
        return entity
    instance = reads.find(ASSET_INSTANCE, file["asset_instance_id"] or "")
    return reads.find(ENTITY, instance["asset_id"]) if instance else None


def file_member() -> Rule:
    """Project access, about a working file or an output file."""

    def check(call: Asked) -> None:
        call.subject = file = _either(call.params["file_id"], WORKING_FILE, OUTPUT_FILE)
        owner = entity_of(file) or (task_of(file) if file.kind is WORKING_FILE else None)
        if owner is None:
            checks.administer(call.caller)
        else:
            see_production(call.caller, owner)

    return Rule("project access", check)


def _either(record_id: str, *kinds: Kind) -> Record:
    for kind in kinds:
        found = reads.find(kind, record_id)
        if found is not None:
            return found
    raise NotFound(f"There is no file with the id {record_id!r}.", {"id": record_id})
