"""What is read of another Kitsu, by which route; docs/contract says of each who may read it and what it answers."""

from dataclasses import dataclass, field
from typing import Any, Final

from chalicelib.records.entities import ASSET_INSTANCE, ENTITY, ENTITY_LINK, ENTITY_TYPE
from chalicelib.records.fields import Kind
from chalicelib.records.files import (
    ATTACHMENT_FILE,
    FILE_STATUS,
    OUTPUT_FILE,
    OUTPUT_TYPE,
    PLAYLIST,
    PREVIEW_BACKGROUND_FILE,
    PREVIEW_FILE,
    SOFTWARE,
    WORKING_FILE,
)
from chalicelib.records.people import (
    CUSTOM_ACTION,
    DAY_OFF,
    DEPARTMENT,
    ORGANISATION,
    PERSON,
    SALARY_SCALE,
    SEARCH_FILTER,
    SEARCH_FILTER_GROUP,
    STUDIO,
    SUBSCRIPTION,
)
from chalicelib.records.production import (
    METADATA_DESCRIPTOR,
    MILESTONE,
    PROJECT,
    PROJECT_STATUS,
    SCHEDULE_ITEM,
    STATUS_AUTOMATION,
    TASK_STATUS,
    TASK_TYPE,
)
from chalicelib.records.tasks import COMMENT, NEWS, TASK, TIME_SPENT


@dataclass(frozen=True)
class List:
    """A list of records: its route, and what is asked for besides the page; `{project_id}` is the production's."""

    kind: Kind
    path: str
    query: dict[str, Any] = field(default_factory=dict)

    @property
    def is_needed(self) -> bool:
        """Whether nothing can be moved without it; another version may lack any other one."""
        return self.kind in _NEEDED

    def of(self, project_id: str) -> "List":
        """The same for a production."""
        query = {name: value.format(project_id=project_id) for name, value in self.query.items()}
        return List(self.kind, self.path.format(project_id=project_id), query)


_NEEDED: Final = (ENTITY_TYPE, PERSON, PROJECT, PROJECT_STATUS, TASK_STATUS, TASK_TYPE, ENTITY, TASK, COMMENT)
_WHOLE: Final = {"relations": "true"}
_OF_PROJECT: Final = {"project_id": "{project_id}"}

# What the whole studio shares (docs/contract/production.md section 2, people.md section 5).
STUDIO_LISTS: Final = (
    List(ORGANISATION, "/data/organisations"),
    List(DEPARTMENT, "/data/departments"),
    List(STUDIO, "/data/studios"),
    List(PROJECT_STATUS, "/data/project-status"),
    List(TASK_STATUS, "/data/task-status"),
    List(TASK_TYPE, "/data/task-types"),
    List(ENTITY_TYPE, "/data/entity-types", _WHOLE),
    List(STATUS_AUTOMATION, "/data/status-automations"),
    List(PREVIEW_BACKGROUND_FILE, "/data/preview-background-files"),
    List(SOFTWARE, "/data/softwares"),
    List(OUTPUT_TYPE, "/data/output-types"),
    List(FILE_STATUS, "/data/file-status"),
    List(CUSTOM_ACTION, "/data/custom-actions"),
    List(PERSON, "/data/persons", _WHOLE),
    List(PROJECT, "/data/projects", _WHOLE),
)

# What belongs to one production and lives there.
PROJECT_LISTS: Final = (
    List(METADATA_DESCRIPTOR, "/data/metadata-descriptors", _WHOLE | _OF_PROJECT),
    List(ENTITY, "/data/entities", _WHOLE | _OF_PROJECT),
    List(ENTITY_LINK, "/data/projects/{project_id}/entity-links"),
    List(TASK, "/data/tasks", _WHOLE | _OF_PROJECT),
    List(ATTACHMENT_FILE, "/data/projects/{project_id}/attachment-files"),
    List(COMMENT, "/data/projects/{project_id}/comments"),
    List(PREVIEW_FILE, "/data/projects/{project_id}/preview-files"),
    List(NEWS, "/data/projects/{project_id}/news"),
    List(TIME_SPENT, "/data/projects/{project_id}/time-spents"),
    List(PLAYLIST, "/data/projects/{project_id}/playlists/all"),
    List(MILESTONE, "/data/milestones", _OF_PROJECT),
    List(SCHEDULE_ITEM, "/data/schedule-items", _OF_PROJECT),
)
BUDGETS: Final = "/data/projects/{project_id}/budgets"
BUDGET_ENTRIES: Final = "/data/projects/{project_id}/budgets/{budget_id}/entries"

# Lists of the whole studio whose records live with a production or a person.
SCATTERED_LISTS: Final = (
    List(SUBSCRIPTION, "/data/subscriptions"),
    List(ASSET_INSTANCE, "/data/asset-instances", _WHOLE),
    List(WORKING_FILE, "/data/working-files"),
    List(OUTPUT_FILE, "/data/output-files"),
    List(DAY_OFF, "/data/day-offs"),
    List(SALARY_SCALE, "/data/salary-scales"),
    List(SEARCH_FILTER_GROUP, "/data/search-filter-groups"),
    List(SEARCH_FILTER, "/data/search-filters"),
)
