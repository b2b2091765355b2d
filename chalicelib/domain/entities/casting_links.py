"""What changes of castings have in common, and what is left of them when an asset goes.

Source: docs/contract/entities.md section 7.
"""

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import groupby
from typing import Final

from chalicelib.domain.entities.kinds import EPISODE, SHOT, kind_of
from chalicelib.events.journal import emit
from chalicelib.records.entities import ENTITY, ENTITY_LINK
from chalicelib.records.record import Record
from chalicelib.store import homes, reads
from chalicelib.store.changes import Changes, write

# Each link is two items of a transaction: its record and its guard.
_LINKS_A_WRITE: Final = 40


def held_by(entity: Record) -> list[Record]:
    """The links to what an entity casts (one query)."""
    return reads.query(ENTITY_LINK, homes.of(ENTITY, entity), "l1", ("^", f"{entity.id}#"))


def uncast(links: Iterable[Record]) -> None:
    """Takes links away and counts anew what each of the entities that held them casts; each is told of."""
    for _ in uncast_piecewise(links):
        pass


def uncast_piecewise(links: Iterable[Record]) -> Iterator[int]:
    """The same, an entity at a time; gives how many links went with each.

    A transaction an entity; `nb_entities_out` becomes the number of links left.
    """
    ordered = sorted(links, key=lambda link: str(link["entity_in_id"]))
    for entity_id, group in groupby(ordered, lambda link: str(link["entity_in_id"])):
        link_ids = [link.id for link in group]
        for start in range(0, len(link_ids), _LINKS_A_WRITE):
            write(partial(_uncast, entity_id=entity_id, link_ids=link_ids[start : start + _LINKS_A_WRITE]))
        yield len(link_ids)


def _uncast(changes: Changes, entity_id: str, link_ids: list[str]) -> None:
    for link in reads.get_many(ENTITY_LINK, link_ids):
        changes.delete(link)
    entity = reads.find(ENTITY, entity_id)
    if entity is None:
        return
    count = sum(link.id not in link_ids for link in held_by(entity))
    emit_casting_event(changes, changes.update(entity, nb_entities_out=count))


def remove_link(link: Record) -> None:
    """Takes one link away, and nothing else: what is counted of castings stays as it was."""

    def command(changes: Changes) -> None:
        changes.delete(changes.read(ENTITY_LINK, link.id))
        emit_link_event(changes, link, "delete")

    write(command)


def emit_casting_event(changes: Changes, entity: Record) -> None:
    """The event of a casting: shots and episodes tell how much they cast."""
    kind = kind_of(entity)
    if kind in (SHOT, EPISODE):
        told = {kind.id_name: entity.id, "nb_entities_out": entity["nb_entities_out"]}
        emit(changes, f"{kind.word}:casting-update", entity["project_id"], **told)
    else:
        emit(changes, "asset:casting-update", entity["project_id"], asset_id=entity.id)


def emit_link_event(changes: Changes, link: Record, verb: str, *names: str) -> None:
    """The event of a link, tied to the production of what casts; `names` are fields that it tells besides the id."""
    entity = reads.find(ENTITY, link["entity_in_id"])
    told = {"entity_link_id": link.id, **{name: link[name] for name in names}}
    emit(changes, f"entity-link:{verb}", entity["project_id"] if entity else None, **told)
