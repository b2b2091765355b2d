"""Which assets an entity may cast (docs/contract/entities.md section 7)."""

from chalicelib.access.caller import Caller
from chalicelib.records.entities import ENTITY
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record
from chalicelib.store import reference
from chalicelib.store.changes import Changes


def is_castable(caller: Caller, entity: Record, asset: Record) -> bool:
    """Whether an asset is of the same production, shared, or of a production that the caller sees."""
    if asset["project_id"] == entity["project_id"] or asset["is_shared"]:
        return True
    project = reference.find(PROJECT, asset["project_id"])
    return project is not None and (caller.is_admin or caller.in_team(project))


def note_cast_elsewhere(changes: Changes, entity: Record, asset: Record) -> None:
    """Keeps with an asset of another production that its links are to be looked for elsewhere, once it goes."""
    if asset["project_id"] != entity["project_id"] and not asset.get("cast_elsewhere"):
        changes.update(changes.read(ENTITY, asset.id), cast_elsewhere=True)
