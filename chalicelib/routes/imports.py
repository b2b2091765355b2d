"""Imports from another Kitsu (docs/contract/interchange.md section 4)."""

from collections.abc import Callable
from typing import Any

from chalicelib.access import rules
from chalicelib.http.answers import Answer
from chalicelib.http.call import Call
from chalicelib.http.routing import Area, Options
from chalicelib.interchange.kitsu import continuation
from chalicelib.records.entities import ENTITY, ENTITY_LINK
from chalicelib.records.fields import Kind
from chalicelib.records.production import PROJECT
from chalicelib.records.record import Record, plain, shown
from chalicelib.records.tasks import COMMENT, TASK
from chalicelib.routes.answer_schemas import Shown
from chalicelib.routes.forms import DRY_RUN, is_dry

area = Area("imports", "Records from elsewhere.")


class Records:
    """A list of records, as another Kitsu shows them."""

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema."""
        return {"type": "array", "items": {"type": "object"}}


def _records_of(kind: Kind) -> Options:
    return {"body": Records(), "query": DRY_RUN, "answer": Shown(kind, many=True)}


def _taken(call: Call, kind: Kind, what: str, show: Callable[[Record], Any] = plain) -> Any:
    """What was taken, 202 where the rest goes on by itself; what would be, row by row, where a dry run is asked for."""
    if is_dry(call):
        return Answer(continuation.preview(call.caller, what, kind.name, call.body), 200)
    found, whole = continuation.carry_out(call.caller, what, call.body)
    shows = [show(record) for record in found]
    return shows if whole else Answer(shows, 202)


def _show_entity(entity: Record) -> Any:
    return shown(entity, type=ENTITY.name)


@area.post("/import/kitsu/projects", access=rules.signed_in, **_records_of(PROJECT))
def import_projects(call: Call) -> Any:
    """Takes productions, from administrators alone."""
    return _taken(call, PROJECT, "projects")


@area.post("/import/kitsu/entities", access=rules.signed_in, **_records_of(ENTITY))
def import_entities(call: Call) -> Any:
    """Takes entities of the sender's productions; those they may not write are left out."""
    return _taken(call, ENTITY, "entities", _show_entity)


@area.post("/import/kitsu/entity-links", access=rules.signed_in, **_records_of(ENTITY_LINK))
def import_links(call: Call) -> Any:
    """Takes links of castings of the sender's productions; those they may not write are left out."""
    return _taken(call, ENTITY_LINK, "entity-links")


@area.post("/import/kitsu/tasks", access=rules.signed_in, **_records_of(TASK))
def import_tasks(call: Call) -> Any:
    """Takes tasks of the sender's productions; those they may not write are left out."""
    return _taken(call, TASK, "tasks")


@area.post("/import/kitsu/comments", access=rules.signed_in, **_records_of(COMMENT))
def import_comments(call: Call) -> Any:
    """Takes comments of the sender's productions; those they may not write are left out."""
    return _taken(call, COMMENT, "comments")
