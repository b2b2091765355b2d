"""The lists of ids of an entity that other records hold: what it casts, what casts it, its instances (section 2)."""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.records.entities import ASSET_INSTANCE, ENTITY_LINK
from chalicelib.records.record import Record
from chalicelib.store import keys, partitions, reads

Relations = dict[str, list[str]]
Look = Callable[[], Sequence[Record]]


def lookups(caller: Caller, entity: Record) -> list[Look]:
    """The reads that tell the relations of one entity, to be made side by side with others; see `told`.

    Links to it live where it is cast: at home, and for a shared asset in other open productions; of these the caller
    learns of their own alone.
    """
    home = keys.home_of_owner(entity["project_id"])
    elsewhere = checks.projects_of(caller) if entity["is_shared"] else ()
    homes = dict.fromkeys((home, *(keys.home_of_owner(project.id) for project in elsewhere)))
    return [
        partial(_instances, home),
        partial(reads.query, ENTITY_LINK, home, "entity_in_id", ("^", f"{entity.id}#")),
        *(partial(reads.query, ENTITY_LINK, one, "entity_out_id", ("=", entity.id)) for one in homes),
    ]


def relations_from(entity: Record, answers: Sequence[Sequence[Record]]) -> Relations:
    """The relations of an entity out of the answers to its `looks`."""
    instances, cast, *casting = answers
    return {
        "entities_out": [link["entity_out_id"] for link in cast],
        "entities_in": [link["entity_in_id"] for part in casting for link in part],
        "instance_casting": [one.id for one in instances if entity.id in one["shots"]],
    }


def of(caller: Caller, entity: Record) -> Relations:
    """The relations of one entity: three queries side by side."""
    return relations_from(entity, reads.parallel(lookups(caller, entity)))


def of_many(entities: Collection[Record]) -> Mapping[str, Relations]:
    """The relations of entities, by id; reads all links and instances of their productions, none of others."""
    found: dict[str, Relations] = {
        entity.id: {"entities_out": [], "entities_in": [], "instance_casting": []} for entity in entities
    }
    homes = {keys.home_of_owner(entity["project_id"]) for entity in entities}
    for links in reads.parallel([partial(reads.query, ENTITY_LINK, home) for home in homes]):
        for link in links:
            _add(found, link["entity_in_id"], "entities_out", link["entity_out_id"])
            _add(found, link["entity_out_id"], "entities_in", link["entity_in_id"])
    for instances in reads.parallel([partial(_instances, home) for home in homes]):
        for instance in instances:
            for shot_id in instance["shots"]:
                _add(found, shot_id, "instance_casting", instance.id)
    return found


def _add(found: Mapping[str, Relations], entity_id: str, name: str, other_id: Any) -> None:
    if entity_id in found:
        found[entity_id][name].append(other_id)


def _instances(home: str) -> list[Record]:
    # Few productions have any, and those have few: the held partition costs one query that finds nothing new.
    return list(partitions.held(ASSET_INSTANCE, home).records.values())
