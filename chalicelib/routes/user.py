"""What a client starts with for the person who is signed in (docs/contract/people.md section 10)."""

from typing import Any

from chalicelib.access import rules
from chalicelib.domain import user_context
from chalicelib.domain.production import full_projects
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.records.entities import ENTITY_TYPE
from chalicelib.records.files import PREVIEW_BACKGROUND_FILE
from chalicelib.records.people import CUSTOM_ACTION, DEPARTMENT, PERSON, STUDIO
from chalicelib.records.production import PROJECT_STATUS, STATUS_AUTOMATION, TASK_STATUS, TASK_TYPE
from chalicelib.routes.answer_schemas import Shape, Shown
from chalicelib.routes.projects import FULL

area = Area("user", "The caller's own pages.")
_QUERY = {"name": "Only the one of that very name."}
_LISTS = {
    "asset_types": ENTITY_TYPE,
    "custom_actions": CUSTOM_ACTION,
    "departments": DEPARTMENT,
    "persons": PERSON,
    "preview_background_files": PREVIEW_BACKGROUND_FILE,
    "project_status": PROJECT_STATUS,
    "status_automations": STATUS_AUTOMATION,
    "studios": STUDIO,
    "task_status": TASK_STATUS,
    "task_types": TASK_TYPE,
}
CONTEXT = Shape(
    notification_count={"type": "integer"},
    projects=FULL.schema(),
    search_filters={"type": "object"},
    search_filter_groups={"type": "object"},
    user_limit={"type": "integer"},
    **{name: Shown(kind, many=True).schema() for name, kind in _LISTS.items()},
)


@area.get("/data/user/context", access=rules.person, answer=CONTEXT)
def read_context(call: Call) -> dict[str, Any]:
    """Reads everything a client shows before anything else."""
    return user_context.user_context(call.caller)


@area.get("/data/user/projects/open", access=rules.person, query=_QUERY, answer=FULL)
def list_own_open_projects(call: Call) -> list[dict[str, Any]]:
    """Lists the caller's open productions in full."""
    return full_projects.open_projects(call.caller, call.query.get("name"))
