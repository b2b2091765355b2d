"""Lists of entities, as plain rows (docs/contract/entities.md section 4)."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.domain.crud.pagination import whole_number
from chalicelib.domain.entities import columns, lookup
from chalicelib.domain.entities.columns import Place
from chalicelib.domain.entities.kinds import ASSET, CONCEPT, EDIT, EPISODE, SEQUENCE, SHOT, EntityKind
from chalicelib.domain.workflow import entity_types
from chalicelib.errors import Invalid
from chalicelib.records import filters
from chalicelib.records.entities import ENTITY, ENTITY_LINK
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record, plain, shown
from chalicelib.store import homes, keys, reads, reference


def found(caller: Caller, kind: EntityKind, query: Mapping[str, str], project: Record | None) -> list[Record]:
    """The entities of a kind that a caller sees and a query asks for, by name.

    Fields filter, `name` takes wildcards; the word by which bodies call what a kind is under (`sequence_id`) filters,
    too. project: where to look; None looks into all productions of the caller.
    """
    projects = [project] if project else checks.projects_of(caller, open_only=False)
    records = _assets(query, projects) if kind is ASSET else _others(kind, query, projects)
    return by_name(visible_entities(caller, kind, records))


def by_name(records: Iterable[Record]) -> list[Record]:
    """Entities in the order of their names."""
    return sorted(records, key=lambda entity: (entity["name"], entity["created_at"] or "", entity.id))


def visible_entities(caller: Caller, kind: EntityKind, records: Sequence[Record]) -> Sequence[Record]:
    """Those that a caller sees: vendors see the assets, shots and edits that have a task of theirs."""
    if not caller.is_vendor or not kind.assigned_lists:
        return records
    assigned = checks.assigned_entities(caller)
    return [entity for entity in records if entity.id in assigned]


def parents_worked_on(caller: Caller, kind: EntityKind, records: Sequence[Record]) -> list[Record]:
    """Of these sequences or episodes those a vendor works below: on their shots, an episode's assets.

    One query for what is assigned, one read a hundred of it, one more for the sequences between.
    """
    assigned = reads.get_many(ENTITY, checks.assigned_entities(caller))
    shots = [entity for entity in assigned if SHOT.is_of(entity)]
    above = {shot["parent_id"] for shot in shots}
    if kind is EPISODE:
        sequences = reads.get_many(ENTITY, (parent_id for parent_id in above if parent_id))
        above = {sequence["parent_id"] for sequence in sequences}
        above |= {asset["source_id"] for asset in assigned if ASSET.is_of(asset)}
    return [entity for entity in records if entity.id in above]


def rows(records: Iterable[Record], relations: Mapping[str, Mapping[str, Any]] | None = None) -> list[Any]:
    """Plain rows; with lists of ids where `relations` gives those that are stored elsewhere, by entity."""
    if relations is None:
        return [plain(entity) for entity in records]
    return [shown(entity, relations=True, **relations[entity.id]) for entity in records]


def rows_of(kind: EntityKind, records: Iterable[Record]) -> list[Any]:
    """Plain rows of a kind; those of concepts always tell what they are linked to (section 2)."""
    if kind is not CONCEPT:
        return rows(records)
    return [shown(entity, entity_concept_links=entity["entity_concept_links"]) for entity in records]


def untyped_rows(records: Iterable[Record]) -> list[Any]:
    """Plain rows of the type `Entity`: so vendors get sequences and episodes (section 2)."""
    return [shown(entity, type=ENTITY.name) for entity in records]


def named_rows(kind: EntityKind, records: Sequence[Record]) -> list[Any]:
    """Plain rows with the names the lists of a kind add; the parents are one read a hundred."""
    if not kind.listed:
        return rows(records)
    parent_ids = {entity["parent_id"] for entity in records if entity["parent_id"]}
    parents = {parent.id: parent for parent in reads.get_many(ENTITY, parent_ids)}
    projects = reference.every(PROJECT)

    def named(entity: Record) -> dict[str, Any]:
        place = Place(projects[entity["project_id"]], parents.get(entity["parent_id"]))
        return shown(entity, **columns.row(kind.listed, entity, place))

    return [named(entity) for entity in records]


def asset_types_in(project: Record) -> list[dict[str, Any]]:
    """The asset types that have an asset in a production."""
    used = {entity["entity_type_id"] for entity in lookup.of_production(project.id).records.values()}
    return [entity_types.as_asset_type(one, relations=False) for one in entity_types.asset_types() if one.id in used]


def _others(kind: EntityKind, query: Mapping[str, str], projects: Sequence[Record]) -> list[Record]:
    parent_id = query.get(kind.above.asked_as) if kind.above else None
    if not parent_id:
        return lookup.entities(_parsed(query), projects, kind)
    narrowed = lookup.entities(_parsed({"parent_id": parent_id, **query}), projects, kind)
    return [entity for entity in narrowed if entity["parent_id"] == parent_id.lower()]


def _assets(query: Mapping[str, str], projects: Sequence[Record]) -> list[Record]:
    whole_number(query, "page", -1)  # There are no pages here, but what is no number is said to be none.
    episode_id = query.get("episode_id")
    if not episode_id or episode_id == "all":
        return lookup.entities(_parsed(query), projects, ASSET)
    if episode_id == "main":
        return [asset for asset in lookup.entities(_parsed(query), projects, ASSET) if asset["source_id"] is None]
    if not keys.is_id(episode_id):
        raise Invalid("This names no episode.", "episode_id", "an id, all or main")
    home = homes.of_id(episode_id) or ""
    cast, made_for = reads.parallel(
        [
            partial(reads.query, ENTITY_LINK, home, "entity_in_id", ("^", f"{episode_id.lower()}#")),
            partial(reads.query, ENTITY, home, "source_id", ("^", f"{episode_id.lower()}#")),
        ]
    )
    ids = dict.fromkeys([*(asset.id for asset in made_for), *(link["entity_out_id"] for link in cast)])
    wanted, allowed, types = _parsed(query), {project.id for project in projects}, ASSET.type_ids()
    return [
        asset
        for asset in reads.get_many(ENTITY, ids)
        if asset["project_id"] in allowed and asset["entity_type_id"] in types and wanted.holds(asset)
    ]


def _parsed(query: Mapping[str, str]) -> filters.Filters:
    return filters.parse(ENTITY, query, wildcards=True)


def shots_of(episode: Record) -> list[Record]:
    """The shots in the sequences of an episode: one query, and one a sequence side by side."""
    sequences = [one for one in lookup.children_of(episode) if SEQUENCE.is_of(one)]
    return [one for one in lookup.children_of(*sequences) if SHOT.is_of(one)]


def edits_of(episode: Record) -> list[Record]:
    """The edits of an episode: one query."""
    return [one for one in lookup.children_of(episode) if EDIT.is_of(one)]
