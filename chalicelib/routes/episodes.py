"""Episodes (docs/contract/entities.md)."""

from collections.abc import Callable
from typing import Any

from chalicelib.access import checks, rules
from chalicelib.access.rules import Asked, Rule
from chalicelib.domain.crud.pagination import truth
from chalicelib.domain.entities import episode_statistics, lists, relations
from chalicelib.domain.entities.kinds import EDIT, EPISODE, SEQUENCE, SHOT, EntityKind
from chalicelib.domain.tasks import by_entity
from chalicelib.http.call import Call
from chalicelib.http.routing import Area
from chalicelib.records.entities import ENTITY
from chalicelib.records.record import Record
from chalicelib.records.tasks import TASK
from chalicelib.routes.answer_schemas import Shape, Shown
from chalicelib.routes.entity_kinds import (
    NewEntity,
    declare_creation,
    declare_lists,
    declare_of_project,
    declare_one,
    one,
    reader,
)
from chalicelib.routes.sequences import not_vendor
from chalicelib.store import keys


class NewEpisode(NewEntity):
    """An episode."""

    status: str | None = None


area = Area("episodes", "What a show is told in.")

declare_lists(area, EPISODE, "")
declare_one(area, EPISODE)
declare_of_project(area, EPISODE)
declare_creation(area, EPISODE, NewEpisode)


def _known_episode(call: Asked) -> None:
    """As for reading; what is no id is an episode without sequences."""
    if keys.is_id(call.params[EPISODE.id_name]):
        reader(EPISODE).check(call)


@area.get(
    "/data/episodes/{episode_id}/sequences",
    access=Rule("project access", _known_episode),
    answer=Shown(ENTITY, many=True),
)
def list_sequences_of_episode(call: Call) -> list[Any]:
    """Lists the sequences of an episode by name; takes filters."""
    episode: Record | None = call.subject
    if episode is None:
        return []
    query = {**call.query, EPISODE.id_name: episode.id}
    found = lists.found(call.caller, SEQUENCE, query, checks.project_of(episode))
    if call.caller.is_vendor:
        return lists.untyped_rows(lists.parents_worked_on(call.caller, SEQUENCE, found))
    return lists.rows(found)


def _declare_contents(kind: EntityKind, found: Callable[[Record], list[Record]]) -> None:
    @area.get(
        f"/data/episodes/{{episode_id}}/{kind.plural}",
        access=one(EPISODE, checks.see_entity, name="entity access"),
        query={"relations": "true adds the lists of ids"},
        answer=Shown(ENTITY, many=True),
        summary=f"Lists of an episode: {kind.plural}.",
    )
    def list_contents(call: Call) -> list[Any]:
        records = lists.by_name(found(call.subject))
        return lists.rows(records, relations.of_many(records) if truth(call.query, "relations") else None)


def _declare_tasks(word: str, tasks: Callable[[Record, bool], list[dict[str, Any]]]) -> None:
    @area.get(
        f"/data/episodes/{{episode_id}}/{word}-tasks",
        access=one(EPISODE, not_vendor, name="project access, no vendors"),
        query={"relations": "true adds the assignees"},
        answer=Shown(TASK, many=True),
        summary=f"Lists of an episode: {word} tasks.",
    )
    def list_tasks(call: Call) -> list[dict[str, Any]]:
        return tasks(call.subject, truth(call.query, "relations"))


_declare_contents(SHOT, lists.shots_of)
_declare_contents(EDIT, lists.edits_of)
_declare_tasks("shot", by_entity.below)
_declare_tasks("asset", by_entity.of_assets)
_declare_tasks("edit", by_entity.of_edits)


@area.get("/data/projects/{project_id}/episodes/stats", access=rules.project_member(), answer=Shape())
def read_statistics(call: Call) -> dict[str, Any]:
    """Counts the tasks in the episodes of a show by task type and status."""
    return episode_statistics.by_status(call.caller, call.subject)


@area.get("/data/projects/{project_id}/episodes/retake-stats", access=rules.project_member(), answer=Shape())
def read_statistics_of_takes(call: Call) -> dict[str, Any]:
    """Counts the tasks in the episodes of a show by task type and outcome, and take by take."""
    return episode_statistics.by_take(call.caller, call.subject)
