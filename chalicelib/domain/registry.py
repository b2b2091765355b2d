"""The generic CRUD of all record kinds, of all areas."""

from typing import Final

from chalicelib.domain.chats.crud import ChatMessages, Chats
from chalicelib.domain.comments.crud import Comments
from chalicelib.domain.crud.collection import Collection
from chalicelib.domain.entities.crud import AssetInstances, Entities, EntityLinks
from chalicelib.domain.files.crud.attachments import AttachmentFiles
from chalicelib.domain.files.crud.pipeline_files import OutputFiles, WorkingFiles
from chalicelib.domain.files.crud.previews import PreviewFiles
from chalicelib.domain.journal.crud import ApiEvents
from chalicelib.domain.news.crud import NewsRecords
from chalicelib.domain.notifications.crud import Notifications, Subscriptions
from chalicelib.domain.people.crud import studio
from chalicelib.domain.people.crud.days_off import DaysOff
from chalicelib.domain.people.crud.persons import People
from chalicelib.domain.playlists.crud import Playlists
from chalicelib.domain.production.crud import project_kinds, studio_kinds
from chalicelib.domain.production.crud.projects import Projects
from chalicelib.domain.saved_searches.crud import SearchFilterGroups, SearchFilters
from chalicelib.domain.tasks.crud.tasks import Tasks
from chalicelib.domain.tasks.crud.time_spents import TimeSpents

COLLECTIONS: Final[tuple[Collection, ...]] = (
    People(),
    studio.Departments(),
    studio.Studios(),
    studio.Organisations(),
    studio.CustomActions(),
    studio.Plugins(),
    studio.SalaryScales(),
    DaysOff(),
    SearchFilters(),
    SearchFilterGroups(),
    Subscriptions(),
    Notifications(),
    Chats(),
    ChatMessages(),
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
    project_kinds.MetadataDescriptors(),
    project_kinds.Milestones(),
    project_kinds.ScheduleItems(),
    ApiEvents(),
    Entities(),
    EntityLinks(),
    AssetInstances(),
    Tasks(),
    Comments(),
    NewsRecords(),
    TimeSpents(),
    PreviewFiles(),
    AttachmentFiles(),
    WorkingFiles(),
    OutputFiles(),
    Playlists(),
)
ALL: Final[dict[str, Collection]] = {collection.kind.table: collection for collection in COLLECTIONS}
