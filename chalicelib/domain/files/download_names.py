"""Names that files are downloaded under, and names of entities in full (docs/contract/files.md 6.4 and 3.2)."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from chalicelib.domain.slugs import slug
from chalicelib.records.entities import ENTITY, ENTITY_TYPE
from chalicelib.records.people import ORGANISATION
from chalicelib.records.production import TASK_TYPE
from chalicelib.records.record import Record
from chalicelib.store import reads, reference

_TEMPORAL: Final = ("Shot", "Scene", "Sequence", "Episode", "Edit")


def entity_type_name(entity: Record) -> str:
    """The name of an entity's type."""
    entity_type = reference.find(ENTITY_TYPE, entity["entity_type_id"])
    return str(entity_type["name"]) if entity_type else ""


def full_entity_name(entity: Record, known: Mapping[str, Record] | None = None) -> str:
    """`E01 / SQ01 / SH010` of a shot, `Character / Lama` of an asset.

    known: entities by id that hold what is above it; else a read for each parent.
    """
    kind = entity_type_name(entity)
    if kind not in _TEMPORAL:
        return f"{kind} / {entity['name']}"
    find = partial(reads.find, ENTITY) if known is None else known.get
    names = [entity["name"]]
    parent = find(entity["parent_id"] or "")
    while parent is not None and len(names) < 4:
        names.append(parent["name"])
        parent = find(parent["parent_id"] or "")
    return " / ".join(reversed(names))


def download_name(preview: Record, task: Record, project: Record, extension: str) -> str:
    """What a file of a preview is saved as; see `name_of`. Reads its entity and what that is in."""
    entity = reads.find(ENTITY, task["entity_id"] or "")
    return name_of(preview, task, project, full_entity_name(entity) if entity else "", extension)


def name_of(preview: Record, task: Record, project: Record, entity_name: str, extension: str) -> str:
    """What a file of a preview is saved as: `caminandes_sq01_sh010_animation_v1-2.png`.

    Where the studio wants it, the name that the file was sent under instead. entity_name: in full.
    """
    second = f"-{preview['position']}" if (preview["position"] or 1) > 1 else ""
    studio = next(iter(reference.every(ORGANISATION).values()), None)
    if studio is not None and studio["use_original_file_name"] and preview["original_name"]:
        return f"{preview['original_name']}{second}.{extension}"
    task_type = reference.find(TASK_TYPE, task["task_type_id"])
    names = [project["name"], entity_name, task_type["name"] if task_type else ""]
    plain = slug("_".join([*names, f"v{preview['revision']}"]))
    return f"{plain}{second}.{extension}"
