"""What a client starts with: the context of a user (docs/contract/people.md section 10).

All of it is reference data, held in the container; what has to be read (the first episodes of shows, unread
notifications) is read side by side.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.domain.notifications import lists as notifications
from chalicelib.domain.people import presentation
from chalicelib.domain.production import episodes, projects
from chalicelib.domain.production.full_projects import full_projects
from chalicelib.domain.saved_searches import lists as saved_searches
from chalicelib.domain.workflow import entity_types
from chalicelib.records.entities import ENTITY_TYPE
from chalicelib.records.fields import Kind
from chalicelib.records.files import PREVIEW_BACKGROUND_FILE
from chalicelib.records.people import (
    CUSTOM_ACTION,
    DEPARTMENT,
    PERSON,
    SEARCH_FILTER,
    SEARCH_FILTER_GROUP,
    STUDIO,
)
from chalicelib.records.production import (
    METADATA_DESCRIPTOR,
    PROJECT,
    PROJECT_STATUS,
    PROJECT_TASK_STATUS_LINK,
    PROJECT_TASK_TYPE_LINK,
    STATUS_AUTOMATION,
    TASK_STATUS,
    TASK_TYPE,
)
from chalicelib.records.record import plain
from chalicelib.settings import current
from chalicelib.store import reads, reference

# Kinds that everybody may see whole, by their key in the context.
_FOR_ALL: Final[Mapping[str, Kind]] = {
    "departments": DEPARTMENT,
    "preview_background_files": PREVIEW_BACKGROUND_FILE,
    "project_status": PROJECT_STATUS,
    "studios": STUDIO,
    "task_status": TASK_STATUS,
    "task_types": TASK_TYPE,
}
# Kinds whose list is closed to vendors (section 3).
_NOT_FOR_VENDORS: Final[Mapping[str, Kind]] = {
    "custom_actions": CUSTOM_ACTION,
    "status_automations": STATUS_AUTOMATION,
}


# What a context is made of: after a change of any of it, all that may have changed is asked for side by side.
_KINDS: Final = (
    *_FOR_ALL.values(),
    *_NOT_FOR_VENDORS.values(),
    ENTITY_TYPE,
    METADATA_DESCRIPTOR,
    PERSON,
    PROJECT,
    PROJECT_TASK_STATUS_LINK,
    PROJECT_TASK_TYPE_LINK,
    SEARCH_FILTER,
    SEARCH_FILTER_GROUP,
)


def user_context(caller: Caller) -> dict[str, Any]:
    """Everything a client shows before anything else (docs/contract/people.md section 10)."""
    reads.parallel([partial(reference.every, kind) for kind in _KINDS])
    found = projects.by_name(checks.projects_of(caller))
    shows = [project for project in found if episodes.is_show(project)]
    queries: list[Callable[[], Any]] = [partial(notifications.unread_count, caller)]
    queries += [partial(episodes.first_episode_id, show.id) for show in shows]
    unread, *firsts = reads.parallel(queries)
    first_episodes = {show.id: first for show, first in zip(shows, firsts, strict=True) if first}
    context: dict[str, Any] = {
        "asset_types": [entity_types.as_asset_type(one) for one in entity_types.asset_types()],
        "notification_count": unread,
        "persons": [presentation.for_caller(caller, person) for person in reference.every(PERSON).values()],
        "projects": full_projects(caller, found, first_episodes),
        "search_filters": saved_searches.filters_of(caller),
        "search_filter_groups": saved_searches.groups_of(caller),
        **{name: _whole(kind) for name, kind in _FOR_ALL.items()},
        **{name: [] if caller.is_vendor else _whole(kind) for name, kind in _NOT_FOR_VENDORS.items()},
    }
    if caller.is_admin:
        context["user_limit"] = current().person_limit
    return context


def _whole(kind: Kind) -> list[Any]:
    return [plain(record) for record in reference.every(kind).values()]
