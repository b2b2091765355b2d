"""How much entities cast: `nb_entities_out`, and what follows for the tasks of shots (docs/contract/entities.md 7)."""

from collections.abc import Iterable, Sequence, Set
from functools import partial
from typing import Final

from chalicelib.domain.commands import found
from chalicelib.domain.counters import readiness
from chalicelib.domain.workflow.entity_types import kind_name
from chalicelib.events.journal import emit
from chalicelib.records.entities import ENTITY, ENTITY_LINK
from chalicelib.records.record import Record
from chalicelib.store import bulk_deletion, homes, reads
from chalicelib.store.changes import Changes, write

# What tells by itself how much it casts; of everything else a casting is told like that of an asset.
_TELL: Final = ("Shot", "Episode")


def held_by(entity: Record) -> list[Record]:
    """The links to what an entity casts (one query)."""
    return reads.query(ENTITY_LINK, homes.of(ENTITY, entity), "entity_in_id", ("^", f"{entity.id}#"))


def uncast(links: Iterable[Record]) -> None:
    """Takes links away; each of the entities that held them is counted anew before, and told of."""
    going = list(links)
    without(going, frozenset())
    bulk_deletion.remove(going)


def without(links: Sequence[Record], gone: Set[str]) -> None:
    """Counts the entities anew whose links are about to go, without these, and is ready for what is left.

    A transaction an entity; entities that are `gone` are left alone. Cut off, it is done again: the links are still
    there.
    """
    ids = frozenset(link.id for link in links)
    owners = list(dict.fromkeys(link["entity_in_id"] for link in links if link["entity_in_id"] not in gone))
    for entity_id in owners:
        write(partial(_recount, entity_id=entity_id, ids=ids))
    readiness.recount(owners, ids)


def _recount(changes: Changes, entity_id: str, ids: Set[str]) -> None:
    entity = found(changes, ENTITY, entity_id)
    if entity is None:
        return
    count = sum(link.id not in ids for link in held_by(entity))
    emit_casting_event(changes, changes.update(entity, nb_entities_out=count))


def emit_casting_event(changes: Changes, entity: Record) -> None:
    """The event of a casting: shots and episodes tell how much they cast."""
    kind = kind_name(entity["entity_type_id"])
    if kind in _TELL:
        payload = {f"{kind.lower()}_id": entity.id, "nb_entities_out": entity["nb_entities_out"]}
        emit(changes, f"{kind.lower()}:casting-update", entity["project_id"], **payload)
    else:
        emit(changes, "asset:casting-update", entity["project_id"], asset_id=entity.id)
