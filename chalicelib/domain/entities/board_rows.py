"""The rows of a board, kept encoded: each task a piece of its own; a change encodes that piece and joins the rest.

What depends on who asks (subscriptions, the tasks and columns of a vendor, the episode) is chosen while joining. The
version of an answer is told by the state of what the rows are made of: whoever has it already is told so, by whichever
container, whether that has made the rows or not.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Final, NamedTuple

import msgspec

from chalicelib.domain.entities import columns
from chalicelib.domain.entities.columns import Place
from chalicelib.domain.entities.kinds import ASSET, EPISODE, EntityKind
from chalicelib.records.record import Record

Records = Mapping[str, Record]
Piece = tuple[Record, bytes]
# Answers take megabytes; those who follow no task share one.
_MOST_ANSWERS: Final = 4
_NOT_SUBSCRIBED: Final = b"false}"
_SUBSCRIBED: Final = b"true}"
_encode = msgspec.json.Encoder().encode


class Answer(NamedTuple):
    """Rows as a JSON list, and their version."""

    data: bytes
    version: str


@dataclass(frozen=True)
class View:
    """What of a board somebody gets.

    The episode and the entity asked for; of a vendor the person whose tasks alone are shown, and the hidden keys of
    metadata; the tasks that are followed.
    """

    episode_id: str | None = None
    entity_id: str | None = None
    assignee_id: str | None = None
    hidden: frozenset[str] = frozenset()
    subscribed: frozenset[str] = frozenset()


class Source(NamedTuple):
    """What rows are made of. Held records are replaced when one changes, so a glance tells whether they did.

    `links` are those of the production where it has episodes, `type_names` the names of the entity types by id. `state`
    tells all of it apart, in each container alike; None where nobody knows it.
    """

    project: Record
    entities: Records
    tasks: Records
    links: Records
    type_names: Mapping[str, str]
    state: str | None = None

    def names_differ(self, other: "Source") -> bool:
        """Whether the names that stand in many rows are others."""
        return self.type_names != other.type_names or self.project["name"] != other.project["name"]


class Head(NamedTuple):
    """An entity, where it stands, and its keys encoded up to its tasks."""

    entity: Record
    place: Place
    encoded: bytes


class Row(NamedTuple):
    """An entity and its tasks: as they were found and in the order of their creation, and what all of it comes to."""

    head: Head
    found: list[Piece]
    pieces: list[Piece]
    digest: bytes


class Snapshot:
    """The rows as they were made of one source."""

    def __init__(self, kind: EntityKind, source: Source, rows: list[Row]) -> None:
        self.source = source
        self.rows = {row.head.entity.id: row for row in rows}
        self._kind = kind
        self._version = _digest(row.digest for row in rows).hex()
        self._answers: OrderedDict[View, bytes] = OrderedDict()

    def answer(self, view: View, state: str | None) -> Answer:
        """The rows that a view leaves; state: that of what they are made of, else they tell it themselves."""
        known = self._answers.get(view)
        if known is None:
            known = self._answers[view] = joined(self._kind, self.rows.values(), view)
            if len(self._answers) > _MOST_ANSWERS:
                self._answers.popitem(last=False)
        return Answer(known, version_of(self._kind, state or self._version, view))


def version_of(kind: EntityKind, state: str, view: View) -> str:
    """The version of what a view leaves of rows that are made of something in that state."""
    told = (view.episode_id, view.entity_id, view.assignee_id, sorted(view.hidden), sorted(view.subscribed))
    return _digest([repr((kind.name, state, told)).encode()]).hex()


class Board:
    """The rows of a kind in a production, brought up to date piece by piece."""

    def __init__(self, kind: EntityKind) -> None:
        self._kind = kind
        self._pieces: dict[str, Piece] = {}
        self._snapshot: Snapshot | None = None
        self._lock = threading.Lock()

    @property
    def size(self) -> int:
        """How many tasks it keeps encoded."""
        return len(self._pieces)

    def refreshed(self, source: Source) -> Snapshot:
        """The rows as this source has them."""
        with self._lock:
            known = self._snapshot
            if known is None or source.names_differ(known.source):
                heads = _heads(self._kind, source, {})
            elif source.entities is not known.source.entities or source.links is not known.source.links:
                heads = _heads(self._kind, source, known.rows)
            elif source.tasks is known.source.tasks:
                return known
            else:
                heads = [row.head for row in known.rows.values()]
            tasks = self._tasks_of({head.entity.id for head in heads}, source.tasks)
            rows = [_row(head, tasks.get(head.entity.id, []), known) for head in heads]
            self._snapshot = Snapshot(self._kind, source, rows)
            return self._snapshot

    def _tasks_of(self, entity_ids: set[str], tasks: Records) -> dict[str, list[Piece]]:
        kept, self._pieces = self._pieces, {}
        by_entity: dict[str, list[Piece]] = {}
        for task_id, task in tasks.items():
            entity_id = task["entity_id"]
            if entity_id not in entity_ids:
                continue
            piece = kept.get(task_id)
            if piece is None or piece[0] is not task:
                piece = (task, _encode({**self._kind.tasks.of(task), "is_subscribed": False}))
            self._pieces[task_id] = piece
            by_entity.setdefault(entity_id, []).append(piece)
        return by_entity


def _row(head: Head, found: list[Piece], snapshot: Snapshot | None) -> Row:
    known = snapshot.rows.get(head.entity.id) if snapshot else None
    if known is not None and known.head is head and known.found == found:
        return known
    pieces = sorted(found, key=lambda piece: (piece[0]["created_at"] or "", piece[0].id))
    return Row(head, found, pieces, _digest([head.encoded, *(encoded for _, encoded in pieces)]))


def _digest(parts: Iterable[bytes]) -> bytes:
    return hashlib.sha256(b"".join(parts), usedforsecurity=False).digest()[:16]


def joined(kind: EntityKind, rows: Iterable[Row], view: View) -> bytes:
    """The rows that a view leaves, as a JSON list."""
    chosen = []
    for head, _, pieces, _ in rows:
        if not _is_in(kind, head, view):
            continue
        tasks = _tasks_in(pieces, view)
        if tasks or view.assignee_id is None:
            chosen.append(_adapted(kind, head, view) + b",".join(tasks) + b"]}")
    return b"[" + b",".join(chosen) + b"]"


def _tasks_in(pieces: Iterable[Piece], view: View) -> list[bytes]:
    if view.assignee_id is not None:
        pieces = [piece for piece in pieces if view.assignee_id in piece[0]["assignees"]]
    if view.subscribed:
        return [_followed(encoded) if task.id in view.subscribed else encoded for task, encoded in pieces]
    return [encoded for _, encoded in pieces]


def _followed(encoded: bytes) -> bytes:
    return encoded[: -len(_NOT_SUBSCRIBED)] + _SUBSCRIBED


def _is_in(kind: EntityKind, head: Head, view: View) -> bool:
    if view.entity_id is not None and head.entity.id != view.entity_id:
        return False
    return view.episode_id is None or kind.in_episode(head.entity, head.place, view.episode_id)


def _adapted(kind: EntityKind, head: Head, view: View) -> bytes:
    """The keys of an entity as a view shows them: of castings the one episode, of metadata what is not hidden."""
    entity, place = head.entity, head.place
    others = view.episode_id is not None and view.episode_id in place.cast_in and len(place.cast_in) > 1
    hides = not view.hidden.isdisjoint(columns.metadata(entity))
    if not (others or hides):
        return head.encoded
    if others:
        place = replace(place, cast_in=[one for one in place.cast_in if one == view.episode_id])
    if hides:
        data = {name: value for name, value in columns.metadata(entity).items() if name not in view.hidden}
        entity = Record(entity.kind, {**entity, "data": data}, entity.version)
    return _encoded_head(kind, entity, place)


def _encoded_head(kind: EntityKind, entity: Record, place: Place) -> bytes:
    return _encode(columns.row(kind.columns, entity, place))[:-1] + b',"tasks":['


def _heads(kind: EntityKind, source: Source, known: Mapping[str, Row]) -> list[Head]:

    def head_of(entity: Record, place: Place) -> Head:
        row = known.get(entity.id)
        if row is not None and row.head.entity is entity and row.head.place == place:
            return row.head
        return Head(entity, place, _encoded_head(kind, entity, place))

    return [head_of(entity, place) for entity, place in placed(kind, source)]


def placed(kind: EntityKind, source: Source) -> list[tuple[Record, Place]]:
    """The entities of a kind, in the order of a board: assets by type and name, others by what they are in and name."""
    types, castings = kind.type_ids(), _castings(source)
    found = [
        (entity, _place(source, entity, castings.get(entity.id, ())))
        for entity in source.entities.values()
        if entity["entity_type_id"] in types
    ]
    found.sort(key=lambda one: _order(kind, source, *one))
    return found


def _place(source: Source, entity: Record, cast_in: Sequence[str]) -> Place:
    parent = source.entities.get(entity["parent_id"] or "")
    grandparent = source.entities.get(parent["parent_id"] or "") if parent else None
    return Place(source.project, parent, grandparent, cast_in)


def _order(kind: EntityKind, source: Source, entity: Record, place: Place) -> tuple[str, ...]:
    if kind is ASSET:
        return source.type_names.get(entity["entity_type_id"], ""), entity["name"], entity.id
    above = (one["name"] if one else "" for one in (place.grandparent, place.parent))
    return *above, entity["name"], entity.id


def _castings(source: Source) -> dict[str, list[str]]:
    """The episodes in whose castings an asset is, by the names of the episodes."""
    types = EPISODE.type_ids()
    episodes = [one for one in source.entities.values() if one["entity_type_id"] in types]
    episodes.sort(key=itemgetter("name"))
    rank = {episode.id: number for number, episode in enumerate(episodes)}
    found: dict[str, list[str]] = {}
    for link in source.links.values():
        if link["entity_in_id"] in rank:
            found.setdefault(link["entity_out_id"], []).append(link["entity_in_id"])
    for episode_ids in found.values():
        episode_ids.sort(key=rank.__getitem__)
    return found
