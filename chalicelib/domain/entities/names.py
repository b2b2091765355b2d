"""What an entity is called where it stands alone: in news, notifications, chats, file names.

Source: docs/contract/tasks.md 7.
"""

from collections.abc import Iterable, Mapping, Sequence

from chalicelib.domain.entities.kinds import ASSET, EPISODE, SEQUENCE, SHOT
from chalicelib.records.entities import ENTITY, ENTITY_TYPE
from chalicelib.records.record import Record
from chalicelib.store import reads, reference

_SEPARATOR = " / "
Records = Mapping[str, Record]


def full_name(entity: Record, known: Records | None = None) -> str:
    """`Character / Lama`, `SQ01 / SH010`, `E01 / SQ01 / SH010`, `E01 / SQ01`; an episode's is its name.

    known: entities by id that hold what is above it (`above`, a held partition); else it is read, up to two reads.
    """
    if not (SHOT.is_of(entity) or SEQUENCE.is_of(entity) or EPISODE.is_of(entity)):
        entity_type = reference.find(ENTITY_TYPE, entity["entity_type_id"])
        return _SEPARATOR.join((entity_type["name"] if entity_type else ASSET.name, entity["name"]))
    line = [entity]
    records = ancestors_of([entity]) if known is None else known
    while (parent := records.get(line[0]["parent_id"] or "")) is not None and parent not in line:
        line.insert(0, parent)
    return _SEPARATOR.join(one["name"] for one in line)


def episode_id_of(entity: Record, known: Records | None = None) -> str | None:
    """The episode of a shot or sequence; for an asset the one it was made for. Reads as `full_name` does."""
    if ASSET.is_of(entity):
        return _id(entity["source_id"])
    if SEQUENCE.is_of(entity):
        return _id(entity["parent_id"])
    records = ancestors_of([entity]) if known is None else known
    parent = records.get(entity["parent_id"] or "")
    return _id(parent["parent_id"]) if parent and SEQUENCE.is_of(parent) else None


def ancestors_of(entities: Sequence[Record]) -> dict[str, Record]:
    """What is above these entities, by id: a read a hundred parents, another a hundred of theirs."""
    parents = _parents_of(entities)
    return parents | _parents_of(parents.values())


def _parents_of(entities: Iterable[Record]) -> dict[str, Record]:
    wanted = {entity["parent_id"] for entity in entities if entity["parent_id"]}
    return {parent.id: parent for parent in reads.get_many(ENTITY, wanted)}


def _id(value: str | None) -> str | None:
    return value or None
