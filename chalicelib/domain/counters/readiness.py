"""How many cast assets are ready for each task of a shot: `nb_assets_ready`.

Source: docs/contract/entities.md 7, docs/contract/tasks.md 6.4.

An asset is ready for a task if the production ranks its `ready_for` as high as the task's type or higher, among the
task types for shots; or if it is shared from another production.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from functools import partial
from typing import Final

from chalicelib.domain.jobs.job import job
from chalicelib.domain.workflow.entity_types import kind_name
from chalicelib.domain.workflow.project_links import task_type_priorities
from chalicelib.events.journal import emit_live
from chalicelib.records.entities import ENTITY, ENTITY_LINK, may_be_cast_elsewhere
from chalicelib.records.fields import Kind
from chalicelib.records.production import PROJECT, TASK_TYPE
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.store import homes, keys, reads, reference
from chalicelib.store.changes import Changes, write

# A task is its record and its event.
_TASKS_A_WRITE: Final = 40


def recount_where_cast(asset: Record) -> None:
    """Counts anew for every entity that an asset is cast in; in all productions if it may be cast elsewhere.

    One query a production, two an entity, one read a hundred assets; writes only what differs.
    """
    searched = {homes.of(ENTITY, asset)}
    if may_be_cast_elsewhere(asset):
        searched.update(keys.home_of_owner(project_id) for project_id in reference.every(PROJECT))
    queries = [partial(reads.query, ENTITY_LINK, home, "entity_out_id", ("=", asset.id)) for home in searched]
    recount({link["entity_in_id"] for part in reads.parallel(queries) for link in part})


@job("count ready assets where an asset is cast")
def recount_asset(asset_id: str) -> None:
    """Counts anew for every entity that an asset is cast in; nothing for one that is gone."""
    asset = reads.find(ENTITY, asset_id)
    if asset is not None:
        recount_where_cast(asset)


@job("count ready assets of entities")
def recount_entities(entity_ids: Sequence[str]) -> None:
    """Counts anew for these entities, after their links changed."""
    recount(entity_ids)


def recount(entity_ids: Iterable[str], without: Set[str] = frozenset()) -> None:
    """Counts anew for the tasks of those of these entities that are shots; links `without` are about to go."""
    named = list(dict.fromkeys(entity_ids))
    links = reads.parallel([partial(_under, one, ENTITY_LINK, "entity_in_id") for one in named])
    tasks = reads.parallel([partial(_under, one, TASK, "entity_id") for one in named])
    cast = {link["entity_out_id"] for part in links for link in part}
    assets = {asset.id: asset for asset in reads.get_many(ENTITY, [*cast, *named])}
    shots = {one for one in named if one in assets and kind_name(assets[one]["entity_type_id"]) == "Shot"}
    counts: dict[str, int] = {}
    for one, its_links, its_tasks in zip(named, links, tasks, strict=True):
        if one not in shots:
            continue
        cast_here = [link["entity_out_id"] for link in its_links if link.id not in without]
        its_assets = [assets[asset_id] for asset_id in cast_here if asset_id in assets]
        counts |= {task.id: _count(task, its_assets) for task in its_tasks}
    counted = [task for part in tasks for task in part if task.id in counts]
    changed = [task for task in counted if task["nb_assets_ready"] != counts[task.id]]
    for start in range(0, len(changed), _TASKS_A_WRITE):
        write(partial(_store, task_ids=[task.id for task in changed[start : start + _TASKS_A_WRITE]], counts=counts))


def _under(entity_id: str, kind: Kind, by: str) -> list[Record]:
    """The links or the tasks of an entity (one query)."""
    return reads.query(kind, homes.of_id(entity_id) or "", by, ("^", f"{entity_id}#"))


def _count(task: Record, assets: Sequence[Record]) -> int:
    project = reference.find(PROJECT, task["project_id"])
    ranks = _ranks(project) if project else {}
    needed = ranks.get(task["task_type_id"]) or 0
    return sum(
        (asset["is_shared"] and asset["project_id"] != task["project_id"])
        or (ranks.get(asset["ready_for"] or "") or -1) >= needed
        for asset in assets
    )


def _ranks(project: Record) -> Mapping[str, int | None]:
    """The priorities that a production gives to task types for shots."""
    return {
        task_type_id: priority
        for task_type_id, priority in task_type_priorities(project).items()
        if (task_type := reference.find(TASK_TYPE, task_type_id)) and task_type["for_entity"] == "Shot"
    }


def _store(changes: Changes, task_ids: Sequence[str], counts: Mapping[str, int]) -> None:
    for task in reads.get_many(TASK, task_ids):
        changes.update(task, nb_assets_ready=counts[task.id])
        payload = {"task_id": task.id, "nb_assets_ready": counts[task.id]}
        emit_live(changes, "task:update-casting-stats", task["project_id"], **payload)
