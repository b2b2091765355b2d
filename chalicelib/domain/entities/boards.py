"""Entities with their tasks, as boards read them all day long (docs/contract/entities.md section 3)."""

import contextlib
import gc
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.domain.entities import columns
from chalicelib.domain.entities.board_rows import Answer, Board, Records, Source, View
from chalicelib.domain.entities.kinds import ALL, ASSET, EPISODE, MAIN, EntityKind
from chalicelib.domain.production import descriptors
from chalicelib.errors import Invalid
from chalicelib.records.entities import ENTITY, ENTITY_LINK, ENTITY_TYPE
from chalicelib.records.people import SUBSCRIPTION
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.store import keys, partitions, reads, reference

# Encoded rows take about as much memory as the held records they are made of.
_MOST_TASKS: Final = 100_000
_NO_LINKS: Final[Records] = {}


def with_tasks(caller: Caller, kind: EntityKind, query: Mapping[str, str], project: Record | None) -> Answer:
    """The entities of a kind with their tasks, as that caller sees them: of a production, else of all of the caller's.

    query: `episode_id`, and `id` for kinds that are no parents of others. A production costs three queries side by
    side: what changed of its entities and of its tasks, what the caller follows; assets of one with episodes a fourth.
    Raises Invalid for a malformed id.
    """
    view = View(
        episode_id=_id_of(query, "episode_id", ALL, MAIN),
        entity_id=_id_of(query, "id") if kind.columns is not columns.PARENTS else None,
        assignee_id=caller.id if caller.is_vendor and kind.assigned_lists else None,
    )
    projects = [project] if project else checks.projects_of(caller, open_only=False)
    if view.entity_id is not None:
        entity = reads.find(ENTITY, view.entity_id)
        projects = [one for one in projects if entity is not None and one.id == entity["project_id"]]
    with _collector_paused():
        answers = [_of_production(caller, kind, one, view) for one in projects]
    return answers[0] if len(answers) == 1 else _together(answers)


@contextlib.contextmanager
def _collector_paused() -> Iterator[None]:
    """Loads without Python looking for cycles meanwhile: it would walk the growing records again and again.

    Records hold no cycles, and the looking is a third of the CPU of a first read.
    """
    paused = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if paused:
            gc.enable()


def _id_of(query: Mapping[str, str], name: str, *words: str) -> str | None:
    text = query.get(name) or None
    if text is None or text in words:
        return text
    if not keys.is_id(text):
        raise Invalid(f"{name}: {text!r} is not an id.", name, "an id")
    return text.lower()


def _together(answers: Sequence[Answer]) -> Answer:
    version = hashlib.sha256("".join(one.version for one in answers).encode(), usedforsecurity=False).hexdigest()[:32]
    rows = [one.data[1:-1] for one in answers if len(one.data) > len(b"[]")]
    return Answer(b"[" + b",".join(rows) + b"]", version)


def _of_production(caller: Caller, kind: EntityKind, project: Record, view: View) -> Answer:
    source, subscribed = _read(caller, kind, project)
    hidden = descriptors.hidden_keys(caller, project, kind.name) if view.assignee_id else frozenset()
    snapshot = _board(project, kind).refreshed(source)
    return snapshot.answer(replace(view, subscribed=subscribed, hidden=hidden))


def _read(caller: Caller, kind: EntityKind, project: Record) -> tuple[Source, frozenset[str]]:
    home = keys.home_of_owner(project.id)
    queries: list[Callable[[], Any]] = [
        partial(partitions.held, ENTITY, home),
        partial(partitions.held, TASK, home),
        partial(reads.query, SUBSCRIPTION, home, "l2", ("=", caller.id)),
    ]
    entities, tasks, subscriptions = reads.parallel(queries)
    links = _NO_LINKS
    if kind is ASSET and _has_episodes(entities.records):
        links = partitions.held(ENTITY_LINK, home).records
    type_names = {one.id: one["name"] for one in reference.every(ENTITY_TYPE).values()}
    subscribed = frozenset(one["task_id"] for one in subscriptions if one["task_id"])
    return Source(project, entities.records, tasks.records, links, type_names), subscribed


def _has_episodes(entities: Records) -> bool:
    types = EPISODE.type_ids()
    return any(entity["entity_type_id"] in types for entity in entities.values())


def forget() -> None:
    """Drops the rows of all boards; tests that stand for another container call it."""
    with _lock:
        _boards.clear()


_boards: OrderedDict[tuple[str, str], Board] = OrderedDict()
_lock = threading.Lock()


def _board(project: Record, kind: EntityKind) -> Board:
    """The board of a kind in a production; the least used ones go where there are too many tasks on all of them."""
    with _lock:
        key = (project.id, kind.name)
        board = _boards.setdefault(key, Board(kind))
        _boards.move_to_end(key)
        while len(_boards) > 1 and sum(one.size for one in _boards.values()) > _MOST_TASKS:
            _boards.popitem(last=False)
        return board
