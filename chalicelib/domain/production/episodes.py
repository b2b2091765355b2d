"""The first episode of a television show (docs/contract/production.md 4.3, 4.4)."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Final

from chalicelib.access.caller import Caller
from chalicelib.domain.workflow import entity_types
from chalicelib.events.journal import emit
from chalicelib.records.entities import ENTITY, ENTITY_TYPE
from chalicelib.records.record import Record
from chalicelib.store import keys, reads, reference
from chalicelib.store.changes import Changes

# Most shows have a running episode among the first few.
_PAGE: Final = 20


def is_show(project: Record) -> bool:
    """Whether a production is told in episodes."""
    return bool(project["production_type"] == "tvshow")


def first_episode_id(project_id: str) -> str | None:
    """The first episode by name among those with status `running`, else the first by name; None without any."""
    kind = reference.named(ENTITY_TYPE, "Episode")
    if kind is None:
        return None
    first: Record | None = None
    home = keys.home_of_owner(project_id)
    for page in reads.pages_of(ENTITY, home, "entity_type_id", ("^", f"{kind.id}#"), limit=_PAGE):
        for episode in reads.records_of(ENTITY, page):
            if episode["status"] == "running":
                return episode.id
            first = first or episode
    return first.id if first else None


def first_episode_ids(projects: Iterable[Record]) -> Mapping[str, str]:
    """The first episodes of the shows among these productions, by production; side by side."""
    shows = [project.id for project in projects if is_show(project)]
    found = reads.parallel([partial(first_episode_id, project_id) for project_id in shows])
    return {project_id: episode_id for project_id, episode_id in zip(shows, found, strict=True) if episode_id}


def make_first(changes: Changes, caller: Caller, project: Record, name: str) -> Record:
    """Adds the first episode of a show to a command; the entity type has to be there (`entity_types.temporal`)."""
    episode = changes.create(
        ENTITY,
        {
            "name": name,
            "description": "",
            "data": {},
            "status": "running",
            "project_id": project.id,
            "entity_type_id": entity_types.temporal("Episode").id,
            "created_by": caller.id,
            "type": "Episode",
        },
    )
    emit(changes, "episode:new", project.id, episode_id=episode.id)
    return episode
