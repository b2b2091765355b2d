"""The generic collections of this area."""

from typing import Final

from chalicelib.domain.collection.base import Collection
from chalicelib.domain.events import ApiEvents
from chalicelib.domain.production import kept_in_projects, studio_kinds
from chalicelib.domain.production.projects import Projects

COLLECTIONS: Final[tuple[Collection, ...]] = (
    Projects(),
    studio_kinds.ProjectStatuses(),
    studio_kinds.TaskTypes(),
    studio_kinds.TaskStatuses(),
    studio_kinds.EntityTypes(),
    studio_kinds.StatusAutomations(),
    studio_kinds.PreviewBackgroundFiles(),
    studio_kinds.FileStatuses(),
    studio_kinds.Softwares(),
    studio_kinds.OutputTypes(),
    kept_in_projects.MetadataDescriptors(),
    kept_in_projects.Milestones(),
    kept_in_projects.ScheduleItems(),
    ApiEvents(),
)
