"""One entity in full (docs/contract/entities.md section 2, shapes of single reads)."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from chalicelib.access.caller import Caller
from chalicelib.domain.entities import columns, relations
from chalicelib.domain.entities.columns import Place
from chalicelib.domain.entities.kinds import ASSET, CONCEPT, EDIT, EPISODE, SCENE, SEQUENCE, SHOT, EntityKind
from chalicelib.domain.workflow import entity_types
from chalicelib.records.entities import ENTITY
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record, shown
from chalicelib.records.tasks import TASK
from chalicelib.store import keys, reads, reference

Shape = Callable[[Caller, EntityKind, Record], dict[str, Any]]
_NOT_OF_ASSETS: Final = ("source_id", "nb_frames")


def in_full(caller: Caller, kind: EntityKind, entity: Record) -> dict[str, Any]:
    """An entity as its own route answers it: with its place, and for most kinds its tasks and relations."""
    return _SHAPES[kind.name](caller, kind, entity)


def board_row(kind: EntityKind, entity: Record, place: Place, tasks: list[Record]) -> dict[str, Any]:
    """The row of a board. Whether somebody subscribed is told by boards of a production alone: here it is false."""
    rows = [{**kind.tasks.of(task), "is_subscribed": False} for task in tasks]
    return {**columns.row(kind.columns, entity, place), "tasks": rows}


def tasks_look(entity: Record) -> Callable[[], list[Record]]:
    """The read of an entity's tasks: one query."""
    home = keys.home_of_owner(entity["project_id"])
    return partial(reads.query, TASK, home, "entity_id", ("^", f"{entity.id}#"))


def place_of(entity: Record) -> Place:
    """Where an entity stands: up to two reads, one after the other."""
    project = reference.get(PROJECT, entity["project_id"])
    parent = reads.find(ENTITY, entity["parent_id"] or "")
    grandparent = reads.find(ENTITY, (parent["parent_id"] if parent else None) or "")
    return Place(project, parent, grandparent)


def _asset(caller: Caller, kind: EntityKind, asset: Record) -> dict[str, Any]:
    project = reference.get(PROJECT, asset["project_id"])
    queries: list[Callable[[], Any]] = [
        _episodes_look(asset),
        tasks_look(asset),
        *relations.lookups(caller, asset),
    ]
    episodes, tasks, *related = reads.parallel(queries)
    payload = relations.relations_from(asset, related)
    casting = set(payload["entities_in"])
    cast_in = [episode.id for episode in episodes if episode.id in casting]
    own = shown(asset, relations=True, **payload)
    for name in _NOT_OF_ASSETS:
        del own[name]
    return {
        **own,
        "project_name": project["name"],
        **board_row(kind, asset, Place(project, cast_in=cast_in), list(tasks)),
    }


def _episodes_look(entity: Record) -> Callable[[], list[Record]]:
    """The read of the episodes of an entity's production, by name: one query."""
    home = keys.home_of_owner(entity["project_id"])
    return partial(reads.query, ENTITY, home, "entity_type_id", ("^", f"{entity_types.temporal('Episode').id}#"))


def _row_and_relations(caller: Caller, kind: EntityKind, entity: Record) -> dict[str, Any]:
    queries: list[Callable[[], Any]] = [
        partial(place_of, entity),
        tasks_look(entity),
        *relations.lookups(caller, entity),
    ]
    place, tasks, *related = reads.parallel(queries)
    row = board_row(kind, entity, place, tasks)
    return {**row, **shown(entity, relations=True, **relations.relations_from(entity, related))}


def _row(caller: Caller, kind: EntityKind, entity: Record) -> dict[str, Any]:
    del caller
    queries: list[Callable[[], Any]] = [partial(place_of, entity), tasks_look(entity)]
    place, tasks = reads.parallel(queries)
    return board_row(kind, entity, place, tasks)


def _below_an_episode(caller: Caller, kind: EntityKind, entity: Record) -> dict[str, Any]:
    del caller, kind
    place = place_of(entity)
    return shown(entity, project_name=place.project["name"], **_named("episode", place.parent))


def _below_a_sequence(caller: Caller, kind: EntityKind, entity: Record) -> dict[str, Any]:
    del caller, kind
    place = place_of(entity)
    names = {**_named("sequence", place.parent), **_named("episode", place.grandparent)}
    return shown(entity, project_name=place.project["name"], **names)


def _named(word: str, above: Record | None) -> dict[str, Any]:
    return {f"{word}_id": above.id, f"{word}_name": above["name"]} if above else {}


_SHAPES: Final[Mapping[str, Shape]] = {
    ASSET.name: _asset,
    SHOT.name: _row_and_relations,
    CONCEPT.name: _row_and_relations,
    EDIT.name: _row,
    SEQUENCE.name: _below_an_episode,
    EPISODE.name: _below_an_episode,
    SCENE.name: _below_a_sequence,
}
