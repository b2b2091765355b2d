"""The end of entities: cancelled, refused, or removed with all that hangs on them.

Source: docs/contract/entities.md section 6.

A removal by force works in pieces: what hangs on an entity goes first, the entity last, with its event. Cut off
half-way, it is an entity with less on it, and removing it again goes on.
"""

from collections.abc import Sequence
from functools import partial
from typing import Final

from chalicelib.domain.counters import castings
from chalicelib.domain.dependents import protection, removal
from chalicelib.domain.entities import lookup, update
from chalicelib.domain.entities.kinds import EPISODE, SCENE, SEQUENCE, EntityKind, kind_of
from chalicelib.errors import StillReferenced
from chalicelib.records.entities import ENTITY
from chalicelib.records.record import Record
from chalicelib.store.changes import Changes, write

_PARENTS: Final = (SEQUENCE, EPISODE)


def remove(kind: EntityKind, entity: Record, force: bool) -> None:
    """Removes an entity the way its kind does.

    With tasks and without force, most are cancelled; sequences and episodes that something points at refuse
    (StillReferenced). With force all goes: tasks and theirs, what is in a sequence or episode, the links.
    """
    if not force and kind.cancels and lookup.own_tasks(entity):
        write(partial(_cancel, kind=kind, entity_id=entity.id))
    elif force or kind.cancels:
        _remove_all(_with_contents(entity))
    else:
        remove_unused(entity)


def remove_unused(entity: Record) -> None:
    """Removes an entity with its links; StillReferenced where a task, an entity, a file … points at it."""
    protection.refuse_if_referenced(entity)
    if EPISODE.is_of(entity) and castings.held_by(entity):
        raise StillReferenced("This episode still casts something.", "id", "an episode without a casting")
    _remove_all([entity])


def _cancel(changes: Changes, kind: EntityKind, entity_id: str) -> None:
    entity = changes.update(changes.read(ENTITY, entity_id), canceled=True)
    update.emit_entity_event(changes, entity, "delete" if kind is SCENE else "update")


def _with_contents(entity: Record) -> list[Record]:
    """An entity, after what goes along with it: what is in a sequence or episode, the assets made for an episode."""
    found = {entity.id: entity}
    latest = [entity]
    while parents := [one for one in latest if kind_of(one) in _PARENTS]:
        inside = lookup.children_of(*parents)
        inside += [one for episode in parents if kind_of(episode) is EPISODE for one in lookup.assets_made_for(episode)]
        latest = [one for one in inside if one.id not in found]
        found |= {one.id: one for one in latest}
    return list(reversed(found.values()))


def _remove_all(entities: Sequence[Record]) -> None:
    gone = frozenset(entity.id for entity in entities)
    for _ in removal.remove(entities, partial(update.emit_entity_event, verb="delete"), gone):
        pass
    # What was made meanwhile goes as well; from here on nothing can be made on what is gone.
    removal.clear_at_once(entities)
