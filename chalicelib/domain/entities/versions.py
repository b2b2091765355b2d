"""What a shot was before it changed (docs/contract/entities.md sections 2, 4 and 6)."""

from typing import Any, Final

from chalicelib.access.caller import Caller
from chalicelib.domain.entities import columns
from chalicelib.domain.entities.kinds import SHOT, EntityKind
from chalicelib.records import clock
from chalicelib.records.entities import ENTITY_VERSION
from chalicelib.records.record import Record, shown
from chalicelib.store import keys, reads
from chalicelib.store.changes import Changes

_TRACED: Final = ("frame_in", "frame_out")
# Changes that follow at once are one change to whoever looks back.
_SECONDS_APART: Final = 60


def of(kind: EntityKind, entity: Record) -> list[dict[str, Any]]:
    """The versions of an entity, newest first: one query. What they are called is told by its kind."""
    home = keys.home_of_owner(entity["project_id"])
    found = reads.query(ENTITY_VERSION, home, "entity_id", ("^", f"{entity.id}#"), descending=True)
    return [shown(version, type=f"{kind.name}Version") for version in found]


def keep(changes: Changes, caller: Caller, old: Record, new: Record) -> None:
    """Keeps the old name and metadata of a shot whose name or frames change, unless it changed a minute ago."""
    latest = old["updated_at"]
    settled = latest is None or clock.shift(latest, seconds=_SECONDS_APART) < clock.now()
    if settled and SHOT.is_of(old) and _traced(old) != _traced(new):
        values = {"name": old["name"], "data": old["data"], "entity_id": old.id, "person_id": caller.id}
        changes.create(ENTITY_VERSION, values)


def _traced(entity: Record) -> tuple[Any, ...]:
    data = columns.metadata(entity)
    return entity["name"], *(data.get(key) for key in _TRACED)
