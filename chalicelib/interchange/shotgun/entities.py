"""Assets, episodes, sequences, scenes and shots of ShotGrid (docs/contract/interchange.md section 5)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from chalicelib.access.caller import Caller
from chalicelib.domain.workflow import entity_types
from chalicelib.interchange.shotgun import castings, entries, named
from chalicelib.interchange.shotgun.castings import Casting
from chalicelib.interchange.shotgun.entries import Entry
from chalicelib.interchange.shotgun.known import Key, Known, with_id
from chalicelib.interchange.shotgun.projects import data_of
from chalicelib.interchange.shotgun.writing import Plan, Writer
from chalicelib.records.entities import ENTITY
from chalicelib.records.fields import number
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record
from chalicelib.store import keys, reference

_FRAME: Final = number("frame")
_NOT_DATA: Final = frozenset(("sg_cut_in", "sg_cut_out", "sg_sequence"))


@dataclass(frozen=True)
class _Wanted:
    """What an entry asks for.

    above: by the field that names it, the kind and the id of another entity; None: of none. cast: the ids of the assets
    that it casts. type_name: the type of an asset. data: what goes into its data.
    """

    entry: Entry
    number: int
    project: Record
    values: dict[str, Any]
    above: Mapping[str, Key | None] = field(default_factory=dict)
    cast: Sequence[int] | None = None
    type_name: str | None = None
    parents: Sequence[int] = ()
    data: Mapping[str, Any] | None = None


def assets(caller: Caller, sent: Any) -> list[Record]:
    """Assets, their types made where they are missing; a new one without a type is left out.

    What names others as its parents is the casting of these.
    """
    wanted = entries.read(sent, _asset)
    types = {one.type_name: named.asset_type(one.type_name).id for one in wanted if one.type_name}

    def plan(one: _Wanted, known: Record | None) -> Mapping[str, Any] | None:
        if one.type_name is None:
            return one.values if known is not None else None
        return {**one.values, "entity_type_id": types[one.type_name]}

    written: list[Record] = []
    for project, those in _by_project(wanted):
        entities = _Entities(caller, project, "Asset", those, [("Asset", it) for one in those for it in one.parents])
        written += entities.write(plan)
        castings.replace(project, entities.castings_of_parents(), entities.made)
    return written


def episodes(caller: Caller, sent: Any) -> list[Record]:
    """Episodes."""
    return _plain(caller, "Episode", entries.read(sent, _episode))


def scenes(caller: Caller, sent: Any) -> list[Record]:
    """Scenes, each in a sequence."""
    return _plain(caller, "Scene", entries.read(sent, _scene))


def sequences(caller: Caller, sent: Any) -> list[Record]:
    """Sequences; where another one has the name in that episode, the name and the episode stay as they are."""
    type_id = entity_types.temporal("Sequence").id
    written: list[Record] = []
    for project, those in _by_project(entries.read(sent, _sequence)):
        entities = _Entities(caller, project, "Sequence", those)

        def plan(one: _Wanted, known: Record | None, entities: "_Entities" = entities) -> Mapping[str, Any] | None:
            above = entities.above(one).get("parent_id", known["parent_id"] if known else None)
            others = entities.named(type_id, one.values["name"], above)
            if all(known is not None and other.id == known.id for other in others):
                return {**one.values, "entity_type_id": type_id}
            return {"description": one.values["description"]} if known is not None else None

        written += entities.write(plan, joins=False)
    return written


def shots(caller: Caller, sent: Any) -> list[Record]:
    """Shots with what they cast, each in a sequence and perhaps in a scene."""
    return _plain(caller, "Shot", entries.read(sent, _shot))


def _plain(caller: Caller, word: str, wanted: Sequence[_Wanted]) -> list[Record]:
    type_id = entity_types.temporal(word).id
    written: list[Record] = []
    for project, those in _by_project(wanted):
        entities = _Entities(caller, project, word, those, [("Asset", it) for one in those for it in one.cast or ()])
        written += entities.write(lambda one, _: {**one.values, "entity_type_id": type_id})
        castings.replace(project, entities.castings(), entities.made)
    return written


def _by_project(wanted: Iterable[_Wanted]) -> Iterable[tuple[Record, list[_Wanted]]]:
    found: dict[str, tuple[Record, list[_Wanted]]] = {}
    for one in wanted:
        found.setdefault(one.project.id, (one.project, []))[1].append(one)
    return found.values()


class _Entities:
    """The entities of one kind that a request writes into a production, and those that they name."""

    def __init__(
        self, caller: Caller, project: Record, word: str, wanted: Sequence[_Wanted], named_besides: Iterable[Key] = ()
    ) -> None:
        self._caller = caller
        self._project = project
        self._word = word
        self._wanted = wanted
        above = [key for one in wanted for key in one.above.values() if key is not None]
        numbers = {one.number for one in wanted} | {number for _, number in (*above, *named_besides)}
        self._home = keys.home_of_owner(project.id)
        self._known = Known(ENTITY, self._home, numbers)
        self.made: set[str] = set()

    def write(
        self, values_of: Callable[[_Wanted, Record | None], Mapping[str, Any] | None], joins: bool = True
    ) -> list[Record]:
        """Writes them. values_of: the values of one, None where nothing becomes of it. joins: whether one of the name
        that has no id in ShotGrid is taken for it."""

        def plan(one: _Wanted) -> Plan | None:
            known = self._known.find(one.number, self._word)
            values = values_of(one, known)
            if values is None:
                return None
            values = {**values, **(self.above(one) if "name" in values else {}), "shotgun_id": one.number}
            if known is None and joins:
                known = self._unclaimed(values)
            if one.data is not None:
                values["data"] = {**data_of(one.entry, known, _NOT_DATA), **one.data}
            own = {"project_id": self._project.id, "created_by": self._caller.id, "type": self._word}
            return Plan(known, values if known is not None else {**values, **own})

        writer = Writer(ENTITY, self._home, self._known.look, plan, self._known.note)
        self.made = writer.made
        return writer.write(self._wanted)

    def above(self, one: _Wanted) -> dict[str, str | None]:
        """What an entity is in; one that nobody knows changes nothing."""
        found = {name: self._known.find(key[1], key[0]) if key else None for name, key in one.above.items()}
        return {name: it.id if it else None for name, it in found.items() if it is not None or one.above[name] is None}

    def named(self, type_id: str, name: str, parent_id: str | None) -> list[Record]:
        """The entities of a type, a name and a parent."""
        return [one for one in self._known.where("entity_type_id", (type_id, name)) if one["parent_id"] == parent_id]

    def _unclaimed(self, values: Mapping[str, Any]) -> Record | None:
        """The entity of that name that nobody has imported yet."""
        same = self.named(values["entity_type_id"], values["name"], values.get("parent_id"))
        return next((one for one in same if one["shotgun_id"] is None), None)

    def castings(self) -> list[Casting]:
        """What the entities cast; assets that nobody knows are left out."""
        found = [(self._known.find(one.number, self._word), one.cast) for one in self._wanted]
        return [Casting(it, self._assets(cast)) for it, cast in found if it is not None and cast is not None]

    def castings_of_parents(self) -> list[Casting]:
        """What assets cast that others name as their parents: these others."""
        cast: dict[str, Casting] = {}
        for one in self._wanted:
            asset = self._known.find(one.number, "Asset")
            for parent in self._assets(one.parents) if asset is not None else ():
                before = cast[parent.id].assets if parent.id in cast else ()
                cast[parent.id] = Casting(parent, (*before, *([asset] if asset is not None else ())))
        return list(cast.values())

    def _assets(self, numbers: Iterable[int]) -> list[Record]:
        found = [self._known.find(number, "Asset") for number in numbers]
        return [one for one in found if one is not None]


# -- what stands in their entries --------------------------------------------------------------------------------------
def _entity(entry: Entry, project: Record | None, *needed: str, **more: Any) -> _Wanted | None:
    number_, name = entry.number, entry.value("code", ENTITY.by_name["name"])
    values = {"name": name}
    if entry.has("description"):
        values["description"] = entry.value("description", ENTITY.by_name["description"])
    if number_ is None or not name or project is None or not entry.has_needed(*needed):
        return None
    return _Wanted(entry, number_, project, values, **more)


def _project_named(entry: Entry) -> Record | None:
    name = entry.value("project.name", PROJECT.by_name["name"])
    return reference.named(PROJECT, name) if name else None


def _asset(entry: Entry) -> _Wanted | None:
    project = with_id(PROJECT, entry.number_at("project.id"))
    type_name = named.asset_type_name(entry, "sg_asset_type")
    parents = entry.numbers_at("parents")
    return _entity(entry, project, "description", "sg_asset_type", type_name=type_name, parents=parents)


def _episode(entry: Entry) -> _Wanted | None:
    return _entity(entry, _project_named(entry), "description")


def _sequence(entry: Entry) -> _Wanted | None:
    above = {"parent_id": _reference(entry, "episode", "Episode")} if entry.has("episode") else {}
    return _entity(entry, _project_named(entry), "description", above=above)


def _scene(entry: Entry) -> _Wanted | None:
    numbers = entry.numbers_at("sequence_sg_scenes_1_sequences")
    told = entry.has("sequence_sg_scenes_1_sequences")
    above = {"parent_id": ("Sequence", numbers[0]) if numbers else None} if told else {}
    return _entity(entry, _project_named(entry), above=above)


def _shot(entry: Entry) -> _Wanted | None:
    first, length = entry.value("sg_cut_in", _FRAME), entry.value("sg_cut_duration", _FRAME)
    last = first if first is None or length is None else first + length
    named_at = {"parent_id": ("sg_sequence", "Sequence"), "source_id": ("sg_scene", "Scene")}
    above = {name: _reference(entry, key, word) for name, (key, word) in named_at.items() if entry.has(key)}
    cast = entry.numbers_at("assets") if entry.has("assets") else None
    data = {"frame_in": first, "frame_out": last}
    return _entity(entry, _project_named(entry), "sg_cut_in", "sg_cut_duration", above=above, cast=cast, data=data)


def _reference(entry: Entry, key: str, word: str) -> Key | None:
    number_ = entry.number_at(f"{key}.id")
    return None if number_ is None else (word, number_)
