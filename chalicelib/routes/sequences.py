"""Sequences (docs/contract/entities.md)."""

from typing import Any

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.domain.crud.pagination import truth
from chalicelib.domain.entities import lists
from chalicelib.domain.entities.kinds import SEQUENCE, SHOT
from chalicelib.domain.tasks import by_entity
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.records.entities import ENTITY
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.routes.answer_schemas import Shown
from chalicelib.routes.entity_kinds import (
    NewEntity,
    declare_creation,
    declare_lists,
    declare_of_project,
    declare_one,
    one,
    reader,
)


class NewSequence(NewEntity):
    """A sequence, of an episode in shows."""

    episode_id: str | None = None


area = Area("sequences", "What shots are in.")

declare_lists(area, SEQUENCE, "")
declare_one(area, SEQUENCE)
declare_of_project(area, SEQUENCE)
declare_creation(area, SEQUENCE, NewSequence)


def not_vendor(caller: Caller, entity: Record) -> None:
    """Project access, but no vendors: they see tasks of theirs alone."""
    checks.see_entity(caller, entity)
    checks.not_vendor(caller)


@area.get("/data/sequences/{sequence_id}/shots", access=reader(SEQUENCE), answer=Shown(ENTITY, many=True))
def list_shots_of_sequence(call: Call) -> list[Any]:
    """Lists the shots of a sequence by name; takes filters."""
    sequence: Record = call.subject
    query = {**call.query, "sequence_id": sequence.id}
    return lists.named_rows(SHOT, lists.found(call.caller, SHOT, query, checks.project_of(sequence)))


@area.get(
    "/data/sequences/{sequence_id}/shot-tasks",
    access=one(SEQUENCE, not_vendor, name="project access, no vendors"),
    query={"relations": "true adds the assignees"},
    answer=Shown(TASK, many=True),
)
def list_shot_tasks_of_sequence(call: Call) -> list[dict[str, Any]]:
    """Lists the tasks of what is in a sequence."""
    return by_entity.below(call.subject, truth(call.query, "relations"))
