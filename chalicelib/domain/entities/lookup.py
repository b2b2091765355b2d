"""Finding entities: which of the ways to them is the shortest for a set of filters (docs/access-patterns.md)."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Final

from chalicelib.domain.entities.kinds import SHOT, EntityKind
from chalicelib.records.entities import ENTITY
from chalicelib.records.filters import Filters
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.store import homes, keys, partitions, reads

# Fields that a local index begins with: a list filtered by one is read from there.
_INDEXED: Final = ("parent_id", "source_id")
Look = Callable[[], Iterable[Record]]


def entities(wanted: Filters, projects: Sequence[Record], kind: EntityKind | None = None) -> list[Record]:
    """The entities of a kind (None: of any) in these productions that pass the filters.

    By id: a read a hundred. By parent or source: a query each. Of one production: from its held partition, one query
    for what changed. Else a query each production, side by side.
    """
    types = kind.type_ids() if kind else None
    # Each that an index leads to is a read of its own; most of a production are shots.
    led_to = None if kind is SHOT else types
    allowed = {project.id for project in projects}
    return [
        entity
        for entity in _candidates(wanted, projects, led_to)
        if entity["project_id"] in allowed
        and (types is None or entity["entity_type_id"] in types)
        and wanted.holds(entity)
    ]


def of_production(project_id: str) -> partitions.Held:
    """All entities of a production, as they are now."""
    return partitions.held(ENTITY, keys.home_of_owner(project_id))


def children_of(*parents: Record) -> list[Record]:
    """The entities whose parent is one of these: a query each, side by side."""
    return _side_by_side([partial(_led_to, "parent_id", parent.id) for parent in parents])


def assets_made_for(source: Record) -> list[Record]:
    """The entities whose source is this one: one query."""
    return _led_to("source_id", source.id)


def own_tasks(entity: Record) -> list[Record]:
    """The task records of an entity: one query."""
    return reads.query(TASK, keys.home_of_owner(entity["project_id"]), "entity_id", ("^", f"{entity.id}#"))


def _candidates(wanted: Filters, projects: Sequence[Record], types: frozenset[str] | None) -> Iterable[Record]:
    if (ids := wanted.named("id")) is not None:
        return reads.get_many(ENTITY, ids)
    for field in _INDEXED:
        if (led := wanted.named(field)) is not None:
            return _side_by_side([partial(_led_to, field, above_id) for above_id in led if above_id])
    named = wanted.named("project_id")
    asked = projects if named is None else [project for project in projects if project.id in named]
    if len(asked) == 1:
        return of_production(asked[0].id).records.values()
    return _side_by_side([look for project in asked for look in _of_types(project, types)])


def _of_types(project: Record, types: frozenset[str] | None) -> list[Look]:
    home = keys.home_of_owner(project.id)
    if types is None or len(types) > 1:
        return [partial(reads.query, ENTITY, home)]
    return [
        partial(reads.query, ENTITY, home, "entity_type_id", ("^", f"{entity_type_id}#")) for entity_type_id in types
    ]


def _led_to(field: str, above_id: str) -> list[Record]:
    home = homes.of_id(above_id)
    return reads.query(ENTITY, home, field, ("^", f"{above_id}#")) if home else []


def _side_by_side(looks: Sequence[Look]) -> list[Record]:
    return [entity for part in reads.parallel(looks) for entity in part]
