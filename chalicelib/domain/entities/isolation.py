"""Whether an entity is of the production that a path names above it (docs/contract/people.md section 1, isolation)."""

from chalicelib.errors import NotFound
from chalicelib.records.record import Record


def refuse_elsewhere(project: Record, entity: Record) -> None:
    """Raises NotFound for an entity of another production: below the path of this one it does not exist."""
    if entity["project_id"] != project.id:
        raise NotFound(f"This production has no entity {entity.id!r}.", {"id": entity.id})
