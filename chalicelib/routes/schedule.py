"""Milestones and schedule items of a production (docs/contract/production.md sections 7 and 8)."""

from collections.abc import Callable
from typing import Any, Final

from chalicelib.access import checks, rules
from chalicelib.access.rules import about
from chalicelib.domain import schedule
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.records.production import MILESTONE, PROJECT, SCHEDULE_ITEM, TASK_TYPE
from chalicelib.records.record import Record, part, plain
from chalicelib.routes.answer_schemas import Part, Shown
from chalicelib.store import reference

area = Area("schedule", "When what is worked on.")
_ITEMS: Final = "/data/projects/{project_id}/schedule-items"
_NAME: Final = {"name": {"type": "string"}}
_access: Final = rules.of_record(
    "project access, no vendors", PROJECT, "project_id", checks.see_project, about(checks.not_vendor)
)


@area.get(
    "/data/projects/{project_id}/milestones",
    access=rules.project_member(),
    answer=Part(MILESTONE, schedule.LISTED_MILESTONE),
)
def list_milestones(call: Call) -> list[dict[str, Any]]:
    """Lists the milestones of a production by date."""
    return [part(one, schedule.LISTED_MILESTONE) for one in schedule.milestones(call.subject)]


@area.get(_ITEMS, access=_access, answer=Shown(SCHEDULE_ITEM, many=True))
def list_schedule_items(call: Call) -> list[Any]:
    """Lists all schedule items of a production that there are."""
    return [plain(one) for one in schedule.items(call.subject)]


@area.get(f"{_ITEMS}/task-types", access=_access, answer=Part(SCHEDULE_ITEM, schedule.LISTED))
def list_task_type_schedule(call: Call) -> list[dict[str, Any]]:
    """Lists the schedule of the task types used in a production, by start; what is missing is made."""
    return schedule.of_task_types(call.subject)


def declare(segment: str, listed: Callable[[Record, Record], list[dict[str, Any]]]) -> None:
    """Declares the route that lists what a task type has planned for one kind of objects."""

    @area.get(
        f"{_ITEMS}/{{task_type_id}}/{segment}",
        access=_access,
        answer=Part(SCHEDULE_ITEM, schedule.LISTED, _NAME),
        summary=f"The schedule of a task type by name, made where it is missing: {segment.replace('-', ' ')}.",
    )
    def list_object_schedule(call: Call) -> list[dict[str, Any]]:
        return listed(call.subject, reference.get(TASK_TYPE, call.params["task_type_id"]))


declare("asset-types", schedule.of_asset_types)
declare("sequences", schedule.of_sequences)
declare("episodes", schedule.of_episodes)
