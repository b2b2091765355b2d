"""Lists of output files: of entities, of instances, of productions; their last revisions and types.

Source: docs/contract/files.md 5.3.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from chalicelib.access.files import OutputTarget
from chalicelib.domain.files.crud.pipeline_files import with_sources
from chalicelib.domain.publishing.named_in_body import output_type_named
from chalicelib.domain.publishing.output_files import of_target
from chalicelib.records.entities import ENTITY
from chalicelib.records.files import OUTPUT_FILE, OUTPUT_TYPE
from chalicelib.records.record import Record, plain
from chalicelib.store import homes, keys, partitions, reads, reference

FILTERS: Final = ("output_type_id", "task_type_id", "representation", "file_status_id", "name")
_FILTERS_OF_INSTANCES: Final = (*FILTERS, "temporal_entity_id")
# One file for each of these is the last one.
_SERIES: Final = ("task_type_id", "output_type_id", "name", "representation")
Query = Mapping[str, str]


def of_entity(target: OutputTarget, query: Query) -> list[Any]:
    """The output files of an entity, or of an instance where it stands, highest revision first."""
    return with_sources(_highest_first(_wanted(of_target(target), query, FILTERS)))


def of_instance(target: OutputTarget, query: Query) -> list[Any]:
    """The output files of an instance wherever it stands, highest revision first."""
    return with_sources(_highest_first(_wanted(of_target(target), query, _FILTERS_OF_INSTANCES)))


def of_type(target: OutputTarget, output_type_id: str, query: Query) -> list[Any]:
    """Those of one output type, highest revision first; NotFound for an unknown one."""
    wanted = {**query, "output_type_id": output_type_named(output_type_id).id}
    return of_entity(target, wanted)


def last_revisions(target: OutputTarget, query: Query) -> list[Any]:
    """The highest revision of each task type, output type, name and representation."""
    last: dict[tuple[Any, ...], Record] = {}
    for one in _highest_first(_wanted(of_target(target), query, FILTERS)):
        last.setdefault(tuple(one[name] or "" for name in _SERIES), one)
    return with_sources(list(last.values()))


def types(target: OutputTarget) -> list[Any]:
    """The output types of what an entity or an instance has, by name; of an asset those of its instances, too."""
    if target.instance is None:
        home = homes.of(ENTITY, target.entity)
        found = reads.query(OUTPUT_FILE, home, "entity_id", ("=", target.entity.id))
    else:
        found = of_target(target)
    known = reference.every(OUTPUT_TYPE)
    used = [known[one] for one in {file["output_type_id"] for file in found} if one in known]
    return [plain(one) for one in sorted(used, key=lambda one: (one["name"], one.id))]


def of_project(project: Record, query: Query) -> list[Any]:
    """The output files of a production, newest first; without those of instances. What changed is one query."""
    held = partitions.held(OUTPUT_FILE, keys.home_of_owner(project.id)).records.values()
    found = [one for one in held if not one["asset_instance_id"] and not one["temporal_entity_id"]]
    newest = sorted(_wanted(found, query, FILTERS), key=lambda one: (one["created_at"], one.id), reverse=True)
    return with_sources(newest)


def _wanted(files: Iterable[Record], query: Query, names: Iterable[str]) -> list[Record]:
    """Those that have the values a query asks for; an empty one asks for nothing."""
    wanted = {name: query[name] for name in names if query.get(name)}
    return [one for one in files if all(one[name] == value for name, value in wanted.items())]


def _highest_first(files: Iterable[Record]) -> list[Record]:
    return sorted(files, key=lambda one: (one["revision"], one["created_at"], one.id), reverse=True)
