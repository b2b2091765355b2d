"""Imports from another Kitsu (docs/contract/interchange.md section 4)."""

from typing import Any

from chalicelib.access import rules
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.interchange.kitsu import comments, records
from chalicelib.records.entities import ENTITY, ENTITY_LINK
from chalicelib.records.production import PROJECT
from chalicelib.records.record import plain, shown
from chalicelib.records.tasks import COMMENT, TASK
from chalicelib.routes.answer_schemas import Shown

area = Area("imports", "Records from elsewhere.")


class Records:
    """A list of records, as another Kitsu shows them."""

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema."""
        return {"type": "array", "items": {"type": "object"}}


@area.post("/import/kitsu/projects", access=rules.signed_in, body=Records(), answer=Shown(PROJECT, many=True))
def import_projects(call: Call) -> list[Any]:
    """Takes productions, from administrators alone."""
    return [plain(project) for project in records.productions(call.caller, call.body)]


@area.post("/import/kitsu/entities", access=rules.signed_in, body=Records(), answer=Shown(ENTITY, many=True))
def import_entities(call: Call) -> list[Any]:
    """Takes entities of the sender's productions; those they may not write are left out."""
    return [shown(entity, type=ENTITY.name) for entity in records.entities(call.caller, call.body)]


@area.post("/import/kitsu/entity-links", access=rules.signed_in, body=Records(), answer=Shown(ENTITY_LINK, many=True))
def import_links(call: Call) -> list[Any]:
    """Takes links of castings of the sender's productions; those they may not write are left out."""
    return [plain(link) for link in records.links(call.caller, call.body)]


@area.post("/import/kitsu/tasks", access=rules.signed_in, body=Records(), answer=Shown(TASK, many=True))
def import_tasks(call: Call) -> list[Any]:
    """Takes tasks of the sender's productions; those they may not write are left out."""
    return [plain(task) for task in records.tasks(call.caller, call.body)]


@area.post("/import/kitsu/comments", access=rules.signed_in, body=Records(), answer=Shown(COMMENT, many=True))
def import_comments(call: Call) -> list[Any]:
    """Takes comments of the sender's productions; those they may not write are left out."""
    return [plain(comment) for comment in comments.comments(call.caller, call.body)]
