"""Entities with their tasks, as boards read them all day long (docs/contract/entities.md section 3)."""

import contextlib
import gc
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Final

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.domain.entities import board_rows, columns, kinds
from chalicelib.domain.entities.board_rows import Answer, Board, Records, Source, View, version_of
from chalicelib.domain.entities.kinds import ALL, ASSET, EPISODE, MAIN, EntityKind
from chalicelib.domain.production import descriptors
from chalicelib.errors import Invalid
from chalicelib.records.entities import ENTITY, ENTITY_LINK, ENTITY_TYPE
from chalicelib.records.people import SUBSCRIPTION
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.store import keys, partition_states, partitions, reads, reference

# Encoded rows take about as much memory as the held records they are made of.
_MOST_TASKS: Final = 100_000
_NO_LINKS: Final[Records] = {}


def with_tasks(caller: Caller, kind: EntityKind, query: Mapping[str, str], project: Record | None) -> Answer:
    """The entities of a kind with their tasks, as that caller sees them: of a production, else of all of the caller's.

    query: `episode_id`, and `id` for kinds that are no parents of others. A production costs three queries side by
    side: what changed of its entities and of its tasks, what the caller follows; assets of one with episodes a fourth.
    Raises Invalid for a malformed id.
    """
    view = asked_for(kind, query, caller.id if caller.is_vendor and kind.assigned_lists else None)
    projects = [project] if project else checks.projects_of(caller, open_only=False)
    if view.entity_id is not None:
        entity = reads.find(ENTITY, view.entity_id)
        projects = [one for one in projects if entity is not None and one.id == entity["project_id"]]
    with collector_paused():
        answers = [_of_production(caller, kind, one, view) for one in projects]
    return answers[0] if len(answers) == 1 else _together(answers)


def version_unless_held(
    caller: Caller, kind: EntityKind, query: Mapping[str, str], project: Record | None
) -> str | None:
    """The version of `with_tasks` where this container does not hold the production, without loading it.

    Three small queries side by side, of assets four or five. None where the production is held, or more than one is
    asked for, or one entity alone: then it costs no less than the answer.
    """
    view = asked_for(kind, query, caller.id if caller.is_vendor and kind.assigned_lists else None)
    if project is None or view.entity_id is not None:
        return None
    home = keys.home_of_owner(project.id)
    if any(partitions.is_held(one, home) for one in (ENTITY, TASK)):
        return None
    looks: list[Callable[[], Any]] = [partial(partition_states.of, one, home) for one in (ENTITY, TASK)]
    looks += [_followed(caller, home), partial(_holds_episodes, home)] if kind is ASSET else [_followed(caller, home)]
    entities, tasks, followed, *episodes = reads.parallel(looks)
    links = [partition_states.of(ENTITY_LINK, home)] if any(episodes) else []
    return version_of(
        kind, _state(project, _type_names(), [entities, tasks, *links]), _seen_by(caller, project, kind, view, followed)
    )


def asked_for(kind: EntityKind, query: Mapping[str, str], assignee_id: str | None = None) -> View:
    """What of a board a query asks for, and who is shown their own tasks alone. Raises Invalid for a malformed id."""
    return View(
        episode_id=id_of(query, "episode_id", ALL, MAIN),
        entity_id=id_of(query, "id") if kind.columns is not columns.PARENTS else None,
        assignee_id=assignee_id,
    )


def source_of(kind: EntityKind, project: Record) -> Source:
    """What a board is made of, as it is now: two queries side by side; of assets of one with episodes a third."""
    with collector_paused():
        source, _ = _read(kind, project)
    return source


@contextlib.contextmanager
def collector_paused() -> Iterator[None]:
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


def id_of(query: Mapping[str, str], name: str, *words: str) -> str | None:
    """The id that a parameter of a query gives, or one of these words; None without it. Raises Invalid."""
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
    home = keys.home_of_owner(project.id)
    source, (followed,) = _read(kind, project, _followed(caller, home))
    snapshot = _board(project, kind).refreshed(source)
    return snapshot.answer(_seen_by(caller, project, kind, view, followed), source.state)


def _followed(caller: Caller, home: str) -> Callable[[], list[Record]]:
    return partial(reads.query, SUBSCRIPTION, home, "person_id", ("=", caller.id))


def _seen_by(caller: Caller, project: Record, kind: EntityKind, view: View, followed: Iterable[Record]) -> View:
    """The view with what the caller follows, and what is hidden from them."""
    subscribed = frozenset(one["task_id"] for one in followed if one["task_id"])
    hidden = descriptors.hidden_keys(caller, project, kind.name) if view.assignee_id else frozenset()
    return replace(view, subscribed=subscribed, hidden=hidden)


def _read(kind: EntityKind, project: Record, *besides: Callable[[], Any]) -> tuple[Source, list[Any]]:
    home = keys.home_of_owner(project.id)
    held: list[Callable[[], Any]] = [partial(partitions.held, one, home) for one in (ENTITY, TASK)]
    entities, tasks, *others = reads.parallel([*held, *besides])
    contents = [entities.content, tasks.content]
    if kind is ASSET and _has_episodes(contents[0][0]):
        contents.append(partitions.held(ENTITY_LINK, home).content)
    states = [state for _, state in contents]
    links = contents[2][0] if len(contents) > 2 else _NO_LINKS
    type_names = _type_names()
    state = None if None in states else _state(project, type_names, states)
    return Source(project, contents[0][0], contents[1][0], links, type_names, state), others


def _state(project: Record, type_names: Mapping[str, str], states: Sequence[str | None]) -> str:
    """What tells apart all that rows are made of: records, names that stand in them, the code that makes them."""
    told = (_code(), project.id, project["name"], sorted(type_names.items()), states)
    return hashlib.sha256(repr(told).encode(), usedforsecurity=False).hexdigest()


@lru_cache(maxsize=1)
def _code() -> str:
    """Tells versions of the code apart that make rows out of records."""
    written = b"".join(Path(str(module.__file__)).read_bytes() for module in (board_rows, columns, kinds))
    return hashlib.sha256(written, usedforsecurity=False).hexdigest()


def _type_names() -> dict[str, str]:
    return {one.id: one["name"] for one in reference.every(ENTITY_TYPE).values()}


def _holds_episodes(home: str) -> bool:
    """The same as `_has_episodes` of a production that is not held (one small query)."""
    return any(reads.first(ENTITY, home, 1, "entity_type_id", ("^", f"{one}#")) for one in EPISODE.type_ids())


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
