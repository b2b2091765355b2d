"""Lists of tasks: of everything a person sees, of a production, of an entity (docs/contract/tasks.md section 3)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.domain.crud.lookup import records_of
from chalicelib.domain.crud.pagination import Paging, answered, truth
from chalicelib.domain.entities import lookup
from chalicelib.domain.entities.kinds import SHOT
from chalicelib.domain.tasks import presentation
from chalicelib.errors import Invalid
from chalicelib.records import filters
from chalicelib.records.entities import ENTITY
from chalicelib.records.filters import Filters
from chalicelib.records.record import Record, Texts
from chalicelib.records.tasks import TASK
from chalicelib.store import homes, keys, partitions, reads

_EPISODE: Final = "episode_id"
# Productions that this container listed before: asked a second time, it holds their tasks from then on.
_listed_before: set[str] = set()


def forget() -> None:
    """Forgets what was listed; tests that stand for another container call it."""
    _listed_before.clear()


def listed(caller: Caller, query: Mapping[str, str]) -> Any:
    """The tasks a caller sees, with the filters and pages of generic records.

    Admins see all, vendors what is assigned to them, others the open productions whose team they are in. `episode_id`:
    those on shots of that episode.
    """
    wanted, paging = filters.parse(TASK, query, wildcards=True), Paging.of(query)
    projects = checks.projects_of(caller, open_only=not caller.is_admin)
    allowed = {project.id for project in projects}
    shots = shots_of_episode(query)
    found = [
        task
        for task in _candidates(caller, wanted, projects, paging)
        if task["project_id"] in allowed
        and (not caller.is_vendor or caller.id in task["assignees"])
        and (shots is None or task["entity_id"] in shots)
        and wanted.holds(task)
    ]
    relations = truth(query, "relations")
    return answered(found, paging, lambda tasks: presentation.rows(tasks, relations))


def _candidates(caller: Caller, wanted: Filters, projects: Sequence[Record], paging: Paging) -> list[Record]:
    """Tasks among which the wanted ones are; a vendor's are found by their edges, whatever else is asked."""
    if caller.is_vendor:
        return assigned_to(caller.id)
    return records_of(TASK, wanted, projects, everything=False, paged=paging.page is not None)


def assigned_to(person_id: str) -> list[Record]:
    """The tasks assigned to a person, in all productions: one query, one read a hundred tasks."""
    return reads.get_many(TASK, (edge["id"] for edge in reads.edges(TASK, "assignees", person_id)))


def of_entity(entity_id: str, task_type_id: str | None = None) -> list[Record]:
    """The tasks of an entity, of one type where that is given (one query)."""
    home = homes.of_id(entity_id)
    condition = ("=", f"{entity_id}#{task_type_id}") if task_type_id else ("^", f"{entity_id}#")
    return reads.query(TASK, home, "entity_id", condition) if home else []


def of_type(project_id: str, task_type_id: str | None) -> list[Record]:
    """The tasks of a type in a production (one query)."""
    return (
        reads.query(TASK, keys.home_of_owner(project_id), "task_type_id", ("=", task_type_id)) if task_type_id else []
    )


def shots_of_episode(query: Mapping[str, str]) -> set[str] | None:
    """The ids of the shots of the episode that a query names (two rounds of queries); None without one."""
    asked = query.get(_EPISODE)
    if not asked:
        return None
    if not keys.is_id(asked):
        raise Invalid(f"{asked!r} is no id.", _EPISODE, "the id of an episode")
    episode = reads.find(ENTITY, asked)
    sequences = lookup.children_of(episode) if episode else []
    return {shot.id for shot in lookup.children_of(*sequences) if SHOT.is_of(shot)}


class _Row(NamedTuple):
    """A task of a production, ready to be put in order and joined."""

    updated_at: str
    created_at: str
    texts: Texts


class _Moments(msgspec.Struct):
    """What of a row tells its place in the order."""

    updated_at: str = ""
    created_at: str = ""


_moments = msgspec.json.Decoder(_Moments).decode


def of_production(caller: Caller, project: Record, query: Mapping[str, str]) -> Any:
    """The tasks of a production with their assignees, newest change first; a page of them with `page`.

    query: `task_type_id`, `episode_id`. Vendors see what is assigned to them. The whole list is texts joined, without a
    record being parsed; a container that is asked again holds the tasks and reads only what changed.
    """
    paging = Paging.of(query)
    rows = _filtered(caller, project, query) if _is_filtered(caller, query) else _all_rows(project)
    rows.sort(key=lambda row: row[:2], reverse=True)
    if paging.page is None:
        return _joined(rows)
    page = paging.cut(rows)
    return {**page, "data": _joined(page["data"])}


def _is_filtered(caller: Caller, query: Mapping[str, str]) -> bool:
    return caller.is_vendor or bool(query.get("task_type_id") or query.get(_EPISODE))


def _filtered(caller: Caller, project: Record, query: Mapping[str, str]) -> list[_Row]:
    asked = {name: query[name] for name in ("task_type_id", _EPISODE) if query.get(name)}
    wanted, shots = filters.parse(TASK, {**asked, "project_id": project.id}), shots_of_episode(asked)
    return [
        _Row(task["updated_at"], task["created_at"], task.texts)
        for task in _candidates(caller, wanted, [project], Paging.of(query))
        if wanted.holds(task)
        and (not caller.is_vendor or caller.id in task["assignees"])
        and (shots is None or task["entity_id"] in shots)
    ]


def _all_rows(project: Record) -> list[_Row]:
    home = keys.home_of_owner(project.id)
    held = partitions.unrefreshed(TASK, home)
    if held.serial or home in _listed_before:
        records = held.refresh().records.values()
        return [_Row(task["updated_at"], task["created_at"], task.texts) for task in records]
    _listed_before.add(home)
    return [_raw(texts) for row in reads.rows(keys.partition(home, TASK)) if (texts := reads.texts_if_there(row))]


def _raw(texts: Texts) -> _Row:
    """A row whose order is told by the moments to the microsecond; where they are full seconds, `doc` has them."""
    told = _moments(texts.own) if texts.own else _Moments()
    if not (told.updated_at and told.created_at):
        shown = _moments(texts.doc)
        told = _Moments(told.updated_at or shown.updated_at, told.created_at or shown.created_at)
    return _Row(told.updated_at, told.created_at, texts)


def _joined(rows: Iterable[_Row]) -> msgspec.Raw:
    return msgspec.Raw(f"[{','.join([row.texts.joined() for row in rows])}]".encode())
