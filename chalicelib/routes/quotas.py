"""Quotas: what was made by day, week, month and year, and the shots behind it (docs/contract/tasks.md section 10)."""

from typing import Any

from chalicelib.access import quotas as access
from chalicelib.access import rules
from chalicelib.domain import periods
from chalicelib.domain.tasks import quota_shots, quotas
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.records.entities import ENTITY
from chalicelib.records.production import TASK_TYPE
from chalicelib.routes.answer_schemas import Shown
from chalicelib.store import reference

area = Area("quotas", "What people made, by day, week, month and year.")
_OF_PROJECT = "/data/projects/{project_id}/quotas"
_MODE = {"count_mode": "`weighted` (the usual), `weighteddone`, `feedback` or `done`."}
_QUERY = {**_MODE, "studio_id": "Tasks with an assignee of this studio alone."}
_SHOTS_QUERY = {
    **_MODE,
    "project_id": "The production; a manager has to name it.",
    "task_type_id": "The type of the tasks.",
}


class Quotas:
    """Frames, seconds, drawings and counts by unit of time, by key and in total."""

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema."""
        amounts = {"type": "object", "additionalProperties": {"type": "number"}}
        unit = {"type": "object", "additionalProperties": amounts}
        by_unit = {"type": "object", "properties": dict.fromkeys(("day", "week", "month", "year"), unit)}
        return {"type": "object", "additionalProperties": by_unit}


@area.get(f"{_OF_PROJECT}/{{task_type_id}}", access=rules.project_member(), query=_QUERY, answer=Quotas())
def read_quotas_of_task_type(call: Call) -> dict[str, Any]:
    """The quotas of a production on tasks of a type, by person."""
    task_type = reference.get(TASK_TYPE, call.params["task_type_id"])
    return quotas.of_task_type(call.caller, call.subject, task_type.id, call.query)


@area.get(f"{_OF_PROJECT}/persons/{{person_id}}", access=access.of_person, query=_QUERY, answer=Quotas())
def read_quotas_of_person(call: Call) -> dict[str, Any]:
    """The quotas of a person in a production, by task type."""
    project, person = call.subject
    return quotas.of_person(call.caller, project, person, call.query)


def _declare_shots(word: str, path: str) -> None:
    @area.get(
        f"/data/persons/{{person_id}}/quota-shots/{word}/{path}",
        access=access.shots_of_person,
        query=_SHOTS_QUERY,
        answer=Shown(ENTITY, many=True, more={"full_name": {"type": "string"}, "weight": {"type": "number"}}),
        summary=f"Lists the shots behind the quotas of a person in a {word}, with how much of each.",
    )
    def list_quota_shots(call: Call) -> list[dict[str, Any]]:
        project, person = call.subject
        return quota_shots.listed(call.caller, person, project, periods.asked(call.params), call.query)


_declare_shots("month", "{year}/{month}")
_declare_shots("week", "{year}/{week}")
_declare_shots("day", "{year}/{month}/{day}")
