"""What a person works on in a production: rows that hold a task of theirs (docs/contract/entities.md section 11).

Only open productions of the caller's teams count, and only tasks assigned to them: admins get no more than others.
Leaving a team does not unassign; yet nothing is shown of a production one is out of
(docs/contract/people.md section 1).
"""

from collections.abc import Iterable
from typing import Any

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.domain.entities.kinds import ASSET, EntityKind
from chalicelib.domain.workflow import entity_types
from chalicelib.records.entities import ENTITY
from chalicelib.records.production import TASK_TYPE
from chalicelib.records.record import Record, plain
from chalicelib.records.tasks import TASK
from chalicelib.store import reads, reference


def tasks_on(caller: Caller, entity: Record) -> list[Any]:
    """The caller's tasks on an entity."""
    return [plain(task) for task in _own_tasks(caller, entity)]


def task_types_on(caller: Caller, entity: Record) -> list[Any]:
    """The types of the caller's tasks on an entity, each once."""
    types = dict.fromkeys(task["task_type_id"] for task in _own_tasks(caller, entity))
    return [plain(found) for type_id in types if (found := reference.find(TASK_TYPE, type_id))]


def asset_types_in(caller: Caller, project: Record) -> list[dict[str, Any]]:
    """The types of the assets that the caller works on."""
    used = {asset["entity_type_id"] for asset in _worked_on(caller, project, ASSET)}
    return [entity_types.as_asset_type(one, relations=False) for one in entity_types.asset_types() if one.id in used]


def assets_of_type(caller: Caller, project: Record, asset_type: Record) -> list[Any]:
    """The assets of a type that the caller works on."""
    assets = _worked_on(caller, project, ASSET)
    return [plain(asset) for asset in assets if asset["entity_type_id"] == asset_type.id]


def above_worked_on(caller: Caller, project: Record, below: EntityKind, steps: int = 1) -> list[Any]:
    """What is so many steps above the entities of a kind that the caller works on: sequences or episodes of shots."""
    found: Iterable[Record] = _worked_on(caller, project, below)
    for _ in range(steps):
        found = reads.get_many(ENTITY, {one["parent_id"] for one in found if one["parent_id"]})
    return [plain(one) for one in found]


def contents(caller: Caller, parent: Record, kind: EntityKind) -> list[Any]:
    """What is in a sequence, of a kind, and worked on by the caller."""
    found = _worked_on(caller, checks.project_of(parent), kind)
    return [plain(one) for one in found if one["parent_id"] == parent.id]


def _is_shown(caller: Caller, project: Record) -> bool:
    return checks.is_open(project) and (caller.is_admin or caller.in_team(project))


def _own_tasks(caller: Caller, entity: Record) -> list[Record]:
    if not _is_shown(caller, checks.project_of(entity)):
        return []
    mine = [edge["id"] for edge in reads.edges(TASK, "assignees", caller.id) if edge["entity_id"] == entity.id]
    return reads.get_many(TASK, mine)


def _worked_on(caller: Caller, project: Record, kind: EntityKind) -> list[Record]:
    """One query for what is assigned, one read a hundred of it."""
    if not _is_shown(caller, project):
        return []
    edges = reads.edges(TASK, "assignees", caller.id)
    ids = dict.fromkeys(edge["entity_id"] for edge in edges if edge["project_id"] == project.id and edge["entity_id"])
    return [entity for entity in reads.get_many(ENTITY, ids) if kind.is_of(entity)]
