"""What imported entities cast: exactly the assets that ShotGrid names (docs/contract/interchange.md section 5).

`nb_entities_out` stays as it is, as the contract has it; what is ready for tasks is counted.
"""

from collections.abc import Callable, Iterator, Sequence, Set
from functools import partial
from typing import Final, NamedTuple, TypeVar

from chalicelib.domain.counters import readiness
from chalicelib.domain.entities import castable
from chalicelib.domain.jobs.job import enqueue
from chalicelib.interchange.shotgun import time_limit
from chalicelib.records.entities import ENTITY_LINK
from chalicelib.records.record import Record
from chalicelib.store import keys, partitions, reads
from chalicelib.store.changes import Changes, write

T = TypeVar("T")
_FEW: Final = 8
# A link, its guard, and its ends that have to be there; the rest is for the job that counts.
_LINKS_A_WRITE: Final = 24


class Casting(NamedTuple):
    """What an entity is to cast."""

    entity: Record
    assets: Sequence[Record]


class _Part(NamedTuple):
    entity: Record
    asset: Record

    @property
    def ids(self) -> dict[str, str]:
        return {"entity_in_id": self.entity.id, "entity_out_id": self.asset.id}


def replace(project: Record, castings: Sequence[Casting], new: Set[str]) -> None:
    """Lets entities of a production cast these assets and nothing else.

    new: ids of entities that this request has made; on these nothing waits for assets yet. Links that stand stay as
    they are, with their numbers and labels. Reads the links of a few entities each, else the partition; writes some
    twenty links a transaction.
    """
    home = keys.home_of_owner(project.id)
    parts = {(one.entity.id, asset.id): _Part(one.entity, asset) for one in castings for asset in one.assets}
    held = _held(home, [one.entity.id for one in castings])
    going = [link for ends, link in held.items() if ends not in parts]
    coming = [part for ends, part in parts.items() if ends not in held]
    commands: list[Callable[[Changes], None]] = [partial(_remove, links=part) for part in _parts(going)]
    commands += [_Making(home, part, new) for part in _parts(coming)]
    limit = time_limit.current()
    for command in commands:
        if limit is not None:
            limit.check()
        write(command)


def _parts(whole: Sequence[T]) -> Iterator[Sequence[T]]:
    return (whole[start : start + _LINKS_A_WRITE] for start in range(0, len(whole), _LINKS_A_WRITE))


def _held(home: str, entity_ids: Sequence[str]) -> dict[tuple[str, str], Record]:
    """The links of entities by their ends."""
    asked = frozenset(entity_ids)
    if len(asked) > _FEW:
        links = [one for one in partitions.held(ENTITY_LINK, home).records.values() if one["entity_in_id"] in asked]
    else:
        looks = [partial(reads.query, ENTITY_LINK, home, "entity_in_id", ("^", f"{one}#")) for one in asked]
        links = [link for part in reads.parallel(looks) for link in part]
    return {(link["entity_in_id"], link["entity_out_id"]): link for link in links}


def _remove(changes: Changes, links: Sequence[Record]) -> None:
    there = reads.get_many(ENTITY_LINK, (link.id for link in links))
    for link in there:
        changes.delete(link)
    _recount(changes, {link["entity_in_id"] for link in there})


class _Making:
    """A command that makes links; where it runs again, those that somebody else has made meanwhile are as good."""

    def __init__(self, home: str, parts: Sequence[_Part], new: Set[str]) -> None:
        self._home = home
        self._parts = parts
        self._new = new
        self._tried = False

    def __call__(self, changes: Changes) -> None:
        held = _held(self._home, [part.entity.id for part in self._parts]) if self._tried else {}
        self._tried = True
        missing = [part for part in self._parts if (part.entity.id, part.asset.id) not in held]
        for part in missing:
            changes.create(ENTITY_LINK, {**part.ids, "nb_occurences": 1})
            changes.require(part.entity)
            changes.require(part.asset)
            castable.note_cast_elsewhere(changes, part.entity, part.asset)
        _recount(changes, {part.entity.id for part in missing} - self._new)


def _recount(changes: Changes, entity_ids: Set[str]) -> None:
    if entity_ids:
        enqueue(changes, readiness.recount_entities, entity_ids=sorted(entity_ids))
