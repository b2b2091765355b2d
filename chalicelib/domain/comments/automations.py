"""Status automations: what a posting on one task brings about elsewhere (docs/contract/tasks.md 6.4)."""

from chalicelib.domain.counters import readiness
from chalicelib.domain.jobs.job import enqueue
from chalicelib.domain.workflow.entity_types import kind_name
from chalicelib.domain.workflow.project_links import task_type_priorities
from chalicelib.events.journal import emit
from chalicelib.records.entities import ENTITY
from chalicelib.records.production import STATUS_AUTOMATION, TASK_STATUS, TASK_TYPE
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.store import homes, reads, reference
from chalicelib.store.changes import Changes


def triggered_by(project: Record, task: Record) -> list[Record]:
    """The automations of a production that a task sets off with the status it has now."""
    automations = (reference.find(STATUS_AUTOMATION, one) for one in project["status_automations"])
    return [
        automation
        for automation in automations
        if automation is not None
        and not automation["archived"]
        and automation["in_task_type_id"] == task["task_type_id"]
        and automation["in_task_status_id"] == task["task_status_id"]
        and (automation["out_field_type"] == "ready_for" or _leads_on(project, automation))
    ]


def _leads_on(project: Record, automation: Record) -> bool:
    """Whether it does not lead back: from a task type that the production ranks above the other."""
    priorities = task_type_priorities(project)
    kind = str(automation["entity_type"] or "").capitalize()

    def rank(task_type_id: str | None) -> int:
        task_type = reference.find(TASK_TYPE, task_type_id)
        counts = task_type is not None and task_type["for_entity"] == kind
        return (priorities.get(task_type_id or "") or 0) if counts else 0

    return rank(automation["in_task_type_id"]) <= rank(automation["out_task_type_id"])


def target_task(automation: Record, task: Record) -> Record | None:
    """The task on the same entity that the automation posts on: the first by name; None without any (one query)."""
    if not automation["out_task_type_id"] or not task["entity_id"]:
        return None
    condition = ("=", f"{task['entity_id']}#{automation['out_task_type_id']}")
    found = reads.query(TASK, homes.of(TASK, task), "entity_id", condition)
    return min(found, key=lambda one: (str(one["name"]), one.id), default=None)


def status_of(automation: Record) -> Record | None:
    """The status that the automation sets."""
    return reference.find(TASK_STATUS, automation["out_task_status_id"])


def comment_text(task: Record) -> str:
    """What the comment of an automation says: which task type and status caused it."""
    task_type = reference.find(TASK_TYPE, task["task_type_id"])
    status = reference.find(TASK_STATUS, task["task_status_id"])
    names = [record["name"] if record else "?" for record in (task_type, status)]
    return f"Change triggered by {names[0]} set to {names[1]}"


def make_ready(changes: Changes, automation: Record, entity: Record | None) -> None:
    """Makes an asset ready for the task type that the automation names; its shots are counted anew afterwards."""
    ready_for = automation["out_task_type_id"]
    if entity is None or kind_name(entity["entity_type_id"]) != "Asset":
        return
    asset = changes.update(changes.read(ENTITY, entity.id), ready_for=ready_for)
    emit(changes, "asset:update", asset["project_id"], asset_id=asset.id, data={"ready_for": ready_for})
    enqueue(changes, readiness.recount_asset, asset_id=asset.id)
