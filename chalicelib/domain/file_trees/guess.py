"""What a path is of, told by the file tree of a production (docs/contract/files.md 3.4)."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Final

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.domain.entities import lookup
from chalicelib.domain.entities.kinds import ASSET, EPISODE, SCENE, SEQUENCE, SHOT, EntityKind
from chalicelib.domain.file_trees import templates
from chalicelib.domain.file_trees.paths import NO_EPISODE
from chalicelib.domain.file_trees.templates import Branch
from chalicelib.domain.slugs import distinct_slug
from chalicelib.domain.workflow import entity_types
from chalicelib.records.entities import ENTITY_TYPE
from chalicelib.records.fields import Kind
from chalicelib.records.files import OUTPUT_TYPE
from chalicelib.records.names import folded
from chalicelib.records.people import DEPARTMENT
from chalicelib.records.production import TASK_TYPE
from chalicelib.records.record import Record
from chalicelib.store import reference

_SLASH: Final = "/"
Found = dict[str, str]
# What stands for the tokens of a template, from left to right: by their names, the field and the text.
Parts = dict[str, tuple[str, str]]


def guess(caller: Caller, project_id: str, path: str, separator: str) -> list[Found]:
    """What a path may be of: for each template that it follows, the ids of what it names, each answer once.

    Errors: NotFound for an unknown production, Forbidden for one whose team the caller is not in. Reads the entities of
    the production where the path names any: what changed of them is one query.
    """
    project = checks.known_project(project_id)
    checks.see_project(caller, project)
    entities = _Entities(project)
    found: list[Found] = []
    for kind, parts in _followed(templates.branches(project), path, separator or _SLASH):
        answer = {"Template": kind, **_Names(entities).of(parts)}
        if answer not in found:
            found.append(answer)
    return found


def _followed(branches: Iterable[Branch], path: str, separator: str) -> Iterator[tuple[str, Parts]]:
    """The templates that a path follows, with what stands where their tokens do."""
    for branch in branches:
        style = branch.folders.style
        whole, beginning = (templates.styled(text, style) for text in (path, branch.beginning(separator)))
        if not whole.startswith(beginning):
            continue
        elements = whole.removeprefix(beginning).split(separator)
        for kind, template in branch.folders.by_kind.items():
            parts = _parts(template.split(_SLASH), elements, style)
            if parts:
                yield kind, parts


def _parts(template: Iterable[str], elements: Iterable[str], style: str) -> Parts | None:
    """What stands for each token, as far as both go; None where something else stands than the template has."""
    parts: Parts = {}
    for wanted, element in zip(template, elements, strict=False):
        tokens = templates.tokens_in(wanted)
        if not tokens and templates.styled(wanted, style) != element:
            return None
        # Of several tokens side by side nobody can tell where one ends: a name may hold what separates them.
        if len(tokens) == 1:
            (found,) = tokens
            end = len(element) - (len(wanted) - found.end())
            name, field = templates.token_of(found)
            parts.setdefault(name, (field, element.replace("_", " ")[found.start() : max(found.start(), end)]))
    return parts


class _Entities:
    """The entities of a production, oldest first; read once, where a path names any."""

    def __init__(self, project: Record) -> None:
        self.project = project

    @cached_property
    def every(self) -> list[Record]:
        """All of them."""
        held = lookup.of_production(self.project.id).records.values()
        return sorted(held, key=lambda one: (one["created_at"], one.id))


class _Names:
    """The ids of what a path names, from left to right; what was found before narrows what comes after."""

    def __init__(self, entities: _Entities) -> None:
        self._all = entities
        self._found: dict[str, Record] = {}

    def of(self, parts: Parts) -> Found:
        """What the answer says besides the template: as far as everything is found."""
        answer: Found = {}
        for name, (field, text) in parts.items():
            value = self._value(name, field, text)
            if value is None:
                break
            if value:
                answer[name] = value
        return answer

    def _value(self, name: str, field: str, text: str) -> str | None:
        """The value of a token in the answer; empty for one that names nothing, None where nothing is found."""
        if name in ("Name", "Representation"):
            return text
        if name == "Version":
            return (text.lstrip("0") or "0") if text.isascii() and text.isdigit() else None
        look = _LOOKS.get(name)
        if look is None or (name == "Episode" and self._is_without_episode(text)):
            return ""
        record = next(filter(_meant(field, text), look(self)), None)
        if record is None:
            return None
        self._found[name] = record
        return record.id

    def _is_without_episode(self, text: str) -> bool:
        """Whether a path says that there is no episode, as paths do where a sequence is in none."""
        return text == NO_EPISODE and not any(distinct_slug(one["name"]) == NO_EPISODE for one in self.episodes())

    def projects(self) -> Iterable[Record]:
        return [self._all.project]

    def asset_types(self) -> Iterable[Record]:
        return entity_types.asset_types()

    def episodes(self) -> Iterable[Record]:
        return self._entities(EPISODE)

    def sequences(self) -> Iterable[Record]:
        """Those of the episode; where none is named those in no episode come first."""
        episode = self._found.get("Episode")
        found = self._entities(SEQUENCE)
        if episode is not None:
            return [one for one in found if one["parent_id"] == episode.id]
        return sorted(found, key=lambda one: one["parent_id"] is not None)

    def assets(self) -> Iterable[Record]:
        wanted = self._found.get("AssetType")
        return [one for one in self._entities(ASSET) if wanted and one["entity_type_id"] == wanted.id]

    def shots(self) -> Iterable[Record]:
        return self._below_sequence(SHOT)

    def scenes(self) -> Iterable[Record]:
        return self._below_sequence(SCENE)

    def temporal_entities(self) -> Iterable[Record]:
        """Those of the type; where a sequence is named those below it, as far as any are."""
        wanted, sequence = self._found.get("TemporalEntityType"), self._found.get("Sequence")
        found = [one for one in self._entities() if wanted and one["entity_type_id"] == wanted.id]
        return sorted(found, key=lambda one: sequence is None or one["parent_id"] != sequence.id)

    def tasks(self) -> Iterable[Record]:
        task_type = self._found.get("TaskType")
        entity = next((self._found[name] for name in ("Scene", "Asset", "Shot") if name in self._found), None)
        if task_type is None or entity is None:
            return []
        return [one for one in lookup.own_tasks(entity) if one["task_type_id"] == task_type.id]

    def _below_sequence(self, kind: EntityKind) -> Iterable[Record]:
        sequence = self._found.get("Sequence")
        return [one for one in self._entities(kind) if sequence and one["parent_id"] == sequence.id]

    def _entities(self, kind: EntityKind | None = None) -> list[Record]:
        """The entities of a kind in the production; none before the path has named that."""
        if "Project" not in self._found:
            return []
        types = kind.type_ids() if kind else None
        return [one for one in self._all.every if types is None or one["entity_type_id"] in types]


def _of_kind(kind: Kind) -> Callable[[_Names], Iterable[Record]]:
    return lambda _: reference.every(kind).values()


def _meant(field: str, text: str) -> Callable[[Record], bool]:
    """Tells which records a text of a path stands for: as their name or another field, or their id."""
    if field == "id":
        return lambda record: record.id == text.lower()
    plain, simple = folded(text), distinct_slug(text)

    def is_meant(record: Record) -> bool:
        value = str(record[field if field == "short_name" and field in record else "name"] or "")
        return folded(value) == plain or (bool(simple) and distinct_slug(value) == simple)

    return is_meant


_LOOKS: Final[Mapping[str, Callable[[_Names], Iterable[Record]]]] = {
    "Project": _Names.projects,
    "AssetType": _Names.asset_types,
    "Department": _of_kind(DEPARTMENT),
    "OutputType": _of_kind(OUTPUT_TYPE),
    "TaskType": _of_kind(TASK_TYPE),
    "TemporalEntityType": _of_kind(ENTITY_TYPE),
    "Asset": _Names.assets,
    "Episode": _Names.episodes,
    "Sequence": _Names.sequences,
    "Scene": _Names.scenes,
    "Shot": _Names.shots,
    "TemporalEntity": _Names.temporal_entities,
    "Task": _Names.tasks,
}
