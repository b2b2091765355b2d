"""The kinds a studio works with, each with its own rules (docs/contract/production.md 2.6 and section 10)."""

from functools import partial

from chalicelib.access import checks
from chalicelib.access.caller import Caller
from chalicelib.domain.crud.collection import StudioCollection
from chalicelib.domain.crud.uniqueness import take_default, take_name
from chalicelib.domain.dependents import stored_objects
from chalicelib.events.journal import emit
from chalicelib.records.entities import ENTITY_TYPE
from chalicelib.records.files import FILE_STATUS, OUTPUT_TYPE, PREVIEW_BACKGROUND_FILE, SOFTWARE
from chalicelib.records.production import PROJECT_STATUS, STATUS_AUTOMATION, TASK_STATUS, TASK_TYPE
from chalicelib.records.record import Record
from chalicelib.store import objects
from chalicelib.store.changes import Changes


class ProjectStatuses(StudioCollection):
    """`/data/project-status`."""

    kind = PROJECT_STATUS


class TaskTypes(StudioCollection):
    """`/data/task-types`: a name is taken whatever the kind of entity."""

    kind = TASK_TYPE

    def created(self, changes: Changes, caller: Caller, record: Record) -> None:
        """Refuses a name that exists."""
        super().created(changes, caller, record)
        take_name(changes, record)

    def changed(self, changes: Changes, caller: Caller, old: Record, new: Record) -> None:
        """Refuses a name that another one has; its own may be sent again."""
        super().changed(changes, caller, old, new)
        if new["name"] != old["name"]:
            take_name(changes, new)


class TaskStatuses(StudioCollection):
    """`/data/task-status`: one default for tasks, one for concepts."""

    kind = TASK_STATUS

    def created(self, changes: Changes, caller: Caller, record: Record) -> None:
        """A new default takes the place of the old one."""
        super().created(changes, caller, record)
        take_default(changes, record, among="for_concept")

    def changed(self, changes: Changes, caller: Caller, old: Record, new: Record) -> None:
        """A new default takes the place of the old one."""
        super().changed(changes, caller, old, new)
        take_default(changes, new, among="for_concept")


class EntityTypes(StudioCollection):
    """`/data/entity-types`: answers to writes carry the task types; events are named `asset-type:*`."""

    kind = ENTITY_TYPE
    writes_show_relations = True

    def created(self, changes: Changes, caller: Caller, record: Record) -> None:
        """Its event; refuses a name that exists, in any case."""
        del caller
        emit(changes, "asset-type:new", asset_type_id=record.id)
        take_name(changes, record, any_case=True)

    def changed(self, changes: Changes, caller: Caller, old: Record, new: Record) -> None:
        """Its event."""
        del caller, old
        emit(changes, "asset-type:update", asset_type_id=new.id)

    def deleted(self, changes: Changes, caller: Caller, record: Record) -> None:
        """Its event."""
        del caller
        emit(changes, "asset-type:delete", asset_type_id=record.id)


class StatusAutomations(StudioCollection):
    """`/data/status-automations/`: the list is for all but vendors, one for admins."""

    kind = STATUS_AUTOMATION

    def may_list(self, caller: Caller) -> None:
        """All but vendors."""
        checks.not_vendor(caller)

    def may_read(self, caller: Caller, record: Record) -> None:
        """Admins."""
        del record
        checks.administer(caller)


class PreviewBackgroundFiles(StudioCollection):
    """`/data/preview-background-files`: names are unique, one alone is the default."""

    kind = PREVIEW_BACKGROUND_FILE

    def created(self, changes: Changes, caller: Caller, record: Record) -> None:
        """Refuses a name that exists; a new default takes the place of the old one."""
        super().created(changes, caller, record)
        take_name(changes, record)
        take_default(changes, record)

    def changed(self, changes: Changes, caller: Caller, old: Record, new: Record) -> None:
        """Refuses the name of another one; a new default takes the place of the old one."""
        super().changed(changes, caller, old, new)
        if new["name"] != old["name"]:
            take_name(changes, new)
        take_default(changes, new)

    def deleted(self, changes: Changes, caller: Caller, record: Record) -> None:
        """Its stored files go with it."""
        super().deleted(changes, caller, record)
        changes.afterwards(partial(objects.discard, stored_objects.of(record)))


class FileStatuses(StudioCollection):
    """`/data/file-status/`."""

    kind = FILE_STATUS


class Softwares(StudioCollection):
    """`/data/softwares`: an id that is none is not found."""

    kind = SOFTWARE
    malformed_read = 404


class OutputTypes(StudioCollection):
    """`/data/output-types`: an id that is none is not found."""

    kind = OUTPUT_TYPE
    malformed_read = 404
