"""The generic CRUD of comments (docs/contract/tasks.md 6.6 to 6.8)."""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.access import comments as access
from chalicelib.access.caller import Caller
from chalicelib.domain.comments import deletion, presentation, update
from chalicelib.domain.comments.validation import checked
from chalicelib.domain.crud.collection import Collection
from chalicelib.domain.crud.pagination import truth
from chalicelib.errors import Invalid
from chalicelib.events.journal import emit
from chalicelib.records.record import Record, plain
from chalicelib.records.tasks import COMMENT, TASK
from chalicelib.store import reads
from chalicelib.store.changes import Changes


class Comments(Collection):
    """`/data/comments`: listed and made by admins; read, changed and deleted by those whom the thread is for."""

    kind = COMMENT
    malformed_read = 404

    def may_read(self, caller: Caller, record: Record) -> None:
        """Comment access."""
        access.see_comment(caller, access.task_of(record), record)

    def show(self, caller: Caller, record: Record, relations: bool) -> Any:
        """The row, or with its lists of ids."""
        del caller
        return presentation.with_relations(record) if relations else plain(record)

    def read(self, caller: Caller, record: Record, query: Mapping[str, str]) -> Any:
        """One comment; its attachments in short form."""
        self.may_read(caller, record)
        return presentation.full(record) if truth(query, "relations", default=True) else plain(record)

    def new_values(self, caller: Caller, values: dict[str, Any]) -> dict[str, Any]:
        """A comment is made on a task that exists."""
        del caller
        if values["object_type"] != TASK.name or reads.find(TASK, values["object_id"]) is None:
            raise Invalid("There is no such task.", "object_id", "the id of a task, with object_type Task")
        values.pop("attachment_files", None)
        return checked(values)

    def created(self, changes: Changes, caller: Caller, record: Record) -> None:
        """Its event alone: the task is not touched."""
        del caller
        task = changes.read(TASK, record["object_id"])
        emit(changes, "comment:new", task["project_id"], record, comment_id=record.id)

    def change(self, caller: Caller, record: Record, body: Mapping[str, Any]) -> Record:
        """See `editing.change`."""
        return update.change(caller, record, access.task_of(record), body)

    def delete(self, caller: Caller, record: Record, query: Mapping[str, str]) -> None:
        """Managers of the production, and the author; what belongs to the comment goes along."""
        del query
        task = access.task_of(record)
        access.own_comment(caller, task, record)
        deletion.remove(task, record)


COLLECTIONS: Final[tuple[Collection, ...]] = (Comments(),)
