"""Productions in full: with what is set on them, as clients show them (docs/contract/production.md 4.4)."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.domain.production import descriptors, episodes, projects
from chalicelib.domain.workflow import project_links
from chalicelib.records import names
from chalicelib.records.record import Record, shown

_DESCRIPTOR_FIELDS: Final = (
    "id",
    "name",
    "field_name",
    "data_type",
    "choices",
    "for_client",
    "entity_type",
    "departments",
)


def open_projects(caller: Caller, name: str | None = None) -> list[dict[str, Any]]:
    """The open productions a caller is in (an admin: all) in full, by name; `name`: only the one of that very name."""
    found = _open(caller, name)
    return full_projects(caller, found, episodes.first_episode_ids(found))


def full_projects(caller: Caller, found: Sequence[Record], first_episodes: Mapping[str, str]) -> list[dict[str, Any]]:
    """Productions with lists of ids, descriptors, priorities, boards; of shows the first one of `first_episodes`."""
    full = []
    for project in found:
        columns = descriptors.visible(caller, descriptors.of_project(project))
        more: dict[str, Any] = {
            "descriptors": [{name: column[name] for name in _DESCRIPTOR_FIELDS} for column in columns],
            "task_types_priority": project_links.task_type_priorities(project),
            "task_statuses_link": project_links.task_status_settings(project),
        }
        if project.id in first_episodes:
            more["first_episode_id"] = first_episodes[project.id]
        full.append(shown(project, relations=True, **more))
    return full


def _open(caller: Caller, name: str | None = None) -> list[Record]:
    found = projects.by_name(checks.projects_of(caller))
    if name is None:
        return found
    return [project for project in found if names.normal(project["name"]) == names.normal(name)]
