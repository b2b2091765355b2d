"""Searching assets, shots and people (docs/contract/interchange.md section 6)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.domain.entities.columns import metadata
from chalicelib.domain.entities.kinds import ASSET, SHOT, EntityKind
from chalicelib.domain.people import presentation
from chalicelib.domain.production import descriptors, episodes
from chalicelib.domain.search import indexes
from chalicelib.domain.search.documents import Document
from chalicelib.domain.search.index import Index, search
from chalicelib.domain.search.indexes import Indexes
from chalicelib.domain.search.matching import matched_terms
from chalicelib.domain.search.words import words_of
from chalicelib.errors import Invalid
from chalicelib.records.entities import ENTITY
from chalicelib.records.files import PREVIEW_FILE
from chalicelib.records.record import Record, shown
from chalicelib.store import keys, partitions, reads

ASSETS, SHOTS, PERSONS = "assets", "shots", "persons"
_ORDER: Final = (PERSONS, ASSETS, SHOTS)
_KINDS: Final = {ASSETS: ASSET, SHOTS: SHOT}
_SHORTEST: Final = 3
_MOST_WORDS: Final = 10
# Nobody turns so many pages.
_MOST_HITS: Final = 1000
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Query:
    """What is searched for: the text, where (None: in all open productions of the caller, in all indexes), which part.

    `limit` and `offset` count in each index.
    """

    text: str
    project_id: str | None = None
    limit: int = 3
    offset: int = 0
    index_names: Sequence[str] | None = None

    def part(self, index: Iterable[Index], words: Sequence[str]) -> list[Document]:
        """The documents that are asked for, best first; no more than a thousand are told of."""
        last = min(self.offset + self.limit, _MOST_HITS)
        if not words or last <= self.offset:
            return []
        return [hit.document for hit in search(list(index), words, last)[self.offset :]]


def found(caller: Caller, query: Query) -> dict[str, Rows]:
    """The best answers by index; nothing at all for a text of fewer than three characters.

    Assets and shots are those of the caller's open productions, of vendors those with a task of theirs. A query a
    production side by side, one for the tasks of a vendor, a read a hundred previews. Raises Invalid for a limit or an
    offset below 0.
    """
    for name in ("limit", "offset"):
        if getattr(query, name) < 0:
            raise Invalid(f"{name} is below 0.", name, "a number from 0")
    if len(query.text.strip()) < _SHORTEST:
        return {}
    words = list(dict.fromkeys(words_of(query.text)))[:_MOST_WORDS]
    names = [one for one in _ORDER if query.index_names is None or one in query.index_names]
    answer: dict[str, Rows] = {}
    if PERSONS in names:
        answer[PERSONS] = [_person(caller, one, words) for one in query.part([indexes.of_people()], words)]
    if ASSETS in names or SHOTS in names:
        answer |= _entities(caller, query, words, names)
    return answer


def _entities(caller: Caller, query: Query, words: Sequence[str], names: Sequence[str]) -> dict[str, Rows]:
    projects = {one.id: one for one in checks.projects_of(caller) if query.project_id in (None, one.id)}
    searched = _indexes(caller, list(projects.values())) if words else []
    chosen = {
        ASSETS: query.part([one.assets for one in searched], words) if ASSETS in names else [],
        SHOTS: query.part([one.shots for one in searched], words) if SHOTS in names else [],
    }
    previews = _previews(one.record for part in chosen.values() for one in part)

    def row(kind_name: str, document: Document) -> dict[str, Any]:
        entity = document.record
        project = projects[entity["project_id"]]
        preview = previews.get(entity["preview_file_id"] or "")
        more = _asset(entity) if kind_name == ASSETS else _shot(project, document)
        return shown(
            entity,
            **more,
            **_data(caller, project, entity, _KINDS[kind_name]),
            project_name=project["name"],
            preview_file_extension=preview["extension"] if preview else None,
            matched_terms=matched_terms(document, words),
        )

    return {name: [row(name, one) for one in part] for name, part in chosen.items() if name in names}


def _indexes(caller: Caller, projects: Sequence[Record]) -> list[Indexes]:
    looks = [partial(partitions.held, ENTITY, keys.home_of_owner(one.id)) for one in projects]
    held = zip(projects, reads.parallel(looks), strict=True)
    if not caller.is_vendor:
        return [indexes.of_production(project.id, entities.records) for project, entities in held]
    assigned = checks.assigned_entities(caller)
    return [indexes.of_some(entities.records, assigned, _hidden(caller, project)) for project, entities in held]


def _hidden(caller: Caller, project: Record) -> dict[str, frozenset[str]]:
    return {kind.name: descriptors.hidden_keys(caller, project, kind.name) for kind in _KINDS.values()}


def _previews(entities: Iterable[Record]) -> Mapping[str, Record]:
    wanted = {one["preview_file_id"] for one in entities if one["preview_file_id"]}
    return {one.id: one for one in reads.get_many(PREVIEW_FILE, wanted)}


# -- rows --------------------------------------------------------------------------------------------------------------
def _person(caller: Caller, document: Document, words: Sequence[str]) -> dict[str, Any]:
    person = document.record
    row = shown(person, relations=True) if caller.is_manager else presentation.card(person)
    return {**row, "matched_terms": matched_terms(document, words)}


def _asset(asset: Record) -> dict[str, Any]:
    return {"type": ASSET.name, "asset_type_name": indexes.type_names().get(asset["entity_type_id"])}


def _shot(project: Record, document: Document) -> dict[str, Any]:
    sequence, episode = document.above
    names = {"type": SHOT.name, "sequence_name": sequence["name"] if sequence else None}
    if not episodes.is_show(project):
        return names
    return {**names, "episode": episode["name"] if episode else None, "episode_id": episode.id if episode else None}


def _data(caller: Caller, project: Record, entity: Record, kind: EntityKind) -> dict[str, Any]:
    """The metadata of an entity, where a vendor is not shown all of it."""
    if not caller.is_vendor:
        return {}
    hidden = descriptors.hidden_keys(caller, project, kind.name)
    return {"data": {name: value for name, value in metadata(entity).items() if name not in hidden}}
