"""The end of entities: cancelled, refused, or removed with all that hangs on them.

Source: docs/contract/entities.md section 6.

A removal by force works in pieces: what hangs on an entity goes first, the entity last, with its event. Cut off
half-way, it is an entity with less on it, and removing it again goes on.
"""

from collections.abc import Sequence
from functools import partial
from typing import Final

from chalicelib.access.caller import Caller
from chalicelib.domain.comments import attachments
from chalicelib.domain.entities import casting_links, dependents, lookup, task_lists, update
from chalicelib.domain.entities.kinds import CONCEPT, EPISODE, SCENE, SEQUENCE, EntityKind, kind_of
from chalicelib.domain.files import storage
from chalicelib.domain.tasks.deletion import remove_tasks
from chalicelib.errors import StillReferenced
from chalicelib.records.entities import ASSET_INSTANCE, ENTITY, ENTITY_LINK
from chalicelib.records.files import ATTACHMENT_FILE
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.store import bulk_deletion, homes, partitions, reads
from chalicelib.store.changes import Changes, write

# An entity is three items of a transaction: itself, its guard, its event.
_ENTITIES_A_WRITE: Final = 30
_PARENTS: Final = (SEQUENCE, EPISODE)


def remove(caller: Caller, kind: EntityKind, entity: Record, force: bool) -> None:
    """Removes an entity the way its kind does.

    With tasks and without force, most are cancelled; sequences and episodes that something points at refuse
    (StillReferenced). With force all goes: tasks and theirs, what is in a sequence or episode, the links.
    """
    if not force and kind.cancels and task_lists.own_tasks(entity):
        write(partial(_cancel, kind=kind, entity_id=entity.id))
    elif force or kind.cancels:
        _remove_all(caller, _with_contents(entity))
    else:
        remove_unused(caller, entity)


def remove_unused(caller: Caller, entity: Record) -> None:
    """Removes an entity with its links; StillReferenced where a task, an entity, a file … points at it."""
    matter = dependents.keeping(entity)
    if matter:
        names = ", ".join(sorted({one.kind.name for one in matter}))
        raise StillReferenced(f"Something still points at this: {names}.", "id", "an entity nothing points at")
    _remove_all(caller, [entity])


def _cancel(changes: Changes, kind: EntityKind, entity_id: str) -> None:
    entity = changes.update(changes.read(ENTITY, entity_id), canceled=True)
    update.emit_entity_event(changes, entity, "delete" if kind is SCENE else "update")


def _with_contents(entity: Record) -> list[Record]:
    """An entity, after what goes along with it: what is in a sequence or episode, the assets made for an episode."""
    found = {entity.id: entity}
    latest = [entity]
    while parents := [one for one in latest if kind_of(one) in _PARENTS]:
        inside = lookup.below(*parents)
        inside += [one for episode in parents if kind_of(episode) is EPISODE for one in lookup.made_for(episode)]
        latest = [one for one in inside if one.id not in found]
        found |= {one.id: one for one in latest}
    return list(reversed(found.values()))


def _remove_all(caller: Caller, entities: Sequence[Record]) -> None:
    gone = {entity.id for entity in entities}
    found = dependents.pointing_at(entities)
    remove_tasks(caller, [one for one in found if one.kind is TASK])
    casting_links.uncast(one for one in found if one.kind is ENTITY_LINK and one["entity_in_id"] not in gone)
    _let_go([one for one in found if one.kind is ENTITY and one.id not in gone], gone)
    _leave_lists(entities, gone)
    rest = [one for one in found if one.kind not in (TASK, ENTITY)]
    rest += dependents.following(rest)
    bulk_deletion.remove(rest)
    storage.discard(attachments.key_of(one) for one in rest if one.kind is ATTACHMENT_FILE)
    for start in range(0, len(entities), _ENTITIES_A_WRITE):
        ids = [entity.id for entity in entities[start : start + _ENTITIES_A_WRITE]]
        write(partial(_delete, entity_ids=ids))
    _remove_late(caller, entities)


def _remove_late(caller: Caller, entities: Sequence[Record]) -> None:
    """What was made meanwhile goes as well; from here on nothing can be made on what is gone."""
    late = dependents.keeping(*entities)
    remove_tasks(caller, [one for one in late if one.kind is TASK])
    _let_go([one for one in late if one.kind is ENTITY], {entity.id for entity in entities})
    bulk_deletion.remove([one for one in late if one.kind not in (TASK, ENTITY)])


def _let_go(pointing: Sequence[Record], gone: set[str]) -> None:
    """Entities that stay no longer name one that goes as their parent or source."""
    for entity in pointing:
        write(partial(_unset, entity_id=entity.id, gone=gone))


def _unset(changes: Changes, entity_id: str, gone: set[str]) -> None:
    entity = reads.find(ENTITY, entity_id)
    if entity is not None:
        changes.update(entity, **{name: None for name in ("parent_id", "source_id") if entity[name] in gone})


def _leave_lists(entities: Sequence[Record], gone: set[str]) -> None:
    """Concepts no longer link to what goes, instances are no longer in the shots that go."""
    home = homes.of(ENTITY, entities[0])
    concept_types = CONCEPT.type_ids()
    entities_at_home = partitions.held(ENTITY, home).records.values()
    concepts = [one for one in entities_at_home if one["entity_type_id"] in concept_types and one.id not in gone]
    instances = partitions.held(ASSET_INSTANCE, home).records.values()
    for name, records in (("entity_concept_links", concepts), ("shots", instances)):
        for record in records:
            if not gone.isdisjoint(record[name]):
                write(partial(_shorten, record=record, name=name, gone=gone))


def _shorten(changes: Changes, record: Record, name: str, gone: set[str]) -> None:
    now = reads.find(record.kind, record.id)
    if now is not None:
        changes.update(now, **{name: [one for one in now[name] if one not in gone]})


def _delete(changes: Changes, entity_ids: Sequence[str]) -> None:
    for entity in reads.get_many(ENTITY, entity_ids):
        changes.delete(entity)
        update.emit_entity_event(changes, entity, "delete")
