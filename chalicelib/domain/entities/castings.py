"""What is left of castings when an asset goes (spec/entities.md section 6)."""

from collections.abc import Iterable
from functools import partial
from itertools import groupby
from typing import Final

from chalicelib.domain.entities.kinds import EPISODE, SHOT, kind_of
from chalicelib.events.journal import emit
from chalicelib.records.entities import ENTITY, ENTITY_LINK
from chalicelib.records.record import Record
from chalicelib.store import reads
from chalicelib.store.changes import Changes, write

# Each link is two items of a transaction: its record and its guard.
_LINKS_A_WRITE: Final = 40


def uncast(links: Iterable[Record]) -> None:
    """Takes links away and counts anew what each of the entities that held them casts; each is told of.

    A transaction an entity; `nb_entities_out` becomes the number of links left.
    """
    ordered = sorted(links, key=lambda link: str(link["entity_in_id"]))
    for entity_id, group in groupby(ordered, lambda link: str(link["entity_in_id"])):
        link_ids = [link.id for link in group]
        for start in range(0, len(link_ids), _LINKS_A_WRITE):
            write(partial(_uncast, entity_id=entity_id, link_ids=link_ids[start : start + _LINKS_A_WRITE]))


def _uncast(changes: Changes, entity_id: str, link_ids: list[str]) -> None:
    for link in reads.get_many(ENTITY_LINK, link_ids):
        changes.delete(link)
    entity = reads.find(ENTITY, entity_id)
    if entity is None:
        return
    held = reads.query(ENTITY_LINK, reads.home_of(ENTITY, entity), "l1", ("^", f"{entity_id}#"))
    count = sum(link.id not in link_ids for link in held)
    tell(changes, changes.update(entity, nb_entities_out=count))


def tell(changes: Changes, entity: Record) -> None:
    """The event of a casting: shots and episodes tell how much they cast."""
    kind = kind_of(entity)
    if kind in (SHOT, EPISODE):
        told = {kind.id_name: entity.id, "nb_entities_out": entity["nb_entities_out"]}
        emit(changes, f"{kind.word}:casting-update", entity["project_id"], **told)
    else:
        emit(changes, "asset:casting-update", entity["project_id"], asset_id=entity.id)
