"""What points at an entity, and the indexes that lead there: what keeps it from going, and what goes along."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from chalicelib.domain.entities.kinds import EPISODE
from chalicelib.records.entities import ASSET_INSTANCE, ENTITY, ENTITY_LINK, ENTITY_VERSION
from chalicelib.records.fields import Kind
from chalicelib.records.files import ATTACHMENT_FILE, BUILD_JOB, OUTPUT_FILE, PLAYLIST, WORKING_FILE
from chalicelib.records.people import CHAT, CHAT_MESSAGE, SUBSCRIPTION
from chalicelib.records.production import PROJECT, SCHEDULE_ITEM
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.store import homes, keys, reads, reference

Look = Callable[[], list[Record]]


@dataclass(frozen=True)
class _Hook:
    """A kind whose records name entities, and the index that begins with the name, or holds it `alone`.

    `matters`: for the sake of such a record an entity stays.
    """

    kind: Kind
    index: str
    alone: bool = True
    matters: bool = True


_CASTING: Final = _Hook(ENTITY_LINK, "l1", alone=False, matters=False)
_HOOKS: Final = (
    _Hook(TASK, "l1", alone=False),
    _Hook(ENTITY, "l2", alone=False),
    _Hook(ENTITY, "l3", alone=False),
    _Hook(ASSET_INSTANCE, "l1"),
    _Hook(ASSET_INSTANCE, "l2"),
    _Hook(ASSET_INSTANCE, "l3"),
    _Hook(WORKING_FILE, "l2"),
    _Hook(OUTPUT_FILE, "l1"),
    _Hook(PLAYLIST, "l1"),
    _CASTING,
    _Hook(ENTITY_LINK, "l2", matters=False),
    _Hook(ENTITY_VERSION, "l1", alone=False, matters=False),
    _Hook(SUBSCRIPTION, "l3", alone=False, matters=False),
    _Hook(CHAT, "l1", matters=False),
)
# What hangs on what hangs on an entity: the kind, and its index that begins with the other's id.
_SECOND: Final = {
    ASSET_INSTANCE: ((OUTPUT_FILE, "l2"),),
    PLAYLIST: ((BUILD_JOB, "l1"),),
    CHAT: ((CHAT_MESSAGE, "l1"),),
    CHAT_MESSAGE: ((ATTACHMENT_FILE, "l2"),),
}


def pointing_at(entities: Sequence[Record]) -> list[Record]:
    """The records that name one of these entities: 15 queries an entity, for a shared asset one a production more."""
    looks: list[Look] = [partial(_held_by, hook, entity) for entity in entities for hook in _HOOKS]
    looks += [partial(_scheduled, entity) for entity in entities]
    looks += [partial(_links_at, home, entity) for entity in entities for home in _elsewhere(entity)]
    return _all(looks)


def keeping(*entities: Record) -> list[Record]:
    """The records for whose sake an entity stays unless it is removed by force; of an episode its casting, too."""
    looks: list[Look] = [partial(_held_by, hook, entity) for entity in entities for hook in _HOOKS if hook.matters]
    looks += [partial(_held_by, _CASTING, entity) for entity in entities if EPISODE.is_of(entity)]
    return _all([*looks, *(partial(_scheduled, entity) for entity in entities)])


def following(records: Iterable[Record]) -> list[Record]:
    """What hangs on such records in its turn: jobs of playlists, files of instances, messages of chats."""
    found: list[Record] = []
    latest = list(records)
    while latest:
        latest = _all(
            [
                partial(reads.query, kind, homes.of(record.kind, record), index, ("^", record.id))
                for record in latest
                for kind, index in _SECOND.get(record.kind, ())
            ]
        )
        found += latest
    return found


def _held_by(hook: _Hook, entity: Record) -> list[Record]:
    condition = ("=", entity.id) if hook.alone else ("^", f"{entity.id}#")
    return reads.query(hook.kind, _home(entity), hook.index, condition)


def _scheduled(entity: Record) -> list[Record]:
    return [item for item in reads.query(SCHEDULE_ITEM, _home(entity)) if item["object_id"] == entity.id]


def _links_at(home: str, entity: Record) -> list[Record]:
    return reads.query(ENTITY_LINK, home, "l2", ("=", entity.id))


def _elsewhere(entity: Record) -> list[str]:
    """The homes of other productions that may cast a shared asset."""
    if not entity["is_shared"]:
        return []
    others = (keys.home_of_owner(project_id) for project_id in reference.every(PROJECT))
    return [home for home in others if home != _home(entity)]


def _home(entity: Record) -> str:
    return homes.of(ENTITY, entity)


def _all(looks: Sequence[Look]) -> list[Record]:
    return [record for part in reads.parallel(looks) for record in part]
