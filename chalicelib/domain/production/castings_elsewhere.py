"""Shared assets of a production that ends: they leave the castings of other productions."""

from collections.abc import Iterator
from functools import partial
from itertools import groupby
from typing import Final

from chalicelib.domain.production import entity_types
from chalicelib.events.journal import emit
from chalicelib.records.entities import ENTITY, ENTITY_LINK
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record
from chalicelib.store import keys, reads, reference
from chalicelib.store.changes import Changes, write

# Each link is two items of a transaction: its record and its guard.
_LINKS_A_WRITE: Final = 40


def remove(home: str) -> Iterator[int]:
    """Takes the shared assets of a home out of the castings of all productions; gives how many links went."""
    pages = reads.pages(keys.partition(home, ENTITY))
    shared = {row.sk.S for page in pages for row in page if row.doc is not None and '"is_shared":true' in row.doc.S}
    if not shared:
        return
    homes = [keys.home_of_owner(project_id) for project_id in reference.every(PROJECT)]
    held = reads.parallel([partial(reads.query, ENTITY_LINK, other) for other in homes])
    links = [link for part in held for link in part if link["entity_out_id"] in shared]
    links.sort(key=lambda link: str(link["entity_in_id"]))
    for entity_id, its_links in groupby(links, lambda link: str(link["entity_in_id"])):
        cast = [link.id for link in its_links]
        for start in range(0, len(cast), _LINKS_A_WRITE):
            write(partial(_uncast, entity_id=entity_id, link_ids=cast[start : start + _LINKS_A_WRITE]))
        yield len(cast)


def _uncast(changes: Changes, entity_id: str, link_ids: list[str]) -> None:
    for link in reads.get_many(ENTITY_LINK, link_ids):
        changes.delete(link)
    entity = changes.read(ENTITY, entity_id)
    condition = ("^", f"{entity_id}#")
    left = reads.query(ENTITY_LINK, reads.home_of(ENTITY, entity), "l1", condition)
    count = sum(link.id not in link_ids for link in left)
    changes.update(entity, nb_entities_out=count)
    _tell(changes, entity, count)


def _tell(changes: Changes, entity: Record, count: int) -> None:
    kind = entity_types.kind_name(entity["entity_type_id"]).lower()
    if kind in ("shot", "episode"):
        told = {f"{kind}_id": entity.id, "nb_entities_out": count}
        emit(changes, f"{kind}:casting-update", entity["project_id"], **told)
    else:
        emit(changes, "asset:casting-update", entity["project_id"], asset_id=entity.id)
