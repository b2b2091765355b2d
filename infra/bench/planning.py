"""The rows of a production's day: what is used of other productions, everybody's open tasks, quotas."""

import time

from chalicelib.records.entities import ENTITY, ENTITY_LINK, ENTITY_TYPE
from chalicelib.records.production import PROJECT
from chalicelib.records.tasks import TIME_SPENT
from chalicelib.store import reference
from chalicelib.store.partitions import OVERLAP_SECONDS
from infra.bench.measuring import Asking, Cost, several
from infra.bench.studio import Measured, created

Row = tuple[str, str, str, bool | None]
_SHARED = 100


def day(asking: Asking, studio: Measured) -> list[Row]:
    """Shared assets that are used, open tasks and quotas, of a production at rest."""
    _cast_shared_assets(studio)
    _note_time(studio)
    # A container asks again for what was written in the last seconds.
    time.sleep(OVERLAP_SECONDS + 1)
    return [*_shared_used(asking, studio), *_open_tasks(asking, studio), *_quotas(asking, studio)]


def _cast_shared_assets(studio: Measured) -> None:
    """Another production shares a hundred assets; each shot casts one."""
    prop = reference.named(ENTITY_TYPE, "Prop")
    values = {"name": "Library", "project_status_id": studio.project["project_status_id"]}
    library = created(PROJECT, [values])[0]
    common = {"project_id": library.id, "entity_type_id": prop.id if prop else None, "is_shared": True}
    assets = created(ENTITY, ({**common, "name": f"Shared {number}"} for number in range(_SHARED)))
    links = (
        {"entity_in_id": shot.id, "entity_out_id": assets[number % _SHARED].id}
        for number, shot in enumerate(studio.shots)
    )
    created(ENTITY_LINK, links)


def _note_time(studio: Measured) -> None:
    """Who works on a task that ended noted half a day on it."""
    ended = (task for task in studio.tasks if task["end_date"])
    spent = (
        {"task_id": task.id, "person_id": task["assignees"][0], "date": task["end_date"][:10], "duration": 240}
        for task in ended
    )
    created(TIME_SPENT, spent)


def _shared_used(asking: Asking, studio: Measured) -> list[Row]:
    cost = several(lambda: asking.ask("GET", f"/data/projects/{studio.project.id}/assets/shared-used"), 5)
    return [(f"shared assets used by {len(studio.shots)} shots", "≤ 4 calls", _told(cost), cost.calls <= 4)]


def _open_tasks(asking: Asking, studio: Measured) -> list[Row]:
    page = several(lambda: asking.ask("GET", "/data/tasks/open-tasks", query={"limit": "100"}), 5)
    sums = several(lambda: asking.ask("GET", "/data/tasks/open-tasks/stats"), 5)
    people = len({person for task in studio.tasks for person in task["assignees"]})
    named = f"of {len(studio.tasks)} open tasks of {people} people"
    most = 100 * len(studio.tasks) / 10_000
    return [
        (f"a page of 100 {named}", "≤ 100 ms CPU per 10,000", _told(page), page.cpu <= most),
        (f"the sums {named}", "≤ 100 ms CPU per 10,000", _told(sums), sums.cpu <= most),
    ]


def _quotas(asking: Asking, studio: Measured) -> list[Row]:
    path = f"/data/projects/{studio.project.id}/quotas"
    types = list(dict.fromkeys(task["task_type_id"] for task in studio.tasks))
    costs = [several(lambda one=one: asking.ask("GET", f"{path}/{one}"), 3) for one in types]  # type: ignore[misc]
    cpu, calls, size = (sum(getattr(cost, name) for cost in costs) for name in ("cpu", "calls", "size"))
    told = f"{cpu:.1f} ms CPU, {calls} calls, {size / 1e6:.2f} MB"
    most = len(types) * 100 * len(studio.tasks) / 10_000
    return [(f"quotas of {len(types)} task types", "≤ 100 ms CPU each per 10,000", told, cpu <= most)]


def _told(cost: Cost) -> str:
    return f"{cost.cpu:.1f} ms CPU, {cost.wall:.0f} ms, {cost.calls} calls, {cost.size / 1e6:.2f} MB"
