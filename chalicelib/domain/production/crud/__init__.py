"""The generic CRUD of the kinds of this area."""

from typing import Final

from chalicelib.domain.crud.collection import Collection
from chalicelib.domain.production.crud.project_kinds import MetadataDescriptors, Milestones, ScheduleItems
from chalicelib.domain.production.crud.projects import Projects
from chalicelib.domain.production.crud.studio_kinds import (
    EntityTypes,
    FileStatuses,
    OutputTypes,
    PreviewBackgroundFiles,
    ProjectStatuses,
    Softwares,
    StatusAutomations,
    TaskStatuses,
    TaskTypes,
)

COLLECTIONS: Final[tuple[Collection, ...]] = (
    MetadataDescriptors(),
    Milestones(),
    ScheduleItems(),
    Projects(),
    ProjectStatuses(),
    TaskTypes(),
    TaskStatuses(),
    EntityTypes(),
    StatusAutomations(),
    PreviewBackgroundFiles(),
    FileStatuses(),
    Softwares(),
    OutputTypes(),
)
