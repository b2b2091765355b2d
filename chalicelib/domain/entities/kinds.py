"""The kinds of entities: one declaration each (docs/contract/entities.md sections 1, 3 and 5).

All entities are records of one kind in one partition of their production; what tells assets from shots is their entity
type. What the routes of a kind do follows from its declaration here, so that another kind is another declaration.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from chalicelib.access.caller import Caller
from chalicelib.domain.entities import columns
from chalicelib.domain.entities.columns import Columns, Place, TaskColumns
from chalicelib.domain.workflow import entity_types
from chalicelib.errors import Invalid, NotFound, VulpesError
from chalicelib.records.record import Record

ALL: Final = "all"
MAIN: Final = "main"


@dataclass(frozen=True)
class Above:
    """What an entity is made under: the field that keeps it, the kind it has to be, the word bodies use for it.

    `lenient`: what is too short for an id means none. `foreign`: how one of another production is refused.
    """

    field: str
    kind: str
    asked_as: str
    required: bool = False
    lenient: bool = False
    foreign: type[VulpesError] = Invalid


@dataclass(frozen=True)
class EntityKind:
    """A kind of entity.

    `name` is what its records carry as `type`, `plural` what its routes are called. `defaults`: values that a new one
    gets where the body says nothing. `told`: what the event of a new one says besides its id. `once`: the same name
    again under the same parent gives the one that is there; `tells_again`: with another event. `cancels`: removing one
    that has tasks cancels it, where others refuse. `listed`: what its lists show besides the plain rows.
    `assigned_lists`, `assigned_reads`: in lists, one by one, vendors see those with a task of theirs alone.
    """

    name: str
    plural: str
    columns: Columns
    tasks: TaskColumns
    in_episode: Callable[[Record, Place, str], bool]
    above: Above | None = None
    defaults: Mapping[str, Any] = field(default_factory=dict)
    listed: Columns = field(default_factory=dict)
    once: bool = True
    tells_again: bool = False
    cancels: bool = True
    assigned_lists: bool = False
    assigned_reads: bool = True
    told: Callable[[Record, Record | None], dict[str, Any]] = lambda _record, _above: {}

    @property
    def word(self) -> str:
        """What its events begin with."""
        return self.name.lower()

    @property
    def id_name(self) -> str:
        """What its id is called in paths and events."""
        return f"{self.word}_id"

    def type_ids(self) -> frozenset[str]:
        """The ids of its entity types: those of all asset types, or the one of its name."""
        if self.name == "Asset":
            return entity_types.asset_type_ids()
        return frozenset((entity_types.temporal(self.name).id,))

    def is_of(self, entity: Record) -> bool:
        """Whether an entity is of this kind."""
        return entity_types.kind_name(entity["entity_type_id"]) == self.name

    def require(self, caller: Caller, entity: Record) -> None:
        """NotFound for an entity of another kind: on the routes of this one it does not exist (section 1)."""
        del caller
        if not self.is_of(entity):
            raise NotFound(f"There is no {self.word} with the id {entity.id!r}.", {"id": entity.id})


def _asset_in(asset: Record, place: Place, episode_id: str) -> bool:
    if episode_id == MAIN:
        return asset["source_id"] is None
    return episode_id == ALL or asset["source_id"] == episode_id or episode_id in place.cast_in


def _shot_in(shot: Record, place: Place, episode_id: str) -> bool:
    del shot
    return episode_id == ALL or (place.grandparent is not None and place.grandparent.id == episode_id)


def _edit_in(edit: Record, place: Place, episode_id: str) -> bool:
    del place
    return episode_id in (ALL, edit["parent_id"])


def _directly_in(entity: Record, place: Place, episode_id: str) -> bool:
    del place
    return bool(entity["parent_id"] == episode_id)


ASSET: Final = EntityKind(
    "Asset",
    "assets",
    columns.ASSETS,
    columns.TASKS_OF_ASSETS,
    _asset_in,
    above=Above("source_id", "Episode", "episode_id", lenient=True),
    defaults={"data": {}},
    once=False,
    assigned_lists=True,
    told=lambda asset, _: {"asset_type": asset["entity_type_id"]},
)
SHOT: Final = EntityKind(
    "Shot",
    "shots",
    columns.SHOTS,
    columns.TASKS_OF_SHOTS,
    _shot_in,
    above=Above("parent_id", "Sequence", "sequence_id", required=True),
    listed=columns.LISTED_BELOW_SEQUENCES,
    assigned_lists=True,
    told=lambda _, sequence: {"episode_id": sequence["parent_id"] if sequence else None},
)
SEQUENCE: Final = EntityKind(
    "Sequence",
    "sequences",
    columns.PARENTS,
    columns.TASKS_OF_PARENTS,
    _directly_in,
    above=Above("parent_id", "Episode", "episode_id"),
    defaults={"description": "", "data": {}},
    cancels=False,
    assigned_reads=False,
)
EPISODE: Final = EntityKind(
    "Episode",
    "episodes",
    columns.PARENTS,
    columns.TASKS_OF_PARENTS,
    _directly_in,
    defaults={"description": "", "data": {}},
    cancels=False,
    assigned_reads=False,
)
SCENE: Final = EntityKind(
    "Scene",
    "scenes",
    columns.PARENTS,
    columns.TASKS_OF_PARENTS,
    _directly_in,
    above=Above("parent_id", "Sequence", "sequence_id", required=True, foreign=NotFound),
    defaults={"data": {}},
    listed=columns.LISTED_BELOW_SEQUENCES,
)
EDIT: Final = EntityKind(
    "Edit",
    "edits",
    columns.EDITS,
    columns.TASKS_OF_EDITS,
    _edit_in,
    above=Above("parent_id", "Episode", "episode_id", lenient=True),
    listed=columns.LISTED,
    tells_again=True,
    assigned_lists=True,
    told=lambda edit, _: {"parent_id": edit["parent_id"]},
)
CONCEPT: Final = EntityKind(
    "Concept",
    "concepts",
    columns.CONCEPTS,
    columns.TASKS_OF_CONCEPTS,
    _directly_in,
    listed=columns.LISTED_WITH_CONCEPT_LINKS,
)

KINDS: Final = {kind.name: kind for kind in (ASSET, SHOT, SEQUENCE, EPISODE, SCENE, EDIT, CONCEPT)}


def kind_of(entity: Record) -> EntityKind:
    """The kind an entity is of."""
    return KINDS[entity_types.kind_name(entity["entity_type_id"])]
