"""Output files: what is published of entities, and of asset instances where they stand.

Source: docs/contract/files.md 3.3, 5.1, 5.2.
"""

from dataclasses import dataclass
from typing import Any

from chalicelib.access.caller import Caller
from chalicelib.access.files import OutputTarget
from chalicelib.domain.file_trees import made_on_demand, paths
from chalicelib.domain.file_trees.paths import FileOf
from chalicelib.domain.file_trees.templates import Path
from chalicelib.domain.publishing.named_in_body import (
    file_status_named,
    output_type_named,
    output_type_of_new,
    person_named,
    task_type_named,
    whole_revision,
)
from chalicelib.errors import Duplicate, Invalid
from chalicelib.events.journal import emit
from chalicelib.records import names
from chalicelib.records.entities import ENTITY
from chalicelib.records.files import OUTPUT_FILE, WORKING_FILE
from chalicelib.records.record import Record
from chalicelib.records.validation import creation_values
from chalicelib.store import homes, keys, reads
from chalicelib.store.changes import Changes, write


@dataclass(frozen=True)
class NewOutputFile:
    """An output file as it is asked for: `revision` 0 is the next one, `person_id` None who asks."""

    output_type_id: str
    task_type_id: str
    comment: str = ""
    name: str = "main"
    person_id: str | None = None
    working_file_id: str | None = None
    revision: int = 0
    extension: str = ""
    representation: str = ""
    nb_elements: int = 1
    separator: str = "/"
    file_status_id: str | None = None


def of_target(target: OutputTarget) -> list[Record]:
    """The output files of an entity itself, or those of an instance where it stands: one query."""
    entity, instance, temporal = target
    home = homes.of(ENTITY, entity)
    if instance is None:
        found = reads.query(OUTPUT_FILE, home, "entity_id", ("=", entity.id))
        return [one for one in found if not one["asset_instance_id"] and not one["temporal_entity_id"]]
    found = reads.query(OUTPUT_FILE, home, "asset_instance_id", ("=", instance.id))
    return [one for one in found if temporal is None or one["temporal_entity_id"] == temporal.id]


# -- paths and revisions -----------------------------------------------------------------------------------------------
def next_revision(target: OutputTarget, output_type_id: str, task_type_id: str, name: str) -> int:
    """The revision that an output file of that type and name is to get; NotFound for an unknown type."""
    output_type, task_type = output_type_named(output_type_id), task_type_named(task_type_id)
    return _next(_alike(target, output_type, task_type, name))


def path(target: OutputTarget, file: NewOutputFile, mode: str, revision: int | None) -> Path:
    """Where an output file goes: folder and file name, of the next revision where none is asked for.

    Errors: NotFound for an unknown type, Invalid where the file tree has no such path.
    """
    output_type, task_type = output_type_named(file.output_type_id), task_type_named(file.task_type_id)
    if revision is None:
        revision = _next(_alike(target, output_type, task_type, file.name))
    what = _file_of(target, output_type, task_type, file)
    return paths.path_of(what, whole_revision(revision), mode, file.separator)


def _alike(target: OutputTarget, output_type: Record, task_type: Record, name: str) -> list[Record]:
    """The output files that are numbered together; of whatever representation."""
    wanted = {"output_type_id": output_type.id, "task_type_id": task_type.id, "name": name}
    return [one for one in of_target(target) if names.agrees(OUTPUT_FILE, one, wanted)]


def _next(alike: list[Record]) -> int:
    return max((one["revision"] for one in alike), default=0) + 1


def _file_of(target: OutputTarget, output_type: Record, task_type: Record, file: NewOutputFile) -> FileOf:
    return FileOf(
        target.entity,
        task_type,
        file.name,
        file.representation,
        output_type=output_type,
        instance=target.instance,
        temporal=target.temporal,
    )


# -- creation ----------------------------------------------------------------------------------------------------------
def create(caller: Caller, target: OutputTarget, asked: NewOutputFile) -> tuple[Record, Path]:
    """A new revision of an output file, and where it goes.

    Of two who ask for the next revision at once each gets one of their own. Errors: Invalid for an unknown output type,
    person or status and a working file of another production, NotFound for an unknown task type, Duplicate for a
    revision there is in that representation. Where the file tree has no path for it, it is kept without one, as the
    contract has it, and Invalid says so.
    """
    output_type, task_type = output_type_of_new(asked.output_type_id), task_type_named(asked.task_type_id)
    given = whole_revision(asked.revision)
    values = _values(caller, target, asked)
    what = _file_of(target, output_type, task_type, asked)
    turn = keys.claim(homes.of(ENTITY, target.entity), OUTPUT_FILE, _told(target, output_type, task_type, asked.name))

    def command(changes: Changes) -> tuple[Record, Path | Invalid]:
        changes.take_turn(turn)
        alike = _alike(target, output_type, task_type, asked.name)
        revision = given or _next(alike)
        _refuse_taken(alike, revision, asked.representation)
        where = _where(what, revision, asked, is_sequence=asked.nb_elements > 1 and target.instance is None)
        kept = (
            None if isinstance(where, Invalid) else f"{where.folder}{asked.separator}{where.file_name}{asked.extension}"
        )
        whole = {**values, "revision": revision, "path": kept}
        for needed in filter(None, target):
            changes.require(needed)
        made = changes.create(OUTPUT_FILE, creation_values(OUTPUT_FILE, whole))
        emit(changes, "output-file:new", target.entity["project_id"], output_file_id=made.id)
        return made, where

    made, where = write(command)
    if isinstance(where, Invalid):
        told = where.data or {}
        raise Invalid(
            f"{where.message} Revision {made['revision']} is kept without a path.", data={**told, "id": made.id}
        )
    return made, where


def _told(target: OutputTarget, output_type: Record, task_type: Record, name: str) -> str:
    """What is numbered together, as one text; the name comes last, since it may hold anything."""
    ids = [one.id if one else "" for one in (*target, output_type, task_type)]
    return "#".join([*ids, name])


def _where(file: FileOf, revision: int, asked: NewOutputFile, is_sequence: bool) -> Path | Invalid:
    try:
        folder, file_name = paths.path_of(file, revision, "output", asked.separator)
    except Invalid as problem:
        return problem
    return Path(folder, f"{file_name}_[1-{asked.nb_elements}]" if is_sequence else file_name)


def _values(caller: Caller, target: OutputTarget, asked: NewOutputFile) -> dict[str, Any]:
    """The values of a new output file besides its revision and path."""
    status = file_status_named(asked.file_status_id) if asked.file_status_id else made_on_demand.to_review()
    return {
        "name": asked.name,
        "comment": asked.comment,
        "extension": asked.extension,
        "representation": asked.representation,
        "nb_elements": asked.nb_elements,
        "entity_id": target.entity.id,
        "asset_instance_id": target.instance.id if target.instance else None,
        "temporal_entity_id": target.temporal.id if target.temporal else None,
        "output_type_id": asked.output_type_id,
        "task_type_id": asked.task_type_id,
        "person_id": person_named(asked.person_id).id if asked.person_id else caller.id,
        "file_status_id": status.id,
        "source_file_id": _source(target, asked.working_file_id),
    }


def _source(target: OutputTarget, working_file_id: str | None) -> str | None:
    """The working file that it is made from; an unknown one is none, one of another production is refused."""
    found = reads.find(WORKING_FILE, working_file_id) if working_file_id else None
    if found is None:
        return None
    if homes.of(WORKING_FILE, found) != homes.of(ENTITY, target.entity):
        raise Invalid("The working file is of another production.", "working_file_id", "an id of this production")
    return found.id


def _refuse_taken(alike: list[Record], revision: int, representation: str) -> None:
    if any(one["revision"] == revision and (one["representation"] or "") == representation for one in alike):
        raise Duplicate(
            f"Revision {revision} is there already.", "revision", "one that is not taken, or 0 for the next"
        )
