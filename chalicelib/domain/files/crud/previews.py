"""The generic CRUD of preview files (docs/contract/files.md 6.7)."""

from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.access import checks
from chalicelib.access import previews as access
from chalicelib.access.caller import Caller
from chalicelib.domain.crud.collection import Collection
from chalicelib.domain.files import previews
from chalicelib.errors import Forbidden
from chalicelib.events.journal import emit
from chalicelib.records.files import PREVIEW_FILE
from chalicelib.records.record import Record, shown
from chalicelib.records.tasks import TASK
from chalicelib.store import reads
from chalicelib.store.changes import Changes


class PreviewFiles(Collection):
    """`/data/preview-files`: everybody sees those of their productions, vendors those of their tasks."""

    kind = PREVIEW_FILE

    def may_list(self, caller: Caller) -> None:
        """Everyone; each sees their own."""

    def visible(self, caller: Caller, records: Iterable[Record]) -> Iterable[Record]:
        """Of a vendor: those of the tasks assigned to them."""
        if not caller.is_vendor:
            return records
        assigned = checks.assigned_tasks(caller)
        return [record for record in records if record["task_id"] in assigned]

    def may_read(self, caller: Caller, record: Record) -> None:
        """The team; a vendor needs the task itself."""
        access.see_preview(caller, record)
        if caller.is_vendor and record["task_id"] not in checks.assigned_tasks(caller):
            raise Forbidden("This task is not assigned to you.")

    def may_change(self, caller: Caller, record: Record, values: Mapping[str, Any]) -> None:
        """Managers of the team, and who is assigned to the task."""
        del values
        access.see_preview(caller, record)
        if not caller.is_manager and caller.id not in access.task_of(record)["assignees"]:
            raise Forbidden("You are not assigned to this task.")

    def may_delete(self, caller: Caller, record: Record) -> None:
        """Managers of the team."""
        access.manage_preview(caller, record)

    def created(self, changes: Changes, caller: Caller, record: Record) -> None:
        """Its event."""
        del caller
        self._tell(changes, record, "new")

    def changed(self, changes: Changes, caller: Caller, old: Record, new: Record) -> None:
        """Its event."""
        del caller, old
        self._tell(changes, new, "update")

    @staticmethod
    def _tell(changes: Changes, record: Record, verb: str) -> None:
        task = reads.find(TASK, record["task_id"] or "")
        project_id = task["project_id"] if task else None
        emit(changes, f"preview-file:{verb}", project_id, record, preview_file_id=record.id)

    def delete(self, caller: Caller, record: Record, query: Mapping[str, str]) -> None:
        """Comments, news, task and entity let go of it; its files go, too.

        `force` asked for that once; the bucket keeps what is deleted for a while anyway (docs/operations.md).
        """
        del query
        self.may_delete(caller, record)
        previews.remove(record)

    def show(self, caller: Caller, record: Record, relations: bool) -> Any:
        """A broken one tells why, where it is read alone."""
        if relations and record["status"] == "broken":
            return shown(record, True, failure=record.get("failure"))
        return super().show(caller, record, relations)
